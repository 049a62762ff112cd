// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/detail/slots.hpp>
#include <retort/sdk/roles/objective.hpp>
#include <retort/sdk/settings.hpp>

#include <boost/test/unit_test.hpp>

#include <support/listing.hpp>

BOOST_AUTO_TEST_SUITE(test_slots)

using namespace retort::sdk;
using namespace retort::sdk::detail;
using retort::test::Listing;

namespace {

struct Weight {
    double value = 10.0;

    void fields(Fields &field) { field("value", value, "Weight."); }
};

constexpr Field field{"list", "Elements.", {0.0, 5.0}, true};

template <class Slot> std::string visited(Slot &slot) {
    Listing listing;
    slot.visit(listing);
    return listing.out.str();
}

template <class Slot> std::string visited(Slot &slot, std::size_t index) {
    Listing listing;
    slot.visit(index, listing);
    return listing.out.str();
}

template <class Slot> std::string prototype(Slot &slot) {
    Listing listing;
    slot.prototype(listing);
    return listing.out.str();
}

class NoGame final : public Builder<Objective> {
  public:
    [[nodiscard]] std::unique_ptr<Objective> build(const ObjectiveContext &) const override { return nullptr; }
};

} // namespace

static_assert(has_fields<Weight> && !has_fields<int>);
static_assert(is_vector<std::vector<int>> && !is_vector<std::string>);
static_assert(is_optional<std::optional<Weight>> && !is_optional<Weight>);

BOOST_AUTO_TEST_CASE(a_string_is_read_and_written_in_place) {
    std::string text = "here";
    StringSlot slot(text);
    BOOST_TEST(slot.text() == "here");
    slot.assign("there");
    BOOST_TEST(text == "there");
    BOOST_TEST(slot.text() == "there");
}

BOOST_AUTO_TEST_CASE(a_plain_record_is_always_there) {
    Weight weight{3.0};
    PlainRecordSlot slot(weight);
    BOOST_TEST(!slot.optional());
    slot.set_present(false);
    BOOST_TEST(slot.present());
    BOOST_TEST(visited(slot) == "\nvalue: real = 3");
    BOOST_TEST(prototype(slot) == "\nvalue: real = 10"); // the default, whatever the value
}

BOOST_AUTO_TEST_CASE(an_optional_record_comes_with_its_defaults_and_goes) {
    std::optional<Weight> weight;
    OptionalRecordSlot slot(weight);
    BOOST_TEST(slot.optional());
    BOOST_TEST(!slot.present());
    BOOST_TEST(prototype(slot) == "\nvalue: real = 10");
    BOOST_TEST(!weight.has_value());
    slot.set_present(true);
    BOOST_TEST(slot.present());
    BOOST_TEST(visited(slot) == "\nvalue: real = 10");
    weight->value = 3.0;
    BOOST_TEST(visited(slot) == "\nvalue: real = 3");
    slot.set_present(false);
    BOOST_TEST(!weight.has_value());
}

BOOST_AUTO_TEST_CASE(the_elements_of_a_vector_share_the_range_of_their_field) {
    std::vector<double> values{1.0, 2.0};
    VectorSlot slot(values, field);
    BOOST_TEST(!slot.named());
    BOOST_TEST(slot.size() == 2U);
    BOOST_TEST(slot.name(0).empty());
    BOOST_TEST(visited(slot, 1) == "\n: real 0..5 = 2"); // an element is not itself required
    BOOST_TEST(prototype(slot) == "\n: real 0..5 = 0");
    slot.append("ignored");
    BOOST_TEST((values == std::vector<double>{1.0, 2.0, 0.0}));
    slot.clear();
    BOOST_TEST(values.empty());
}

BOOST_AUTO_TEST_CASE(the_elements_of_a_map_have_names_in_order) {
    Map<Weight> map{{{"b", {1.0}}}};
    MapSlot slot(map, field);
    BOOST_TEST(slot.named());
    slot.append("a");
    BOOST_TEST_REQUIRE(slot.size() == 2U);
    BOOST_TEST(slot.name(0) == "b");
    BOOST_TEST(slot.name(1) == "a");
    BOOST_TEST(visited(slot, 0) == "\n: record\nvalue: real = 1");
    BOOST_TEST(visited(slot, 1) == "\n: record\nvalue: real = 10");
    BOOST_TEST(prototype(slot) == "\n: record\nvalue: real = 10");
    BOOST_TEST(slot.size() == 2U);
    slot.clear();
    BOOST_TEST(map.items.empty());
}

BOOST_AUTO_TEST_CASE(a_component_takes_the_builder_of_its_role) {
    ComponentSpec<Objective> spec("minimax");
    spec.optional = true;
    SpecSlot slot(spec);
    BOOST_TEST(slot.role() == "objective");
    BOOST_TEST(slot.default_type() == "minimax");
    BOOST_TEST(slot.optional());
    const std::shared_ptr<const Builder<Objective>> builder = std::make_shared<NoGame>();
    slot.bind("hinge", builder);
    BOOST_TEST(spec.type == "hinge");
    BOOST_TEST(spec.builder.get() == builder.get());
}

BOOST_AUTO_TEST_SUITE_END()
