// SPDX-License-Identifier: Apache-2.0
#include "npy.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace retort::framework {

namespace {

[[noreturn]] void refuse(const std::string &what) {
    throw std::invalid_argument(what);
}

/// Reads the dictionary as NumPy writes it: names in quotes, True or False, tuples of whole numbers.
class Dictionary {
  public:
    explicit Dictionary(std::string_view text) : text_(text) {}

    NpyHeader read() {
        expect('{');
        while (!take('}')) {
            read_entry();
            if (!take(',')) {
                expect('}');
                break;
            }
        }
        skip_spaces();
        if (!text_.empty())
            refuse("its header goes on after the dictionary");
        for (const char *key : {"descr", "fortran_order", "shape"})
            if (std::find(keys_.begin(), keys_.end(), key) == keys_.end())
                refuse("its header lacks '" + std::string(key) + "'");
        return header_;
    }

  private:
    void read_entry() {
        const std::string_view key = read_name();
        if (std::find(keys_.begin(), keys_.end(), key) != keys_.end())
            refuse("its header has '" + std::string(key) + "' twice");
        keys_.push_back(key);
        expect(':');
        if (key == "descr")
            header_.type = read_type();
        else if (key == "fortran_order")
            header_.columns_first = read_bool();
        else if (key == "shape")
            read_shape();
        else
            refuse("its header has '" + std::string(key) + "'; allowed: descr, fortran_order, shape");
    }

    std::string_view read_name() {
        skip_spaces();
        const char quote = text_.empty() ? '\0' : text_.front();
        if (quote != '\'' && quote != '"')
            refuse("its header is no dictionary of descr, fortran_order and shape");
        const std::size_t end = text_.find(quote, 1);
        if (end == text_.npos)
            refuse("a name in its header does not end");
        const std::string_view name = text_.substr(1, end - 1);
        text_.remove_prefix(end + 1);
        return name;
    }

    /// A name; or a list of fields, which is not understood, but shown.
    std::string read_type() {
        skip_spaces();
        if (!text_.starts_with('['))
            return std::string(read_name());
        std::size_t depth = 0;
        for (std::size_t i = 0; i < text_.size(); ++i) {
            depth += text_[i] == '[' ? 1 : 0;
            depth -= text_[i] == ']' ? 1 : 0;
            if (depth > 0)
                continue;
            std::string list(text_.substr(0, i + 1));
            text_.remove_prefix(i + 1);
            return list;
        }
        refuse("a list in its header does not end");
    }

    bool read_bool() {
        skip_spaces();
        for (const std::string_view word : {"True", "False"})
            if (text_.starts_with(word)) {
                text_.remove_prefix(word.size());
                return word == "True";
            }
        refuse("its header's fortran_order is neither True nor False");
    }

    void read_shape() {
        expect('(');
        while (!take(')')) {
            header_.shape.push_back(read_number());
            if (!take(',')) {
                expect(')');
                break;
            }
        }
    }

    std::uint64_t read_number() {
        skip_spaces();
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), number);
        if (error != std::errc())
            refuse("its header's shape is no tuple of whole numbers");
        text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
        return number;
    }

    void skip_spaces() { text_.remove_prefix(std::min(text_.find_first_not_of(" \t\n"), text_.size())); }

    bool take(char wanted) {
        skip_spaces();
        const bool there = text_.starts_with(wanted);
        text_.remove_prefix(there ? 1 : 0);
        return there;
    }

    void expect(char wanted) {
        if (!take(wanted))
            refuse("its header is damaged: " + std::string(1, wanted) + " is missing");
    }

    std::string_view text_;
    NpyHeader header_;
    std::vector<std::string_view> keys_; ///< so far
};

} // namespace

NpyHeader parse_npy_header(std::string_view text) {
    return Dictionary(text).read();
}

std::string npy_header(std::string_view type, std::uint64_t rows) {
    constexpr std::size_t before = 10; // magic, version, length
    constexpr std::size_t alignment = 64;
    std::string dictionary =
        "{'descr': " + std::string(type) + ", 'fortran_order': False, 'shape': (" + std::to_string(rows) + ",), }";
    const std::size_t size = before + dictionary.size() + 1;
    dictionary.append((alignment - size % alignment) % alignment, ' ');
    dictionary += '\n';
    std::string header(npy_magic);
    header += {'\1', '\0', static_cast<char>(dictionary.size() % 256), static_cast<char>(dictionary.size() / 256)};
    return header + dictionary;
}

} // namespace retort::framework
