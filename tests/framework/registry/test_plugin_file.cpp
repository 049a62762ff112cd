// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/plugin_file.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_plugin_file)

using namespace retort::framework;

BOOST_AUTO_TEST_CASE(every_refusal_has_a_word) {
    for (int i = 0; i <= static_cast<int>(Refusal::registration); ++i) {
        const auto refusal = static_cast<Refusal>(i);
        BOOST_TEST(!name_of(refusal).empty());
        BOOST_TEST((refusal_named(name_of(refusal)) == refusal));
    }
    BOOST_TEST(name_of(Refusal::no_elf) == "no_elf");
    BOOST_TEST(name_of(Refusal::shadowed) == "shadowed");
    BOOST_TEST(name_of(Refusal::missing_library) == "missing_library");
    BOOST_TEST(name_of(Refusal::registration) == "registration");
    BOOST_TEST((refusal_named("gibberish") == Refusal::none));
}

BOOST_AUTO_TEST_CASE(a_file_is_loaded_shadowed_or_refused) {
    for (const Refusal refusal : {Refusal::none, Refusal::shadowed, Refusal::stamp}) {
        PluginFile file;
        file.refusal = refusal;
        BOOST_TEST(int{file.loaded()} + int{file.shadowed()} + int{file.refused()} == 1);
        BOOST_TEST(file.refused() == (refusal == Refusal::stamp));
    }
}

BOOST_AUTO_TEST_SUITE_END()
