// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <framework/source/loader/known_plugins.hpp>
#include <framework/source/loader/trial_processes.hpp>
#include <sstream>
#include <support/temporary_folder.hpp>

namespace test_trial_processes {

using namespace retort;
using namespace retort::framework;
namespace fs = std::filesystem;

/// A prober that does as its file is called, and writes down that it was called.
struct Fixture {
    Fixture() {
        options.prober = folder.path() / "prober";
        test::write_file(options.prober, "#!/bin/sh\n"
                                         "[ \"$1 $2\" = 'probe --child' ] || exit 9\n"
                                         "echo called >> " +
                                             (folder.path() / "calls").string() +
                                             "\n"
                                             "case $(basename $3) in\n"
                                             "sound) printf loaded;;\n"
                                             "refused) printf 'refused stamp: it is odd: very';;\n"
                                             "strange) printf 'refused gibberish: it is strange';;\n"
                                             "late) printf loaded; kill -ABRT $$;;\n"
                                             "exits) echo bye >&2; exit 0;;\n"
                                             "code) exit 7;;\n"
                                             "crashes) printf 'one\\ntwo \\033[31m\\n' >&2; kill -SEGV $$;;\n"
                                             "hangs) sleep 600;;\n"
                                             "esac\n");
        fs::permissions(options.prober, fs::perms::owner_all);
        options.timeout = std::chrono::milliseconds(20000);
    }

    TrialResult result(const std::string &name) const {
        const std::vector<fs::path> files{name};
        return try_files(files, options).at(0);
    }

    /// Tries a candidate whose bytes have its name for their digest; returns the word of its refusal.
    std::string refused_as(const std::string &name) {
        Candidate candidate;
        candidate.found.file = name;
        candidate.found.sha256 = name;
        try_candidates({&candidate}, options);
        reason = candidate.found.reason;
        return std::string(name_of(candidate.found.refusal));
    }

    std::size_t calls() const {
        const std::string text = test::read_file(folder.path() / "calls");
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }

    test::TemporaryFolder folder;
    LoadOptions options;
    std::string reason; ///< of the last refusal
};

} // namespace test_trial_processes

BOOST_FIXTURE_TEST_SUITE(test_trial_processes, Fixture)

BOOST_AUTO_TEST_CASE(every_end_of_a_trial_has_its_word_and_its_sentence) {
    struct Case {
        const char *file;
        Refusal refusal;
        const char *reason;
    };
    const Case cases[] = {
        {"sound", Refusal::none, ""},
        {"refused", Refusal::stamp, "it is odd: very"},
        {"strange", Refusal::registration, "it is strange"},
        {"late", Refusal::crashed,
         "it crashed when the process that had tried it ended: signal 6 (SIGABRT); it wrote nothing on stderr"},
        {"exits", Refusal::exited, "it ended the process that tried it, with exit code 0; on stderr: bye"},
        {"code", Refusal::exited, "it ended the process that tried it, with exit code 7; it wrote nothing on stderr"},
        {"crashes", Refusal::crashed,
         "it crashed when it was tried in a process of its own: signal 11 (SIGSEGV); on stderr: one | two ?[31m"},
    };
    for (const Case &test : cases)
        BOOST_TEST_CONTEXT(test.file) {
            const TrialResult found = result(test.file);
            BOOST_TEST(name_of(found.refusal) == name_of(test.refusal));
            BOOST_TEST(found.reason == test.reason);
        }
    options.timeout = std::chrono::milliseconds(200);
    const TrialResult hung = result("hangs");
    BOOST_TEST(name_of(hung.refusal) == "hung");
    BOOST_TEST(hung.reason == "it was not done after 200 ms when it was tried in a process of its own; it wrote "
                              "nothing on stderr");
    options.prober = "/not/there";
    BOOST_TEST(name_of(result("sound").refusal) == "not_tried");
    BOOST_TEST(result("sound").reason ==
               "it could not be tried in a process of its own: /not/there: No such file or directory");
}

BOOST_AUTO_TEST_CASE(results_stand_in_the_order_of_the_files) {
    options.trials_at_once = 2;
    const std::vector<fs::path> files{"sound", "exits", "sound", "crashes", "sound", "refused"};
    std::string found;
    for (const TrialResult &result : try_files(files, options))
        found += std::string(name_of(result.refusal)) + " ";
    BOOST_TEST(found == "none exited none crashed none stamp ");
    BOOST_TEST(calls() == files.size());
}

BOOST_AUTO_TEST_CASE(only_what_is_sound_is_remembered) {
    options.known = folder.path() / "cache" / "plugins";
    const auto tried = [&](const std::string &name) {
        const std::size_t before = calls();
        BOOST_TEST(refused_as(name) == (name == "sound" ? "none" : "exited"));
        return calls() - before;
    };
    BOOST_TEST(tried("sound") == 1U);
    BOOST_TEST(tried("sound") == 0U);
    BOOST_TEST(tried("exits") == 1U);
    BOOST_TEST(tried("exits") == 1U);
    options.try_again = true;
    BOOST_TEST(tried("sound") == 1U);
    options.try_again = false;
    options.known = options.prober / "no folder"; // cannot be written
    BOOST_TEST(tried("sound") == 1U);
    BOOST_TEST(tried("sound") == 1U);
    options.known.clear();
    BOOST_TEST(tried("sound") == 1U);
    options.prober.clear();
    BOOST_TEST(refused_as("exits") == "none");
}

BOOST_AUTO_TEST_CASE(what_hung_is_not_waited_for_again_unless_it_is_given_longer) {
    options.known = folder.path() / "cache";
    const auto tried = [&](const std::string &name, int timeout) {
        const std::size_t before = calls();
        options.timeout = std::chrono::milliseconds(timeout);
        BOOST_TEST(refused_as(name) == (name == "hangs" ? "hung" : "none"));
        return calls() - before;
    };
    BOOST_TEST(tried("hangs", 300) == 1U);
    BOOST_TEST(tried("hangs", 300) == 0U);
    BOOST_TEST(reason == "it was not done after 300 ms when it was tried in a process of its own; it wrote nothing on "
                         "stderr; this is remembered for a day, unless `retort probe` finds it well");
    BOOST_TEST(tried("hangs", 400) == 1U);
    BOOST_TEST(tried("hangs", 300) == 0U);
    options.try_again = true;
    BOOST_TEST(tried("hangs", 300) == 1U);
    KnownPlugins(options.known).add_hang("sound", {std::chrono::hours(1), "it was not done"}); // the machine was busy
    BOOST_TEST(tried("sound", 20000) == 1U);
    options.try_again = false;
    BOOST_TEST(tried("sound", 20000) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
