// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <plugins/models/ensemble/ensemble.hpp>
#include <plugins/models/mlp/mlp.hpp>
#include <string>
#include <support/allocations.hpp>
#include <support/context.hpp>
#include <support/listing.hpp>
#include <support/numeric.hpp>
#include <vector>

using namespace retort;
using model_ensemble::Ensemble;
using model_mlp::Mlp;

namespace {

constexpr std::size_t rows = 5;
constexpr std::size_t tail = 2;
constexpr std::size_t taps[] = {0, 1};

std::vector<float> copy(sdk::ConstMatrix matrix) {
    std::vector<float> result;
    for (std::size_t row = 0; row < matrix.rows; ++row)
        result.insert(result.end(), matrix.row(row).begin(), matrix.row(row).end());
    return result;
}

class NamedModels final : public sdk::Models {
  public:
    sdk::Model &model(std::string_view name) override { return *all.find(name)->second; }

    std::map<std::string, std::unique_ptr<sdk::Model>, std::less<>> all;
};

/// Models "a", "b", "c" of one shape, "same", which is "a" again, "wide", of another, and "dropping", with dropout.
struct Fixture {
    Fixture() {
        std::uint64_t seed = 0;
        for (const char *name : {"a", "b", "c", "same", "wide", "dropping"}) {
            Mlp::Settings settings;
            settings.hidden = {name == std::string("wide") ? 8U : 7U};
            settings.dropout = name == std::string("dropping") ? 0.5 : 0.0;
            auto model = std::make_unique<Mlp>(settings, sdk::ModelContext{surroundings.context(), 6, {}, 3});
            model->initialise(sdk::Random{name == std::string("same") ? 1 : ++seed});
            model->parameters_changed(sdk::Change::restore);
            models.all.emplace(name, std::move(model));
        }
    }

    Ensemble &add(const std::string &name, const std::vector<std::string> &members, std::uint64_t draws = 0) {
        auto made = std::make_unique<Ensemble>(settings_of(members, draws), context());
        Ensemble &result = *made;
        models.all.emplace(name, std::move(made));
        return result;
    }

    static Ensemble::Settings settings_of(const std::vector<std::string> &members, std::uint64_t draws = 0) {
        Ensemble::Settings settings;
        for (const std::string &member : members)
            settings.members.push_back({member});
        settings.draws = draws;
        return settings;
    }

    sdk::ModelContext context() { return {surroundings.context(9), 6, {}, 3, {}, nullptr, &models}; }

    static std::unique_ptr<sdk::ModelPass> pass_of(sdk::Model &model, sdk::Mode mode = sdk::Mode::evaluate) {
        return model.make_pass({mode, rows, tail, false, false, taps});
    }

    sdk::Batch batch(std::size_t count = rows, std::size_t first_row = 0) {
        return {x.view().slice(first_row, count), {}, {}, first_row};
    }

    /// What a model's tap is without noise.
    std::vector<float> tap_of(const std::string &name, std::size_t tap) {
        const auto pass = pass_of(models.model(name));
        pass->forward(batch(), {});
        return copy(pass->tap(tap));
    }

    std::string mistake(const std::vector<std::string> &members, std::uint64_t draws = 0) {
        try {
            const Ensemble ensemble(settings_of(members, draws), context());
        } catch (const sdk::Error &error) {
            return error.pointer() + ": " + error.what();
        }
        return {};
    }

    test::Surroundings surroundings;
    NamedModels models;
    sdk::MatrixBuffer x = test::normal_matrix(rows, 6, sdk::Random{4});
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(test_ensemble, Fixture)

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    Ensemble::Settings settings;
    BOOST_TEST(test::Listing::of(settings) == R"(
members!: list of 0
: reference model = 
draws: integer 0..1000 = 0)");
}

BOOST_AUTO_TEST_CASE(members_are_the_models_in_order) {
    Ensemble &ensemble = add("all", {"b", "a", "c"});
    BOOST_TEST(ensemble.members() == 3U);
    BOOST_TEST(ensemble.taps().size() == 2U);
    BOOST_TEST(ensemble.parameters().values.empty());
    const auto pass = pass_of(ensemble);
    pass->forward(batch(), {});
    const char *names[] = {"b", "a", "c"};
    for (std::size_t k = 0; k < 3; ++k)
        for (const std::size_t tap : taps)
            BOOST_TEST(copy(pass->member_tap(k, tap)) == tap_of(names[k], tap), boost::test_tools::per_element());
    BOOST_CHECK_THROW((void)pass->member_tap(3, 0), sdk::Error);
}

BOOST_AUTO_TEST_CASE(equal_members_are_the_model_to_the_byte) {
    const auto pass = pass_of(add("all", {"a", "same", "a"}));
    pass->forward(batch(), {});
    for (const std::size_t tap : taps)
        BOOST_TEST(copy(pass->tap(tap)) == tap_of("a", tap), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(together_they_are_their_mean) {
    const auto pass = pass_of(add("all", {"a", "b"}));
    pass->forward(batch(), {});
    const std::vector<float> hidden = copy(pass->tap(0));
    for (std::size_t i = 0; i < hidden.size(); ++i)
        BOOST_TEST(hidden[i] == 0.5F * (tap_of("a", 0)[i] + tap_of("b", 0)[i]), boost::test_tools::tolerance(1e-5F));
    for (std::size_t r = 0; r < rows; ++r) { // of softmaxes, by hand
        const auto probability = [&](std::span<const float> logits) {
            double sum = 0.0;
            for (std::size_t c = 0; c < 3; ++c)
                sum += std::exp(static_cast<double>(logits[c] - logits[1]));
            return 1.0 / sum;
        };
        const auto of = [&](const std::vector<float> &all) { return probability(std::span(all).subspan(3 * r, 3)); };
        BOOST_TEST(of(copy(pass->tap(1))) == 0.5 * (of(tap_of("a", 1)) + of(tap_of("b", 1))),
                   boost::test_tools::tolerance(1e-6));
    }
}

BOOST_AUTO_TEST_CASE(draws_differ_and_follow_from_the_stream_and_the_row_alone) {
    Ensemble &ensemble = add("draws", {"dropping"}, 3);
    BOOST_TEST(ensemble.members() == 3U);
    BOOST_TEST(ensemble.has_noise());
    const auto draws = [&](const sdk::Batch &given, sdk::Random random, sdk::Mode mode) {
        const auto pass = pass_of(ensemble, mode);
        pass->forward(given, random);
        std::vector<std::vector<float>> result;
        for (std::size_t k = 0; k < 3; ++k)
            result.push_back(copy(pass->member_tap(k, 1)));
        return result;
    };
    const auto first = draws(batch(), sdk::Random{5}, sdk::Mode::evaluate);
    BOOST_CHECK(first[0] != first[1] && first[1] != first[2] && first[0] != first[2]);
    BOOST_CHECK(first == draws(batch(), sdk::Random{5}, sdk::Mode::evaluate));
    BOOST_CHECK(first == draws(batch(), sdk::Random{5}, sdk::Mode::sample));
    BOOST_CHECK(first != draws(batch(), sdk::Random{6}, sdk::Mode::evaluate));
    const auto last = draws(batch(tail, 3), sdk::Random{5}, sdk::Mode::evaluate); // the last two rows by themselves
    for (std::size_t k = 0; k < 3; ++k)
        BOOST_TEST(last[k] == std::vector<float>(first[k].begin() + 9, first[k].end()),
                   boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_ensemble_of_ensembles_has_all_members) {
    add("inner", {"a", "b"});
    const auto pass = pass_of(add("outer", {"inner", "c"}));
    pass->forward(batch(), {});
    BOOST_TEST(models.model("outer").members() == 3U);
    const char *names[] = {"a", "b", "c"};
    for (std::size_t k = 0; k < 3; ++k)
        BOOST_TEST(copy(pass->member_tap(k, 1)) == tap_of(names[k], 1), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(mistakes) {
    BOOST_TEST(mistake({}) == "/members: there are no members; allowed: at least one model");
    BOOST_TEST(mistake({"a", "wide"}) == R"(/members/1: "wide" has the taps hidden.0 of 8, logits of 3, but "a" has )"
                                         "hidden.0 of 7, logits of 3; allowed: models with the same taps");
    BOOST_TEST(mistake({"dropping", "a"}, 2) ==
               R"(/draws: "a", a member, has no dropout, so that all draws of it would be the same; allowed: 0, or )"
               "members with dropout");
    Ensemble &ensemble = add("all", {"a"});
    BOOST_CHECK_THROW((void)ensemble.make_pass({sdk::Mode::train, rows, 0, true, false, taps}), sdk::Error);
}

BOOST_AUTO_TEST_CASE(steady_forwards_allocate_nothing) {
    const auto pass = pass_of(add("all", {"dropping", "dropping"}, 2));
    pass->forward(batch(), {});
    pass->forward(batch(tail), {});
    const std::size_t before = test::allocations();
    pass->forward(batch(), {});
    pass->forward(batch(tail), {});
    BOOST_TEST(test::allocations() == before);
}

BOOST_AUTO_TEST_SUITE_END()
