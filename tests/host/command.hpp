// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <support/process.hpp>
#include <utility>
#include <vector>

namespace retort::test {

/// A folder with a manifest of toys, in which the built command is called.
class Workplace {
  public:
    Workplace() { write_file(folder.path() / "toy.json", manifest); }

    /// The running command `retort WORDS...`, the toy plugin in its search path.
    [[nodiscard]] Process start(const std::string &command, std::vector<std::string> words = {}) const {
        words.insert(words.begin(), {RETORT_COMMAND, command, "--plugin-path", RETORT_TOY_PLUGINS});
        return Process(words, folder.path());
    }

    [[nodiscard]] Outcome call(const std::string &command, std::vector<std::string> words = {}) const {
        return start(command, std::move(words)).wait();
    }

    /// The command with nothing added.
    [[nodiscard]] Outcome plain(std::vector<std::string> words) const {
        words.insert(words.begin(), RETORT_COMMAND);
        return Process(words, folder.path()).wait();
    }

    TemporaryFolder folder;

    static constexpr auto manifest = R"({
  "format": 1, "seed": 7, "threads": 1,
  "data": {"toys": {"type": "toy"}},
  "models": {"net": {"type": "toy"}},
  "stages": [{"name": "play", "type": "toy", "model": "net", "data": "toys"}],
  "observers": []
})";
};

} // namespace retort::test
