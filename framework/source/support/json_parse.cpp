// SPDX-License-Identifier: Apache-2.0
#include "json_parse.hpp"

#include <retort/framework/error.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/stream_parser.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <vector>

namespace retort::framework {

namespace json = boost::json;

namespace {

constexpr std::size_t max_depth = 64;

struct Position {
    std::size_t line;
    std::size_t column;
};

Position position_of(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t newline = before.rfind('\n');
    return {static_cast<std::size_t>(lines) + 1, newline == before.npos ? offset + 1 : offset - newline};
}

std::string place(const std::string &name, Position position) {
    return name + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

/// Length of the UTF-8 character at `offset`; 0 if there is none.
std::size_t character_size(std::string_view text, std::size_t offset) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(offset);
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
    for (std::size_t i = 1; i < size; ++i)
        if (offset + i >= text.size() || (byte(offset + i) & 0xC0U) != 0x80)
            return 0;
    return size;
}

/// What stands at `offset`, for a message.
std::string found_at(std::string_view text, std::size_t offset) {
    if (offset >= text.size())
        return "the end of the text";
    const auto byte = static_cast<unsigned char>(text[offset]);
    const std::size_t size = character_size(text, offset);
    if (byte < 0x20 || byte == 0x7F || size == 0) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        return std::string("byte 0x") + digits[byte / 16] + digits[byte % 16];
    }
    return "'" + std::string(text.substr(offset, size)) + "'";
}

/// Whether `offset` lies between the quotes of a string.
bool in_string(std::string_view text, std::size_t offset) {
    bool inside = false;
    for (std::size_t i = 0; i < offset; ++i)
        if (text[i] == '"')
            inside = !inside;
        else if (inside && text[i] == '\\')
            ++i;
    return inside;
}

/// What JSON allows at `offset`, after what stands before it.
std::string allowed_at(std::string_view text, std::size_t offset) {
    if (character_size(text, offset) == 0)
        return "text in UTF-8";
    if (in_string(text, offset))
        return R"(characters from the space on, and \n, \t, \", \\, \u0000 for the others)";
    const std::size_t last = text.substr(0, offset).find_last_not_of(" \t\r\n");
    switch (last == text.npos ? '\0' : text[last]) {
    case '\0': return "an object";
    case ':': return "a value";
    case '{': return "a key in double quotes, or '}'";
    case '[': return "a value, or ']'";
    case ',': return "another element";
    case '"':
        if (text[offset] != ':') // which is not allowed where it was found: the text before it is a value
            return "':' after a key, ',' or an end after a value";
        [[fallthrough]];
    default: return "',' or an end after a value";
    }
}

std::string syntax_message(std::string_view text, std::size_t offset, const json::error_code &code) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (code == json::error::too_deep)
        return "nested too deeply; allowed: " + std::to_string(max_depth) + " levels";
    if (offset >= text.size())
        return "the text ends before the JSON value does";
    if (offset < byte_order_mark.size() && text.starts_with(byte_order_mark))
        return "found a byte order mark; allowed: UTF-8 without one";
    const std::string found = found_at(text, offset);
    if (code == json::error::extra_data)
        return "found " + found + " after the end of the JSON value";
    const std::size_t last = text.substr(0, offset).find_last_not_of(" \t\r\n");
    const bool closes = text[offset] == '}' || text[offset] == ']';
    if (closes && last != text.npos && text[last] == ',')
        return "found " + found + " after a comma; allowed: another element, or no comma";
    return "found " + found + "; allowed: " + allowed_at(text, offset);
}

/// Walks over text that is known to be valid JSON, for what the parser does not tell: keys that stand twice in their
/// object, and the numbers as they are written.
class Tokens {
  public:
    Tokens(std::string_view text, const std::string &name) : text_(text), name_(name) {}

    void walk() {
        std::size_t at = 0;
        while (at < text_.size())
            at = visit(at);
    }

    /// Replaces every real number in `value`, the parsed text, by the nearest to what is written (the parser is off by
    /// one bit in one of ten).
    void correct_reals(json::value &value) {
        if (auto *object = value.if_object()) {
            for (auto &member : *object)
                correct_reals(member.value());
        } else if (auto *array = value.if_array()) {
            for (json::value &element : *array)
                correct_reals(element);
        } else if (value.is_number()) {
            const std::string_view written = numbers_[corrected_++];
            if (value.is_double())
                correct_real(written, value.get_double());
        }
    }

    [[nodiscard]] std::vector<Problem> &problems() { return problems_; }

  private:
    using Keys = std::map<std::string, std::size_t>; // and where each stood first

    /// Offset of what follows the token at `at`.
    std::size_t visit(std::size_t at) {
        switch (text_[at]) {
        case '{':
        case '[': open_.emplace_back(); return at + 1;
        case '}':
        case ']': open_.pop_back(); return at + 1;
        case '"': return visit_string(at);
        default: return visit_plain(at);
        }
    }

    std::size_t visit_plain(std::size_t begin) {
        const std::size_t end = std::min(text_.find_first_of(" \t\r\n,:{}[]\"", begin), text_.size());
        if (begin == end)
            return begin + 1;
        if (text_[begin] == '-' || (text_[begin] >= '0' && text_[begin] <= '9'))
            numbers_.push_back(text_.substr(begin, end - begin));
        return end;
    }

    std::size_t visit_string(std::size_t begin) {
        std::size_t end = begin + 1;
        while (text_[end] != '"')
            end += text_[end] == '\\' ? 2 : 1;
        ++end;
        const std::size_t next = text_.find_first_not_of(" \t\r\n", end);
        if (next != text_.npos && text_[next] == ':')
            visit_key(begin, text_.substr(begin, end - begin));
        return end;
    }

    void visit_key(std::size_t begin, std::string_view quoted) {
        const std::string key(json::parse({quoted.data(), quoted.size()}).get_string());
        const auto [first, added] = open_.back().try_emplace(key, begin);
        if (!added)
            problems_.push_back({place(name_, position_of(text_, begin)),
                                 "the key \"" + key + "\" stands twice in this object; first in line " +
                                     std::to_string(position_of(text_, first->second).line)});
    }

    void correct_real(std::string_view written, double &value) {
        std::from_chars(written.data(), written.data() + written.size(), value); // keeps the value on underflow
        if (!std::isfinite(value))
            problems_.push_back(
                {place(name_, position_of(text_, static_cast<std::size_t>(written.data() - text_.data()))),
                 "the number " + std::string(written) + " is too large; allowed: up to 1e308"});
    }

    std::string_view text_;
    const std::string &name_;
    std::vector<Keys> open_;
    std::vector<std::string_view> numbers_;
    std::size_t corrected_ = 0;
    std::vector<Problem> problems_;
};

json::value parse_syntax(std::string_view text, std::size_t &offset, json::error_code &code) {
    json::parse_options options;
    options.max_depth = max_depth;
    json::stream_parser parser({}, options);
    offset = parser.write_some(text.data(), text.size(), code);
    if (!code && text.find_first_not_of(" \t\r\n", offset) != text.npos)
        code = json::error::extra_data;
    if (!code)
        parser.finish(code);
    return code ? json::value() : parser.release();
}

} // namespace

json::value parse_json(std::string_view text, const std::string &name) {
    std::size_t offset = 0;
    json::error_code code;
    json::value value = parse_syntax(text, offset, code);
    if (code)
        throw Error(ErrorCode::manifest, place(name, position_of(text, offset)), syntax_message(text, offset, code));
    Tokens tokens(text, name);
    tokens.walk();
    if (tokens.problems().empty()) // else the parser left out values
        tokens.correct_reals(value);
    if (!tokens.problems().empty())
        throw Error(ErrorCode::manifest, std::move(tokens.problems()));
    return value;
}

bool is_json(std::string_view text) {
    std::size_t offset = 0;
    json::error_code code;
    (void)parse_syntax(text, offset, code);
    return !code;
}

} // namespace retort::framework
