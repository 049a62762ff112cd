// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <support/process.hpp>
#include <vector>

namespace retort::test {

using Words = std::vector<std::string>;

/// The quick example: its manifest and the small real data beside it.
inline const std::filesystem::path example = RETORT_EXAMPLE;

inline boost::json::value read_json(const std::filesystem::path &path) {
    return boost::json::parse(read_file(path));
}

/// A folder in which the built command is called, with the real plugins that it finds by itself.
class Place {
  public:
    /// `retort run` on the quick example's manifest with `settings` ("path=value"), into the folder `output` of this
    /// place. `words` follow as they are.
    [[nodiscard]] Outcome run(const std::string &output, const Words &settings, const Words &words = {}) const {
        return run_file(example / "quick.json", output, settings, words);
    }

    [[nodiscard]] Outcome run_file(const std::filesystem::path &manifest, const std::string &output,
                                   const Words &settings, const Words &words = {}) const {
        Words all{RETORT_COMMAND, "run", manifest.string(), "--output", output};
        for (const std::string &setting : settings)
            all.insert(all.end(), {"--set", setting});
        all.insert(all.end(), words.begin(), words.end());
        return Process(all, folder_.path()).wait();
    }

    [[nodiscard]] std::filesystem::path path(const std::string &name) const { return folder_.path() / name; }

    /// The bytes of a model's last weights.
    [[nodiscard]] std::string weights(const std::string &output, const std::string &model) const {
        return read_file(path(output) / "weights" / (model + ".last.safetensors"));
    }

    [[nodiscard]] boost::json::value result(const std::string &output) const {
        return read_json(path(output) / "result.json");
    }

  private:
    TemporaryFolder folder_;
};

/// The entry of an array of objects whose members have the values given; a failure of the test if there is none.
inline const boost::json::value &find(const boost::json::value &array,
                                      const std::vector<std::pair<std::string, std::string>> &members) {
    for (const boost::json::value &entry : array.as_array()) {
        bool fits = true;
        for (const auto &[name, value] : members)
            fits = fits && entry.at(name) == boost::json::value(value);
        if (fits)
            return entry;
    }
    throw std::runtime_error("no such entry in " + boost::json::serialize(array));
}

} // namespace retort::test
