// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/roles/trainer.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <support/context.hpp>
#include <support/fake_run.hpp>
#include <support/state.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_trainer)

using namespace retort;
using namespace retort::sdk;

namespace {

class Names final : public Metrics {
  public:
    void add(std::string_view name, double) override { names.emplace_back(name); }

    std::vector<std::string> names;
};

class OneModel final : public Parts {
  public:
    [[nodiscard]] Model &model(std::string_view) override { return net; }

    [[nodiscard]] const Dataset &dataset(std::string_view) override { return data; }

    [[nodiscard]] Random dataset_random(std::string_view) override { return Random{3}; }

    test::FakeModel net;
    test::FakeDataset data;
};

/// Trains the parts' model without figures of its own for an epoch.
class Plain final : public Trainer {
  public:
    explicit Plain(const TrainerContext &context) : model_(context.parts.model("net")) {}

    [[nodiscard]] std::string_view trains() const override { return "net"; }

    void prepare(bool) override {}

    [[nodiscard]] std::uint64_t steps() const override { return 1; }

    [[nodiscard]] std::uint64_t steps_per_epoch() const override { return 1; }

    void step(std::uint64_t k, Metrics &metrics) override {
        model_.parameters().values[0] = static_cast<float>(k) + 1.0F;
        metrics.add("loss", 0.0);
    }

    void evaluate(Split, Metrics &) override {}

  private:
    Model &model_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_trainer_works_on_the_parts_of_its_context_and_reports_no_epoch_by_default) {
    test::Surroundings surroundings;
    OneModel parts;
    Plain plain({surroundings.context(), parts});
    Trainer &trainer = plain;
    Names metrics;
    BOOST_TEST(Trainer::role == "trainer");
    trainer.step(0, metrics);
    trainer.end_epoch(metrics);
    BOOST_TEST((metrics.names == std::vector<std::string>{"loss"}));
    BOOST_TEST(parts.net.parameters().values[0] == 1.0F);
    BOOST_TEST((test::State::of(trainer) == test::State{})); // models are the framework's to keep
}

BOOST_AUTO_TEST_SUITE_END()
