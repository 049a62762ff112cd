// SPDX-License-Identifier: Apache-2.0
#include "../stage.hpp"

#include <boost/test/unit_test.hpp>

#include <plugins/trainers/supervised/samples.hpp>
#include <string>
#include <vector>

using namespace retort;
using namespace retort::test;
using trainer_supervised::Samples;
using trainer_supervised::SamplesSettings;
using trainer_supervised::Supervised;

namespace {

/// The stage's student, and models of its shape to take its weights into.
struct Sampling : Stage {
    Sampling() { parts.models.insert({{"first", &first}, {"second", &second}, {"third", &third}}); }

    [[nodiscard]] static SamplesSettings settings_of(const std::vector<std::string> &models, double burn_in) {
        SamplesSettings settings;
        for (const std::string &model : models)
            settings.models.push_back({model});
        settings.burn_in = burn_in;
        return settings;
    }

    /// After which of `steps` steps each of the models is written; the student's first weight is the step's number.
    std::vector<float> taken(const std::vector<std::string> &models, double burn_in, std::uint64_t steps) {
        Samples samples(settings_of(models, burn_in), student, "student", steps, context());
        for (std::uint64_t k = 0; k < steps; ++k) {
            student.parameters().values[0] = static_cast<float>(k + 1);
            samples.take(k);
        }
        std::vector<float> result;
        for (const std::string &model : models)
            result.push_back(parts.model(model).parameters().values[0]);
        return result;
    }

    FakeModel first{4, 2, 3, 11};
    FakeModel second{4, 2, 3, 12};
    FakeModel third{4, 2, 3, 13};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(test_samples, Sampling)

BOOST_AUTO_TEST_CASE(weights_are_taken_at_evenly_spaced_steps_the_last_at_the_end) {
    BOOST_TEST(taken({"first"}, 0.0, 10) == std::vector<float>({10}), boost::test_tools::per_element());
    BOOST_TEST(taken({"first", "second", "third"}, 0.0, 10) == std::vector<float>({3, 6, 10}),
               boost::test_tools::per_element());
    BOOST_TEST(taken({"first", "second"}, 0.5, 10) == std::vector<float>({7, 10}), boost::test_tools::per_element());
    BOOST_TEST(taken({"first", "second", "third"}, 0.7, 10) == std::vector<float>({8, 9, 10}),
               boost::test_tools::per_element());
    BOOST_TEST(surroundings.problems.items.empty());
}

BOOST_AUTO_TEST_CASE(mistakes_are_reported) {
    parts.models.insert({"wide", &teacher});
    const Samples samples(settings_of({"student", "first", "first", "wide"}, 0.9), student, "student", 10, context());
    const std::vector<std::pair<std::string, std::string>> expected{
        {"/samples/models/0", R"("student" is the model that is trained; allowed: others)"},
        {"/samples/models/2", R"("first" is named twice; allowed: each model once)"},
        {"/samples/models/3",
         R"("wide" has other weights than "student"; allowed: models of the same type and widths)"},
        {"/samples/burn_in",
         "of the stage's 10 steps 1 come after it; allowed: at least one for each of the 4 models"}};
    BOOST_TEST_REQUIRE(surroundings.problems.items.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        BOOST_TEST(surroundings.problems.items[i].first == expected[i].first);
        BOOST_TEST(surroundings.problems.items[i].second == expected[i].second);
    }
}

BOOST_AUTO_TEST_CASE(a_stage_with_samples_writes_them) {
    Supervised::Settings supervised;
    supervised.model.name = "student";
    supervised.data.name = "data";
    supervised.batch = 10;
    supervised.epochs = 2;
    supervised.optimizer = fake_optimizer(0.05F);
    supervised.losses = {{fake_loss(sdk::Loss::On::labels), 1.0}};
    supervised.samples = settings_of({"first", "second"}, 0.0);
    Supervised subject(supervised, context());
    BOOST_TEST(std::vector<std::string>(subject.also_trains().begin(), subject.also_trains().end()) ==
                   std::vector<std::string>({"first", "second"}),
               boost::test_tools::per_element());
    subject.prepare(false);
    std::vector<float> halfway;
    for (std::uint64_t k = 0; k < subject.steps(); ++k) {
        subject.step(k, metrics);
        if (k == 2)
            halfway = student_values();
    }
    BOOST_TEST(copy_of(first.parameters().values) == halfway, boost::test_tools::per_element());
    BOOST_TEST(copy_of(second.parameters().values) == student_values(), boost::test_tools::per_element());
    BOOST_CHECK(halfway != student_values());
}

BOOST_AUTO_TEST_SUITE_END()
