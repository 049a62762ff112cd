// SPDX-License-Identifier: Apache-2.0
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_output_trouble)

using namespace retort::test;
namespace fs = std::filesystem;

namespace {

/// Runs a shell script in which `mount` works, with $1, $2, ... as given. Exit code 99: this machine does not allow it.
Outcome with_mounts(const Place &place, const std::string &script, const Words &words) {
    Words all{"/usr/bin/unshare",
              "--user",
              "--map-root-user",
              "--mount",
              "/bin/sh",
              "-c",
              "mkdir small && mount -t tmpfs -o size=2m tmpfs small || exit 99\n" + script,
              "sh"};
    all.insert(all.end(), words.begin(), words.end());
    return Process(all, place.path(".")).wait();
}

/// Whether the script could run at all; says so if not.
bool ran(const Outcome &outcome) {
    if (outcome.exit_code == 99 || contains(outcome.err, "unshare"))
        BOOST_TEST_MESSAGE("not tested, for this machine allows no mounts: " << outcome.err);
    return outcome.exit_code != 99 && !contains(outcome.err, "unshare");
}

/// The words of a run whose teacher has checkpoints of 0.9 MB.
Words run_words(const std::string &output) {
    Words words{RETORT_COMMAND, "run", (example / "quick.json").string(), "--output", output, "--quiet"};
    for (const std::string &setting : tiny({"/stages/teach/epochs=6"}))
        words.insert(words.end(), {"--set", setting});
    return words;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_last_checkpoint_usable) {
    const Place place;
    const Outcome whole = Process(run_words("whole"), place.path(".")).wait();
    BOOST_TEST_REQUIRE(whole.exit_code == 0, whole.err);
    const Outcome outcome = with_mounts(place,
                                        "\"$@\"; echo \"first $?\"\n"
                                        "find small -name '*.partial'\n"
                                        "mount -o remount,size=20m small\n"
                                        "\"$1\" run --resume small/run --quiet; echo \"second $?\"\n"
                                        "cp -r small/run run\n",
                                        run_words("small/run"));
    if (!ran(outcome))
        return;
    BOOST_TEST(outcome.out == "first 7\nsecond 0\n", outcome.err);
    BOOST_TEST(contains(outcome.err, "error: "), outcome.err);
    BOOST_TEST(contains(outcome.err, ".checkpoint: the file cannot be written: No space left on device"), outcome.err);
    for (const char *model : {"teacher", "labels_alone", "student"})
        BOOST_TEST((place.weights("run", model) == place.weights("whole", model)), model);
}

BOOST_AUTO_TEST_CASE(a_read_only_place_is_refused_before_anything_is_done) {
    const Place place;
    const Outcome outcome =
        with_mounts(place, "mount -o remount,ro small\n\"$@\"; echo \"exit $?\"\n", run_words("small/run"));
    if (!ran(outcome))
        return;
    BOOST_TEST(outcome.out == "exit 7\n", outcome.err);
    BOOST_TEST(contains(outcome.err, "small/run: '"), outcome.err);
    BOOST_TEST(contains(outcome.err, "/small' is not writable"), outcome.err);
}

BOOST_AUTO_TEST_SUITE_END()
