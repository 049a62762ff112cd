// SPDX-License-Identifier: Apache-2.0
#include "target.hpp"

#include <retort/framework/printable.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <support/temporary_folder.hpp>

namespace retort::fuzz {

void check(bool holds, std::string_view what) {
    if (holds)
        return;
    std::fprintf(stderr, "FAILED: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

std::filesystem::path scratch(std::string_view name) {
    static const test::TemporaryFolder folder;
    return folder.path() / name;
}

void check_error(const framework::Error &error, std::initializer_list<framework::ErrorCode> codes) {
    const std::string text = error.what();
    check(std::find(codes.begin(), codes.end(), error.code()) != codes.end(), "an error of another kind: " + text);
    check(!error.problems().empty(), "an error without a problem");
    for (const framework::Problem &problem : error.problems())
        check(!problem.message.empty(), "a problem without a message");
    check(framework::printable_lines(text) == text, "an error that is not safe to print: " + text);
}

} // namespace retort::fuzz
