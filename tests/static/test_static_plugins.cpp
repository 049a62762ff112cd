// SPDX-License-Identifier: Apache-2.0
#include "colours.hpp"
#include "misbuilt_plugins.hpp"

#include <retort/framework/loader.hpp>
#include <retort/framework/registry.hpp>
#include <retort/sdk/roles/observer.hpp>

#include <boost/test/unit_test.hpp>

#include <support/context.hpp>

BOOST_AUTO_TEST_SUITE(test_static_plugins)

using namespace retort;

namespace {

framework::Registry registry_of_colours() {
    framework::Registry registry;
    registry.add(colours());
    return registry;
}

std::unique_ptr<sdk::Observer> painter(const framework::Registry &registry, const std::string &colour,
                                       test::Surroundings &surroundings) {
    const framework::Entry &entry = registry.get("observer", colour, "");
    const auto settings = entry.factory->make_settings();
    return static_cast<const sdk::Factory<sdk::Observer> &>(*entry.factory)
        .build(*settings, {surroundings.context(), {}});
}

} // namespace

BOOST_AUTO_TEST_CASE(the_list_has_what_was_asked_for_in_that_order) {
    std::string names;
    for (const sdk::Plugin *plugin : colours())
        names += std::string(plugin->name) + " " + plugin->version + " ";
    BOOST_TEST(names == "static_red 2.5 static_blue 2.5 ");
}

BOOST_AUTO_TEST_CASE(an_entry_says_that_it_is_part_of_the_program) {
    const framework::Registry registry = registry_of_colours();
    const framework::Entry &entry = registry.get("observer", "red", "");
    BOOST_TEST(entry.plugin == "static_red");
    BOOST_TEST(entry.version == "2.5");
    BOOST_TEST(entry.file == "");
    BOOST_TEST(entry.sha256 == "");
    BOOST_TEST(framework::code_file(entry) == framework::executable_path().string());
}

BOOST_AUTO_TEST_CASE(plugins_that_define_the_same_names_do_not_meet) {
    const framework::Registry registry = registry_of_colours();
    for (const std::string colour : {"red", "blue"})
        BOOST_TEST_CONTEXT(colour) {
            test::Surroundings surroundings;
            const auto made = painter(registry, colour, surroundings);
            for (const char *times : {"1", "2"}) {
                made->begin_run();
                BOOST_TEST(surroundings.services.infos.back() ==
                           colour + " mixture, inline " + colour + ", mixed " + times + " times");
            }
        }
}

BOOST_AUTO_TEST_CASE(an_error_in_what_all_bring_along_names_whose_it_is) {
    const framework::Registry registry = registry_of_colours();
    for (const std::string colour : {"red", "blue"}) {
        test::Surroundings surroundings;
        const auto made = painter(registry, colour, surroundings);
        BOOST_CHECK_EXCEPTION(made->end_run(), sdk::Error,
                              [&](const sdk::Error &error) { return error.plugin() == "static_" + colour; });
    }
}

BOOST_AUTO_TEST_CASE(a_plugin_of_other_options_is_refused_though_it_was_linked) {
    framework::Registry registry;
    const auto expected = [](const framework::Error &error) {
        return error.code() == framework::ErrorCode::plugin &&
               std::string(error.what()) == "plugin static_fast: it was built for another Retort or with other "
                                            "options: fastmath is 1, must be 0 "
                                            "[plugin static_fast]";
    };
    BOOST_CHECK_EXCEPTION(registry.add(misbuilt_plugins()), framework::Error, expected);
    BOOST_TEST(registry.entries().empty());
}

BOOST_AUTO_TEST_SUITE_END()
