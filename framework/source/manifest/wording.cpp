// SPDX-License-Identifier: Apache-2.0
#include "wording.hpp"

#include <retort/framework/json_text.hpp>

namespace retort::framework {

namespace {

constexpr double bound_of_integers = 9.2e18;
constexpr std::size_t longest_text = 40;

/// A text in quotes, if need be without its end, but with no half of a character.
std::string shortened(const std::string &text) {
    if (text.size() <= longest_text)
        return text;
    std::size_t end = longest_text - 4;
    while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) // goes on with a character of UTF-8
        --end;
    return text.substr(0, end) + "...\"";
}

} // namespace

bool has_minimum(const sdk::Range &range) {
    return range.minimum > -bound_of_integers;
}

bool has_maximum(const sdk::Range &range) {
    return range.maximum < bound_of_integers;
}

std::string range_text(const sdk::Range &range) {
    const std::string minimum = to_text(range.minimum);
    const std::string maximum = to_text(range.maximum);
    if (has_minimum(range) && has_maximum(range))
        return minimum == maximum ? minimum : minimum + " to " + maximum;
    if (has_minimum(range))
        return "at least " + minimum;
    return has_maximum(range) ? "at most " + maximum : "any";
}

std::string number_text(std::string_view kind, const sdk::Range &range) {
    std::string text(kind);
    if (range.minimum == range.maximum)
        return range_text(range);
    return has_minimum(range) || has_maximum(range) ? text + ", " + range_text(range) : text;
}

std::string with_article(std::string_view noun) {
    const bool vowel = std::string_view("aeiou").find(noun.front()) != std::string_view::npos;
    return (vowel ? "an " : "a ") + std::string(noun);
}

std::string found_text(const boost::json::value &value) {
    if (value.is_object())
        return "an object";
    if (value.is_array())
        return "an array";
    std::string text = to_text(value);
    if (value.is_double() && text.find_first_of(".e") == text.npos)
        return text + ".0";
    if (!value.is_string())
        return text;
    return "the text " + shortened(text);
}

} // namespace retort::framework
