// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/roles/observer.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <support/fake_run.hpp>
#include <support/state.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_observer)

using namespace retort;
using namespace retort::sdk;

namespace {

/// Hears epochs only.
class Epochs final : public Observer {
  public:
    void epoch(const StageInfo &stage, std::uint64_t epoch, std::span<const Metric> metrics) override {
        heard = std::string(stage.model) + std::to_string(epoch) + std::string(metrics[0].name);
    }

    std::string heard;
};

/// A run of one step, as the framework tells of it.
void tell(Observer &observer) {
    const StageInfo stage{"distil", "adversarial_distillation", "student", 1, 1};
    const std::array<Metric, 1> metrics{Metric{"loss", 0.5}};
    observer.begin_run();
    observer.begin_stage(stage);
    observer.step(stage, 1, metrics);
    observer.event(stage, 1, "alarm", "one");
    observer.epoch(stage, 1, metrics);
    observer.end_stage(stage, true);
    observer.end_run();
}

} // namespace

BOOST_AUTO_TEST_CASE(an_observer_hears_what_it_asks_for_and_may_ignore_the_rest) {
    Epochs epochs;
    tell(epochs);
    BOOST_TEST(Observer::role == "observer");
    BOOST_TEST(epochs.heard == "student1loss");
    BOOST_TEST((test::State::of(epochs) == test::State{}));
    Observer deaf;
    BOOST_CHECK_NO_THROW(tell(deaf));
}

BOOST_AUTO_TEST_CASE(every_call_can_be_heard) {
    std::vector<std::string> heard;
    test::FakeObserver all(heard);
    tell(all);
    const std::vector<std::string> expected{
        "begin_run",    "begin_stage distil",        "step 1 loss", "event 1 alarm one",
        "epoch 1 loss", "end_stage distil complete", "end_run"};
    BOOST_TEST(heard == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
