// SPDX-License-Identifier: Apache-2.0
#include "source.hpp"

#include <retort/sdk/arena.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <plugins/models/recorded/recorded.hpp>
#include <string>
#include <support/context.hpp>
#include <support/example_files.hpp>
#include <support/state.hpp>
#include <support/temporary_folder.hpp>
#include <vector>

using namespace retort;
using namespace retort::test;
using model_recorded::Recorded;
using sdk::Split;

namespace {

/// Row i of `rows` rows of two numbers begins with 10 i.
std::string tens(std::size_t rows, std::size_t width = 2) {
    std::vector<float> values(rows * width);
    for (std::size_t i = 0; i < rows; ++i)
        values[i * width] = static_cast<float>(10 * i);
    return npy_bytes("<f4", "(" + std::to_string(rows) + ", " + std::to_string(width) + ")", bytes_of(values));
}

struct Fixture {
    Fixture() {
        write_file(folder.path() / "all.npy", tens(8));
        write_file(folder.path() / "test.npy", tens(2));
        write_file(folder.path() / "hidden.npy", tens(8, 3));
        settings.taps.items = {{"logits", {"all.npy", "all.npy", "test.npy"}}, {"hidden.0", {"hidden.npy", "", ""}}};
    }

    sdk::ModelContext context() { return {surroundings.context(), 1, {}, 2, folder.path().string(), &source, nullptr}; }

    Recorded make() { return {settings, context()}; }

    /// "pointer: message" of the constructor's, or of reading the files.
    std::string mistake() {
        try {
            make().initialise({});
            return {};
        } catch (const sdk::Error &error) {
            return error.pointer() + ": " + error.what();
        }
    }

    TemporaryFolder folder;
    Surroundings surroundings;
    ReversedSource source;
    Recorded::Settings settings;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(test_recorded, Fixture)

BOOST_AUTO_TEST_CASE(each_example_has_the_row_of_its_number_in_the_source) {
    Recorded model = make();
    BOOST_TEST_REQUIRE(model.taps().size() == 2U); // the logits last
    BOOST_TEST(model.taps()[0].name == "hidden.0");
    BOOST_TEST(model.taps()[0].width == 3U);
    BOOST_TEST(model.taps()[1].name == "logits");
    BOOST_TEST(model.by_id());
    const std::size_t taps[] = {0, 1};
    const auto pass = model.make_pass({sdk::Mode::evaluate, 2, 1, false, false, taps});
    const sdk::MatrixBuffer inputs(2, 1);
    const std::uint64_t ids[] = {0, 4};
    pass->forward({inputs.view(), {}, ids, 0, Split::train}, {});
    BOOST_TEST(pass->tap(0).row(0)[0] == 70.0F);
    BOOST_TEST(pass->tap(0).row(1)[0] == 30.0F);
    BOOST_TEST(pass->tap(1).row(0)[0] == 70.0F);
    BOOST_TEST(pass->tap(1).row(1)[0] == 30.0F);
    const std::size_t logits[] = {1};
    const auto tested = model.make_pass({sdk::Mode::evaluate, 2, 0, false, false, logits});
    const std::uint64_t both[] = {1, 0};
    tested->forward({inputs.view(), {}, both, 0, Split::test}, {});
    BOOST_TEST(tested->tap(1).row(0)[0] == 10.0F);
    BOOST_CHECK_THROW((void)tested->tap(0), sdk::Error);
    BOOST_CHECK_THROW(tested->forward({inputs.view(), {}, {}, 0, Split::test}, {}), sdk::Error); // augmented
    const std::uint64_t beyond[] = {1, 2};
    BOOST_CHECK_THROW(tested->forward({inputs.view(), {}, beyond, 0, Split::test}, {}), sdk::Error);
}

BOOST_AUTO_TEST_CASE(it_answers_for_splits_that_every_tap_has_a_file_of) {
    BOOST_TEST(make().answers(Split::train));
    BOOST_TEST(!make().answers(Split::validation)); // hidden.0 has none
    settings.taps.items.pop_back();
    BOOST_TEST(make().answers(Split::validation));
    BOOST_TEST(make().answers(Split::test));
}

BOOST_AUTO_TEST_CASE(logits_are_logarithms_of_probabilities) {
    settings.taps.items = {{"logits", {"", "", "test.npy"}}};
    write_file(folder.path() / "test.npy", npy_bytes("<f4", "(2, 2)", bytes_of({0.25F, 0.75F, 0.0F, 1.0F})));
    for (const bool probabilities : {false, true}) {
        settings.probabilities = probabilities;
        Recorded model = make();
        model.initialise({});
        BOOST_TEST(model.row(0, Split::test, 0)[1] == (probabilities ? std::log(0.75F) : 0.75F));
        BOOST_TEST(std::isfinite(model.row(0, Split::test, 1)[0])); // of a probability of 0
    }
}

BOOST_AUTO_TEST_CASE(logits_are_not_taken_for_probabilities) {
    settings.taps.items = {{"logits", {"", "", "test.npy"}}};
    settings.probabilities = true;
    const std::string begin = "/taps/logits/test: " + folder.path().string() +
                              "/test.npy: row 1, counted from 0, is no distribution over classes: ";
    const auto found = [&](float first, float second) {
        write_file(folder.path() / "test.npy", npy_bytes("<f4", "(2, 2)", bytes_of({0.5F, 0.5F, first, second})));
        const std::string all = mistake();
        BOOST_TEST((all.empty() || all.starts_with(begin)), all);
        return all.substr(std::min(all.size(), begin.size()));
    };
    BOOST_TEST(found(3.0F, -2.0F) ==
               "its sum is 1, its least number -2; allowed: probabilities, which are not negative "
               "and sum to 1, or \"probabilities\": false for logits");
    BOOST_TEST(found(0.5F, 0.25F).starts_with("its sum is 0.75, its least number 0"));
    BOOST_TEST(found(0.2501F, 0.7503F).empty()); // rounded
}

BOOST_AUTO_TEST_CASE(other_files_are_another_state) {
    const auto digest = [&] {
        Recorded model = make();
        model.initialise({});
        return State::of(model);
    };
    const auto before = digest();
    BOOST_CHECK(before == digest());
    write_file(folder.path() / "test.npy", npy_bytes("<f4", "(2, 2)", bytes_of({0, 0, 10, 1})));
    BOOST_CHECK(before != digest());
}

BOOST_AUTO_TEST_CASE(mistakes) {
    const std::string place = folder.path().string();
    settings.taps.items[0].second.test = "hidden.npy";
    BOOST_TEST(mistake() ==
               "/taps/logits/test: " + place + "/hidden.npy: has 8 rows; the dataset has its test examples from 2");
    settings.taps.items[0].second.test = "none.npy";
    BOOST_TEST(mistake() == "/taps/logits/test: " + place + "/none.npy: there is no such file");
    settings.taps.items[0].second = {"", "", ""};
    BOOST_TEST(mistake() == "/taps/logits: it has no files; allowed: one of train, validation and test at least");
    settings.taps.items[0].second = {"hidden.npy", "", ""};
    BOOST_TEST(mistake() ==
               "/taps/logits: the files have 3 numbers a row; allowed: 2, as many as the dataset has classes");
    settings.taps.items[0].first = "hidden.1";
    BOOST_TEST(mistake() == "/taps: there is no tap \"logits\"; allowed: taps with that one among them");
    settings.taps.items = {{"logits", {"all.npy", "", ""}}};
    std::vector<float> values(16);
    values[5] = std::numeric_limits<float>::infinity();
    write_file(folder.path() / "all.npy", npy_bytes("<f4", "(8, 2)", bytes_of(values)));
    BOOST_TEST(mistake() == "/taps/logits/train: " + place +
                                "/all.npy: number 1 of row 2, counted from 0, is inf; allowed: finite numbers");
    Recorded sound = make();
    BOOST_CHECK_THROW((void)sound.make_pass({sdk::Mode::train, 2, 0, true, false, {}}), sdk::Error);
}

BOOST_AUTO_TEST_SUITE_END()
