// SPDX-License-Identifier: Apache-2.0
#include "manifest_text.hpp"

#include <retort/framework/json_text.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace retort::framework {

namespace json = boost::json;

namespace {

constexpr std::string_view white_space = " \t\r\n";

/// A part of a text.
struct Span {
    std::size_t begin;
    std::size_t end;
};

/// Where the members of the root object stand in its text, which is valid.
class RootMembers {
  public:
    explicit RootMembers(std::string_view text) : text_(text), open_(text.find('{')), close_(text.rfind('}')) {}

    /// Where the value of `key` stands.
    [[nodiscard]] std::optional<Span> value_of(std::string_view key) const {
        std::size_t at = skip_space(open_ + 1);
        while (at < close_) {
            const std::size_t key_end = end_of_text(at);
            const std::size_t value = skip_space(text_.find(':', key_end) + 1);
            const std::size_t end = end_of_value(value);
            if (json::parse(json::string_view(text_.data() + at, key_end - at)).get_string() ==
                json::string_view(key.data(), key.size()))
                return Span{value, end};
            at = skip_space(text_.find_first_of(",}", end) + 1);
        }
        return {};
    }

    /// What stands between the root's "{" and its first key.
    [[nodiscard]] std::string_view before_first() const {
        return text_.substr(open_ + 1, skip_space(open_ + 1) - open_ - 1);
    }

    [[nodiscard]] bool empty() const { return skip_space(open_ + 1) == close_; }

    /// Where the last member ends.
    [[nodiscard]] std::size_t end_of_last() const { return text_.find_last_not_of(white_space, close_ - 1) + 1; }

  private:
    [[nodiscard]] std::size_t skip_space(std::size_t at) const {
        return std::min(text_.find_first_not_of(white_space, at), text_.size());
    }

    /// Behind the text in quotes that begins at `at`.
    [[nodiscard]] std::size_t end_of_text(std::size_t at) const {
        for (++at; text_[at] != '"'; ++at)
            if (text_[at] == '\\')
                ++at;
        return at + 1;
    }

    [[nodiscard]] std::size_t end_of_value(std::size_t at) const {
        std::size_t depth = 0;
        while (true) {
            const char c = text_[at];
            if (c == '"') {
                at = end_of_text(at);
                if (depth == 0)
                    return at;
                continue;
            }
            if (depth == 0 && (c == ',' || c == '}' || white_space.find(c) != white_space.npos))
                return at;
            depth += c == '{' || c == '[' ? 1 : 0;
            depth -= c == '}' || c == ']' ? 1 : 0;
            ++at;
            if (depth == 0 && (c == '}' || c == ']'))
                return at;
        }
    }

    std::string_view text_;
    std::size_t open_;
    std::size_t close_;
};

/// `value` as it stands in a file whose members are indented by `indent`, or all in one line.
std::string member_text(const json::object &value, std::string_view indent) {
    if (indent.empty() || value.empty())
        return to_text(value);
    std::string text = "{";
    for (const auto &[key, member] : value)
        text += (text.size() == 1 ? "" : ",") + std::string(indent) +
                std::string(indent.substr(indent.rfind('\n') + 1)) + to_text(json::string(key)) + ": " +
                to_text(member);
    return text + std::string(indent) + "}";
}

} // namespace

std::string with_member(std::string_view text, std::string_view key, const json::object &value) {
    const RootMembers members(text);
    std::string_view indent = members.before_first();
    const std::size_t line = indent.rfind('\n');
    indent = line == indent.npos ? std::string_view()
                                 : indent.substr(line > 0 && indent[line - 1] == '\r' ? line - 1 : line);
    const std::string written = member_text(value, indent);
    std::string result(text);
    if (const auto place = members.value_of(key))
        return result.replace(place->begin, place->end - place->begin, written);
    const std::string between =
        (members.empty() ? "" : ",") + (indent.empty() ? std::string(" ") : std::string(indent));
    return result.insert(members.end_of_last(),
                         between + to_text(json::string(json::string_view(key.data(), key.size()))) + ": " + written);
}

} // namespace retort::framework
