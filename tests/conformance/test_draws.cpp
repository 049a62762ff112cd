// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/conformance/draws.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <conformance/many_settings.hpp>

BOOST_AUTO_TEST_SUITE(test_draws)

using namespace retort;
using namespace retort::sdk::conformance;

namespace {

void apply(const Draw &draw, test::ManySettings &settings) {
    (void)draw.apply(settings, {});
}

} // namespace

BOOST_AUTO_TEST_CASE(edges_are_both_ends_of_every_range_one_at_a_time_with_small_sizes) {
    test::ManySettings defaults;
    const std::vector<Draw> all = edges(defaults);
    const auto has = [&](const std::string &pointer, double value) {
        return std::any_of(all.begin(), all.end(), [&](const Draw &draw) {
            const auto found = draw.values.find(pointer);
            return found != draw.values.end() && found->second == value;
        });
    };
    for (const double rate : {0.0, 1.0})
        BOOST_TEST(has("/rate", rate));
    for (const double length : {0.0, 3.0})
        BOOST_TEST(has("/hidden#", length));
    for (const double shape : {0.0, 1.0, 3.0})
        BOOST_TEST(has("/shape", shape));
    BOOST_TEST(has("/on", 1.0));
    BOOST_TEST(has("/extra?", 1.0));
    BOOST_TEST(has("/count", largest_size));
    BOOST_TEST(!has("/count", 65536.0));
    for (const Draw &draw : all) {
        test::ManySettings settings;
        apply(draw, settings);
        BOOST_TEST(settings.settings.count <= 48U);
        for (const std::size_t width : settings.settings.hidden)
            BOOST_TEST((width >= 1 && width <= 48));
    }
}

BOOST_AUTO_TEST_CASE(lists_of_records_are_filled_and_what_is_in_them_is_drawn_too) {
    test::ManySettings scratch;
    const Draw filled = filled_lists(scratch);
    BOOST_TEST(filled.text() == "/layers#=1, /players#=1");
    test::ManySettings settings;
    apply(filled, settings);
    BOOST_TEST(settings.settings.layers[0].depth == 2);
    BOOST_TEST(settings.settings.players.items[0].second.score == 8U); // 0 by chance, which is not allowed
    std::string tried;
    test::ManySettings defaults;
    for (const Draw &draw : edges(defaults, filled))
        for (const auto &[pointer, value] : draw.values)
            if (pointer.starts_with("/players") && value != 1.0)
                tried += pointer + "=" + std::to_string(static_cast<int>(value)) + " ";
    BOOST_TEST(tried == "/players#=0 /players/logits/score=2 /players/logits/score=9 ");
    test::ManySettings drawn;
    const Draw random = random_draw(drawn, sdk::Random{1}, filled);
    BOOST_TEST(random.values.at("/players#") == 1.0);
    BOOST_TEST(random.values.count("/layers/0/depth") == 1U);
}

BOOST_AUTO_TEST_CASE(random_draws_lie_in_their_ranges_and_follow_from_the_seed) {
    bool differ = false;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        test::ManySettings settings, again;
        apply(random_draw(settings, sdk::Random{seed}), settings);
        apply(random_draw(again, sdk::Random{seed}), again);
        BOOST_TEST((settings.settings.rate >= 0.0 && settings.settings.rate <= 1.0));
        BOOST_TEST(settings.settings.rate == again.settings.rate);
        BOOST_TEST((settings.settings.count >= 1 && settings.settings.count <= 16));
        BOOST_TEST(settings.settings.hidden.size() <= 3U);
        BOOST_TEST(static_cast<std::size_t>(settings.settings.shape) <= 3U);
        for (const std::size_t width : settings.settings.hidden)
            BOOST_TEST((width >= 1 && width <= 16));
        test::ManySettings other;
        apply(random_draw(other, sdk::Random{seed + 1}), other);
        differ = differ || other.settings.rate != settings.settings.rate;
    }
    BOOST_TEST(differ);
}

BOOST_AUTO_TEST_CASE(a_draw_as_text) {
    BOOST_TEST(Draw{}.text() == "defaults");
    BOOST_TEST((Draw{{{"/a", 0.5}, {"/b", 10.0}, {"/c", 1e-9}, {"/d", 0.0}}}.text()) == "/a=0.5, /b=10, /c=tiny, /d=0");
}

BOOST_AUTO_TEST_SUITE_END()
