// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/roles/objective.hpp>
#include <retort/sdk/settings.hpp>

#include <boost/test/unit_test.hpp>

#include <support/listing.hpp>

BOOST_AUTO_TEST_SUITE(test_settings)

using namespace retort::sdk;

namespace {

enum class Activation { relu, tanh };

std::span<const std::string_view> names_of(Activation) {
    static constexpr std::string_view names[] = {"relu", "tanh"};
    return names;
}

struct Penalty {
    double weight = 10.0;

    void fields(Fields &field) { field("weight", weight, "Weight.", {0.0, 100.0}); }
};

struct Everything {
    double rate = 0.5;
    bool enabled = true;
    std::uint8_t count = 3;
    std::int64_t offset = -4;
    Activation activation = Activation::tanh;
    std::string directory = "here";
    Schedule schedule = 0.25;
    Penalty penalty;
    std::optional<Penalty> extra;
    std::vector<std::uint32_t> hidden{1200, 800};
    Map<double> weights{{{"a", 1.0}, {"b", 2.0}}};
    ComponentSpec<Objective> objective{"minimax"};
    Reference<Dataset> data{"mnist"};

    void fields(Fields &field) {
        field("rate", rate, "Rate.", {0.0, 1.0});
        field("enabled", enabled, "On.");
        field("count", count, "Count.");
        field("offset", offset, "Offset.", {-10, 10});
        field("activation", activation, "Which.");
        field.required("directory", directory, "Where.");
        field("schedule", schedule, "When.", {0.0, 1.0});
        field("penalty", penalty, "Penalty.");
        field("extra", extra, "Optional penalty.");
        field("hidden", hidden, "Widths.", {1, 4096});
        field("weights", weights, "Weights.", {0.0, 5.0});
        field("objective", objective, "Game.");
        field.required("data", data, "Dataset.");
    }
};

/// Writes other values into everything.
class Changing final : public Fields {
  public:
    void real(const Field &, double &value) override { value = 0.75; }
    void integer(const Field &, std::int64_t &value) override { value = 7; }
    void flag(const Field &, bool &value) override { value = false; }
    void choice(const Field &, std::span<const std::string_view>, std::size_t &index) override { index = 0; }
    void text(const Field &, TextSlot &slot) override { slot.assign("there"); }
    void schedule(const Field &, Schedule &value) override { value = Schedule(Schedule::Shape::linear, 1.0, 0.0); }

    void record(const Field &, RecordSlot &slot) override {
        slot.set_present(true);
        slot.visit(*this);
    }

    void list(const Field &, ListSlot &slot) override {
        slot.clear();
        slot.append("only");
        slot.visit(0, *this);
    }

    void component(const Field &, ComponentSlot &slot) override { slot.bind("hinge", nullptr); }
    void reference(const Field &, std::string_view, TextSlot &slot) override { slot.assign("letters"); }
};

} // namespace

BOOST_AUTO_TEST_CASE(one_declaration_shows_everything) {
    Everything settings;
    BOOST_TEST(retort::test::Listing::of(settings) == R"(
rate: real 0..1 = 0.5
enabled: flag = 1
count: integer 0..255 = 3
offset: integer -10..10 = -4
activation: choice of 2 = tanh
directory!: text = here
schedule: schedule 0..1 = 0.25
penalty: record
weight: real 0..100 = 10
extra: optional absent
weight: real 0..100 = 10
hidden: list of 2 
: integer 1..4096 = 1200 
: integer 1..4096 = 800
: integer 1..4096 = 0
weights: map of 2 a
: real 0..5 = 1 b
: real 0..5 = 2
: real 0..5 = 0
objective: component objective = minimax
data!: reference dataset = mnist)");
}

BOOST_AUTO_TEST_CASE(one_declaration_reads_everything) {
    Everything settings;
    Changing changing;
    settings.fields(changing);
    BOOST_TEST(settings.rate == 0.75);
    BOOST_TEST(!settings.enabled);
    BOOST_TEST(settings.count == 7);
    BOOST_TEST(settings.offset == 7);
    BOOST_TEST((settings.activation == Activation::relu));
    BOOST_TEST(settings.directory == "there");
    BOOST_TEST((settings.schedule.shape == Schedule::Shape::linear));
    BOOST_TEST(settings.penalty.weight == 0.75);
    BOOST_TEST_REQUIRE(settings.extra.has_value());
    BOOST_TEST(settings.extra->weight == 0.75);
    BOOST_TEST((settings.hidden == std::vector<std::uint32_t>{7}));
    BOOST_TEST_REQUIRE(settings.weights.items.size() == 1U);
    BOOST_TEST(settings.weights.items[0].first == "only");
    BOOST_TEST(settings.weights.items[0].second == 0.75);
    BOOST_TEST(settings.objective.type == "hinge");
    BOOST_TEST(settings.data.name == "letters");
}

BOOST_AUTO_TEST_SUITE_END()
