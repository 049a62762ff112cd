// SPDX-License-Identifier: Apache-2.0
// Plugins that another compiler made take part in a run, and their exceptions end it.
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

#include <tuple>

BOOST_AUTO_TEST_SUITE(test_other_compiler)

using namespace retort::test;

namespace {

const std::filesystem::path plugins = RETORT_FIXTURE_PLUGINS;

/// A folder with that plugin of the other compiler, if there is one.
bool add_plugin(const Place &place, const std::string &name) {
    std::filesystem::create_directory(place.path("plugins"));
    const std::filesystem::path file = plugins / (name + ".so");
    if (!std::filesystem::exists(file)) {
        BOOST_TEST_MESSAGE("there is no second compiler here: nothing is tested");
        return false;
    }
    std::filesystem::copy(file, place.path("plugins"));
    return true;
}

const Words where{"--plugin-path", "plugins", "--quiet"};

} // namespace

BOOST_AUTO_TEST_CASE(its_discriminator_distils) {
    const Place place;
    if (!add_plugin(place, "other_compiler_linear"))
        return;
    const Outcome outcome = place.run(
        "output", tiny({"/stages/distil/adversaries/main/discriminator/type=linear@other_compiler_linear"}), where);
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    (void)find(place.result("output").at("plugins"), {{"name", "other_compiler_linear"}});
    BOOST_TEST(read_json(place.path("output/manifest.json"))
                   .at("stages")
                   .at(2)
                   .at("adversaries")
                   .at(0)
                   .at("discriminator")
                   .at("type") == "linear@other_compiler_linear");
}

BOOST_AUTO_TEST_CASE(what_its_observer_throws_in_a_step_is_caught) {
    for (const auto &[thrown, exit_code, text] : std::vector<std::tuple<std::string, int, std::string>>{
             {"error", 5, "the tape is torn; allowed: a whole one"},
             {"exception", 4, "the motor is stuck"},
             {"integer", 4, "threw something that is no std::exception"},
             {"bad_alloc", 4, "out of memory"},
             {"own_exception", 4, "an exception of the plugin's own"},
             {"own", 4, "threw something that is no std::exception"}}) {
        const Place place;
        if (!add_plugin(place, "other_compiler_faulty"))
            return;
        const Outcome outcome = place.run(
            "output", tiny({R"(/observers=[{"type": "faulty", "in": "step", "throws": ")" + thrown + R"("}])"}), where);
        BOOST_TEST(outcome.exit_code == exit_code);
        BOOST_TEST(contains(outcome.err, text + "; at step 3 of 5 [plugin other_compiler_faulty, stage teach]"),
                   thrown << ": " << outcome.err);
    }
}

BOOST_AUTO_TEST_SUITE_END()
