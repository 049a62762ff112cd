// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/run/state_digests.hpp>
#include <set>

BOOST_AUTO_TEST_SUITE(test_state_digests)

using namespace retort;

namespace {

class Keeper final : public sdk::Component {
  public:
    void visit_state(sdk::StateVisitor &visitor) override {
        visitor.array("floats", std::span(floats));
        visitor.value("count", count);
    }

    std::vector<float> floats{1.0F, 2.0F, 3.0F};
    std::uint64_t count = 7;
};

std::vector<std::int64_t> numbers_of(Keeper &keeper) {
    framework::StateDigests digests;
    digests.child("keeper", keeper);
    return {digests.numbers().begin(), digests.numbers().end()};
}

} // namespace

BOOST_AUTO_TEST_CASE(every_bit_of_an_array_changes_its_number_alone) {
    Keeper keeper;
    const auto before = numbers_of(keeper);
    BOOST_TEST(numbers_of(keeper) == before, boost::test_tools::per_element());
    std::set<std::int64_t> seen{before[0]};
    for (float &value : keeper.floats)
        for (std::uint32_t bit = 0; bit < 32; ++bit) {
            auto &bits = reinterpret_cast<std::uint32_t &>(value);
            bits ^= 1U << bit;
            const auto after = numbers_of(keeper);
            BOOST_TEST(seen.insert(after[0]).second);
            BOOST_TEST(after[1] == before[1]);
            bits ^= 1U << bit;
        }
    keeper.count = 8;
    BOOST_TEST(numbers_of(keeper)[1] != before[1]);
}

BOOST_AUTO_TEST_CASE(arrays_have_the_names_of_where_they_are) {
    Keeper keeper;
    framework::StateDigests digests;
    digests.child("keeper", keeper);
    double last = 0.0;
    digests.value("last", last);
    BOOST_TEST(digests.names() == (std::vector<std::string>{"keeper/floats", "keeper/count", "last"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
