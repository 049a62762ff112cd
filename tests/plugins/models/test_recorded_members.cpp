// SPDX-License-Identifier: Apache-2.0
// An ensemble whose members ran elsewhere: how one that is no network of Retort's gets in.
#include "source.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <map>
#include <memory>
#include <plugins/models/ensemble/ensemble.hpp>
#include <plugins/models/mlp/mlp.hpp>
#include <plugins/models/recorded/recorded.hpp>
#include <string>
#include <support/context.hpp>
#include <support/example_files.hpp>
#include <support/temporary_folder.hpp>
#include <vector>

namespace test_recorded_members {

using namespace retort;
using model_ensemble::Ensemble;
using model_recorded::Recorded;
using sdk::Split;

class Members final : public sdk::Models {
  public:
    sdk::Model &model(std::string_view name) override { return *all.find(name)->second; }

    std::map<std::string, std::unique_ptr<sdk::Model>, std::less<>> all;
};

/// Records of the logits alone: "tenths", whose row i is (i / 10, 0), and "fifths", (i / 5, 0), both of all training
/// examples and those to test, and "untested" of the former only; and "computed", a network with the same tap.
struct Fixture {
    Fixture() {
        add_record("tenths", 0.1F, true);
        add_record("fifths", 0.2F, true);
        add_record("untested", 0.3F, false);
        model_mlp::Mlp::Settings network;
        network.hidden = {};
        models.all.emplace("computed", std::make_unique<model_mlp::Mlp>(network, context()));
    }

    void add_record(const std::string &name, float step, bool tested) {
        write_rows(name + ".npy", 8, step);
        write_rows(name + ".test.npy", 2, step);
        Recorded::Settings settings;
        settings.taps.items = {{"logits", {name + ".npy", "", tested ? name + ".test.npy" : ""}}};
        auto model = std::make_unique<Recorded>(settings, context());
        model->initialise({});
        models.all.emplace(name, std::move(model));
    }

    void write_rows(const std::string &file, std::size_t count, float step) {
        std::vector<float> values(2 * count);
        for (std::size_t i = 0; i < count; ++i)
            values[2 * i] = step * static_cast<float>(i);
        const std::string shape = "(" + std::to_string(count) + ", 2)";
        test::write_file(folder.path() / file, test::npy_bytes("<f4", shape, test::bytes_of(values)));
    }

    sdk::ModelContext context() { return {surroundings.context(), 1, {}, 2, folder.path().string(), &source, &models}; }

    Ensemble ensemble(const std::vector<std::string> &names) {
        Ensemble::Settings settings;
        for (const std::string &name : names)
            settings.members.push_back({name});
        return {settings, context()};
    }

    test::TemporaryFolder folder;
    test::Surroundings surroundings;
    test::ReversedSource source;
    Members models;
};

/// Of the first of two classes.
double probability(std::span<const float> logits) {
    return 1.0 / (1.0 + std::exp(static_cast<double>(logits[1]) - static_cast<double>(logits[0])));
}

} // namespace test_recorded_members

BOOST_FIXTURE_TEST_SUITE(test_recorded_members, Fixture)

BOOST_AUTO_TEST_CASE(an_ensemble_is_asked_by_example_if_any_member_is) {
    BOOST_TEST(ensemble({"tenths", "fifths"}).by_id());
    BOOST_TEST(ensemble({"computed", "tenths"}).by_id());
    BOOST_TEST(!ensemble({"computed", "computed"}).by_id());
}

BOOST_AUTO_TEST_CASE(it_answers_for_splits_that_every_member_answers_for) {
    BOOST_TEST(ensemble({"tenths", "untested"}).answers(Split::train));
    BOOST_TEST(!ensemble({"tenths", "untested"}).answers(Split::test));
    BOOST_TEST(!ensemble({"untested", "tenths"}).answers(Split::test));
    BOOST_TEST(ensemble({"tenths", "fifths"}).answers(Split::test));
    BOOST_TEST(!ensemble({"tenths", "computed"}).answers(Split::validation)); // the network answers for it
    BOOST_TEST(ensemble({"computed", "computed"}).answers(Split::validation));
}

// Training examples 0 and 4 are rows 7 and 3.
BOOST_AUTO_TEST_CASE(each_member_has_its_row_of_an_example_and_together_their_mean) {
    Ensemble both = ensemble({"tenths", "fifths"});
    BOOST_TEST(both.members() == 2U);
    const std::size_t logits[] = {0};
    const auto pass = both.make_pass({sdk::Mode::evaluate, 2, 0, false, false, logits});
    const sdk::MatrixBuffer inputs(2, 1);
    const std::uint64_t ids[] = {0, 4};
    pass->forward({inputs.view(), {}, ids, 0, Split::train}, {});
    const float places[] = {7.0F, 3.0F};
    for (std::size_t r = 0; r < 2; ++r) {
        const std::span<const float> tenths = pass->member_tap(0, 0).row(r);
        const std::span<const float> fifths = pass->member_tap(1, 0).row(r);
        BOOST_TEST(tenths[0] == 0.1F * places[r]);
        BOOST_TEST(fifths[0] == 0.2F * places[r]);
        BOOST_TEST(probability(pass->tap(0).row(r)) == 0.5 * (probability(tenths) + probability(fifths)),
                   boost::test_tools::tolerance(1e-6));
    }
}

BOOST_AUTO_TEST_SUITE_END()
