// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <support/process.hpp>
#include <vector>

// Compares what Retort says of manifests with what an independent validator says of them by the schema.
namespace retort::test {

/// A manifest, and what Retort says of it.
struct Judged {
    std::string name;
    std::string text;
    std::vector<std::string> mistakes; ///< the pointers of all that it refuses; empty: it is valid
    std::string_view beyond = {};      ///< why the schema lets it pass nevertheless, if it does
};

/// What the validator says of a text.
struct Complaint {
    std::string where; ///< JSON pointer
    std::string what;
};

using Complaints = std::optional<std::vector<Complaint>>; ///< nothing: it is no JSON

/// `validate.py` on each text, by the schema.
inline std::vector<Complaints> validated(const std::string &schema, const std::vector<std::string> &texts) {
    const TemporaryFolder folder;
    write_file(folder.path() / "schema.json", schema);
    std::vector<std::string> words{RETORT_PYTHON, RETORT_VALIDATE, "schema.json"};
    for (const std::string &text : texts) {
        words.push_back(std::to_string(words.size()) + ".json");
        write_file(folder.path() / words.back(), text);
    }
    const Outcome outcome = Process(words, folder.path()).wait();
    if (outcome.exit_code != 0)
        throw std::runtime_error(RETORT_PYTHON " " RETORT_VALIDATE ": exit code " + std::to_string(outcome.exit_code) +
                                 ": " + outcome.err);
    std::vector<Complaints> result;
    const boost::json::value printed = boost::json::parse(outcome.out);
    for (const boost::json::value &file : printed.as_array()) {
        Complaints &complaints = result.emplace_back();
        if (file.is_null())
            continue;
        complaints.emplace();
        for (const boost::json::value &complaint : file.as_array())
            complaints->push_back({std::string(complaint.at(0).as_string()), std::string(complaint.at(1).as_string())});
    }
    return result;
}

/// Whether the mistake at `mistake` can be what the validator complains of at `where`: a key that lacks, or that is too
/// much, is told at the object.
inline bool fits(const std::string &where, const std::string &mistake) {
    return where == mistake || where == mistake.substr(0, mistake.rfind('/'));
}

/// Checks that the validator refuses what Retort refuses, at no other place, and nothing else.
inline void check_judgement(const Judged &judged, const Complaints &complaints) {
    const bool refused = !complaints || !complaints->empty();
    const bool expected = !judged.mistakes.empty() && judged.beyond.empty();
    BOOST_TEST(refused == expected, judged.name << " is " << (refused ? "" : "not ") << "refused by the schema\n"
                                                << judged.text.substr(0, 2000));
    if (complaints)
        for (const Complaint &complaint : *complaints) {
            const auto is_it = [&](const std::string &mistake) { return fits(complaint.where, mistake); };
            const bool agreed = std::any_of(judged.mistakes.begin(), judged.mistakes.end(), is_it);
            BOOST_TEST(agreed,
                       judged.name << ": only the schema refuses " << complaint.where << ": " << complaint.what);
        }
}

inline void check_agreement(const std::string &schema, const std::vector<Judged> &manifests) {
    std::vector<std::string> texts;
    for (const Judged &judged : manifests)
        texts.push_back(judged.text);
    const std::vector<Complaints> complaints = validated(schema, texts);
    BOOST_TEST_REQUIRE(complaints.size() == manifests.size());
    for (std::size_t i = 0; i < manifests.size(); ++i)
        check_judgement(manifests[i], complaints[i]);
}

} // namespace retort::test
