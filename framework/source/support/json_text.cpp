// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/json_text.hpp>

#include <boost/json/serialize.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace retort::framework {

namespace json = boost::json;

namespace {

constexpr std::size_t line_width = 120;

template <class Number> std::string number_text(Number number) {
    std::array<char, 32> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return {buffer.data(), result.ptr};
}

std::string real_text(double number) {
    if (!std::isfinite(number))
        return "null";
    return number == 0.0 && std::signbit(number) ? "-0.0" : number_text(number); // "-0" would be read as a whole number
}

std::string scalar_text(const json::value &value) {
    switch (value.kind()) {
    case json::kind::double_: return real_text(value.get_double());
    case json::kind::int64: return number_text(value.get_int64());
    case json::kind::uint64: return number_text(value.get_uint64());
    case json::kind::bool_: return value.get_bool() ? "true" : "false";
    case json::kind::string: return json::serialize(value.get_string());
    default: return "null";
    }
}

std::string line_text(const json::value &value) {
    std::string text;
    if (const auto *object = value.if_object()) {
        for (const auto &[key, member] : *object)
            text += (text.empty() ? "" : ", ") + json::serialize(key) + ": " + line_text(member);
        return "{" + text + "}";
    }
    if (const auto *array = value.if_array()) {
        for (const json::value &element : *array)
            text += (text.empty() ? "" : ", ") + line_text(element);
        return "[" + text + "]";
    }
    return scalar_text(value);
}

/// `indent`: of the line on which the value begins; `used`: columns of that line already taken.
std::string pretty_text(const json::value &value, const std::string &indent, std::size_t used) {
    std::string line = line_text(value);
    const bool top = used == 0;
    if (!value.is_structured() || (!top && used + line.size() <= line_width))
        return line;
    const std::string inner = indent + "  ";
    std::string text;
    const auto add = [&](const std::string &start, const json::value &member) {
        text += (text.empty() ? "\n" : ",\n") + start + pretty_text(member, inner, start.size());
    };
    if (const auto *object = value.if_object()) {
        for (const auto &[key, member] : *object)
            add(inner + json::serialize(key) + ": ", member);
        return text.empty() ? "{}" : "{" + text + "\n" + indent + "}";
    }
    for (const json::value &element : value.get_array())
        add(inner, element);
    return text.empty() ? "[]" : "[" + text + "\n" + indent + "]";
}

} // namespace

std::string to_text(const json::value &value, JsonLayout layout) {
    return layout == JsonLayout::line ? line_text(value) : pretty_text(value, "", 0) + "\n";
}

} // namespace retort::framework
