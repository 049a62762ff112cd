// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/components/observers.hpp>
#include <stdexcept>
#include <string>
#include <support/fake_run.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_observers)

using namespace retort;

namespace {

/// Says its name before everything that it hears; throws at the call that it is told to.
class NamedObserver final : public sdk::Observer {
  public:
    NamedObserver(std::string name, std::string throws_at, std::vector<std::string> &heard)
        : name_(std::move(name)), throws_at_(std::move(throws_at)), heard_(heard) {}

    void begin_run() override { hear("begin_run"); }

    void begin_stage(const sdk::StageInfo &) override { hear("begin_stage"); }

    void step(const sdk::StageInfo &stage, std::uint64_t step, std::span<const sdk::Metric>) override {
        hear("step " + std::to_string(step) + " of " + std::string(stage.name));
    }

    void epoch(const sdk::StageInfo &, std::uint64_t epoch, std::span<const sdk::Metric> metrics) override {
        hear("epoch " + std::to_string(epoch) + " " + std::string(metrics[0].name));
    }

    void event(const sdk::StageInfo &, std::uint64_t, std::string_view kind, std::string_view) override {
        hear("event " + std::string(kind));
    }

    void end_stage(const sdk::StageInfo &, bool complete) override { hear(complete ? "complete" : "incomplete"); }

    void end_run() override { hear("end_run"); }

  private:
    void hear(const std::string &what) {
        heard_.push_back(name_ + " " + what);
        if (what == throws_at_)
            throw std::runtime_error(name_ + " broke");
    }

    std::string name_;
    std::string throws_at_;
    std::vector<std::string> &heard_;
};

/// Observers "a" and "b", of which each may throw once.
struct Fixture {
    explicit Fixture(const std::string &a_throws_at = {}, const std::string &b_throws_at = {}) {
        add("a", a_throws_at);
        add("b", b_throws_at);
    }

    void add(const std::string &name, const std::string &throws_at) {
        all.push_back(
            {name, {"plugin_" + name, "/observers/" + name}, std::make_unique<NamedObserver>(name, throws_at, heard)});
    }

    std::vector<std::string> heard;
    std::vector<std::string> logged;
    framework::RunLog log{[this](framework::LogLevel, std::string_view line) { logged.emplace_back(line); }};
    std::vector<framework::Built<sdk::Observer>> all;
    framework::Observers observers{all, log};
    sdk::StageInfo stage{"teach", "supervised", "net", 6, 3};
};

/// Whether an error says which observer broke, and when.
auto broke(const std::string &name, const std::string &stage) {
    return [=](const framework::Error &error) {
        const framework::Problem &problem = error.problems().at(0);
        BOOST_TEST(problem.message == name + " broke");
        BOOST_TEST(problem.where == "/observers/" + name);
        BOOST_TEST(problem.plugin == "plugin_" + name);
        BOOST_TEST(problem.stage == stage);
        return error.problems().size() == 1;
    };
}

using Lines = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_CASE(all_hear_everything_in_order) {
    Fixture fixture;
    const sdk::Metric metrics[] = {{"loss", 1.0}};
    const framework::Event events[] = {{"alarm", "loud"}, {"calm", "quiet"}};
    fixture.observers.begin_run();
    fixture.observers.begin_stage(fixture.stage);
    fixture.observers.step(1, metrics);
    fixture.observers.events(1, events);
    fixture.observers.epoch(1, metrics);
    fixture.observers.end_stage(true);
    fixture.observers.end_run();
    const Lines expected{"a begin_run",       "b begin_run",       "a begin_stage",  "b begin_stage",
                         "a step 1 of teach", "b step 1 of teach", "a event alarm",  "b event alarm",
                         "a event calm",      "b event calm",      "a epoch 1 loss", "b epoch 1 loss",
                         "a complete",        "b complete",        "a end_run",      "b end_run"};
    BOOST_TEST(fixture.heard == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_one_throws_names_it_and_the_stage) {
    Fixture outside({}, "end_run");
    BOOST_CHECK_EXCEPTION(outside.observers.end_run(), framework::Error, broke("b", ""));
    Fixture within("step 2 of teach");
    within.observers.begin_stage(within.stage);
    BOOST_CHECK_EXCEPTION(within.observers.step(2, {}), framework::Error, broke("a", "teach"));
    within.observers.end_stage(false);
    Fixture after("end_run");
    after.observers.begin_stage(after.stage);
    after.observers.end_stage(true);
    BOOST_CHECK_EXCEPTION(after.observers.end_run(), framework::Error, broke("a", ""));
}

BOOST_AUTO_TEST_CASE(all_are_told_of_the_end_before_the_first_error_is_thrown) {
    Fixture fixture("complete", "complete");
    fixture.observers.begin_stage(fixture.stage);
    fixture.heard.clear();
    BOOST_CHECK_EXCEPTION(fixture.observers.end_stage(true), framework::Error, broke("a", "teach"));
    const Lines expected{"a complete", "b complete"};
    BOOST_TEST(fixture.heard == expected, boost::test_tools::per_element());
    fixture.observers.end_stage(false); // it has ended
    BOOST_TEST(fixture.heard.size() == 2U);
}

BOOST_AUTO_TEST_CASE(who_did_not_hear_of_the_begin_is_not_told_of_the_end) {
    Fixture fixture({}, "begin_stage");
    BOOST_CHECK_EXCEPTION(fixture.observers.begin_stage(fixture.stage), framework::Error, broke("b", "teach"));
    fixture.observers.abandon_stage();
    const Lines expected{"a begin_stage", "b begin_stage", "a incomplete"};
    BOOST_TEST(fixture.heard == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(errors_of_an_abandoned_stage_are_logged) {
    Fixture fixture({}, "incomplete");
    fixture.observers.begin_stage(fixture.stage);
    fixture.observers.abandon_stage();
    BOOST_TEST_REQUIRE(fixture.logged.size() == 1U);
    BOOST_TEST(fixture.logged[0].find("b broke") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
