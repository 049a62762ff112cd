// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace retort::test {

inline std::string repeated(const std::string &text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i)
        result += text;
    return result;
}

/// What stands in a file that is no manifest, by what is wrong with it.
inline const std::vector<std::pair<std::string, std::string>> manifest_texts{
    {"an empty file", ""},
    {"a value is missing", "{\n  \"format\": 1,\n  \"seed\": }"},
    {"a colon is missing", "{\"format\" 1}"},
    {"a comma is missing", "{\"format\": 1 \"seed\": 2}"},
    {"a comma too many", "{\"format\": 1,}"},
    {"keys without quotes", "{format: 1}"},
    {"a line break in a text", "{\"format\": 1, \"name\": \"two\nlines\"}"},
    {"a comment", "{\"format\": 1 // the only one\n}"},
    {"the end is missing", "{\"format\": 1, \"data\": {"},
    {"a key stands twice", "{\"format\": 1,\n \"seed\": 1, \"seed\": 2}"},
    {"two manifests in one file", "{\"format\": 1}\n{\"format\": 1}"},
    {"Latin-1 instead of UTF-8", "{\"format\": 1, \"name\": \"caf\xe9\"}"},
    {"a UTF-8 character cut in two", "{\"format\": 1, \"name\": \"\xc3\"}"},
    {"UTF-16", std::string("\xff\xfe{\0\"\0", 6)},
    {"a byte order mark", "\xef\xbb\xbf{\"format\": 1}"},
    {"a typographic quote", "{\xe2\x80\x9c\"format\": 1}"},
    {"a byte that is no text", std::string("{\"format\": 1, \"se\0ed\": 1}", 24)},
    {"100,000 brackets", repeated("[", 100000) + repeated("]", 100000)},
    {"100 MB of text for one setting", "{\"format\": 1, \"seed\": \"" + std::string(100'000'000, 'a') + "\"}"},
    {"a number beyond all numbers", "{\"format\": 1, \"seed\": 1e999}"},
    {"no object", "[1, 2, 3]"},
    {"an empty object", "{}"},
    {"a format of the future", "{\"format\": 2}"},
};

} // namespace retort::test
