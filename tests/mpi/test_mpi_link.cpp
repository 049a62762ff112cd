// SPDX-License-Identifier: Apache-2.0
// Run by mpirun in several processes, and alone; each process makes all of these tests.
#include <retort/mpi/mpi_link.hpp>
#include <retort/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_mpi_link)

using namespace retort;

namespace {

/// Of the process: MPI cannot begin twice.
struct Joined {
    Joined() { link = mpi::make_link(); }

    ~Joined() { link.reset(); }

    static inline std::unique_ptr<framework::ReplicaLink> link;
};

framework::ReplicaLink &link() {
    return *Joined::link;
}

/// Numbers of many sizes, so that each order of adding them rounds otherwise.
template <class Number> std::vector<Number> numbers_of(std::size_t replica, std::size_t size) {
    std::vector<float> normal(size);
    sdk::fill_normal(sdk::Random{7}.at(replica), normal);
    std::vector<Number> result(size);
    for (std::size_t i = 0; i < size; ++i)
        result[i] = static_cast<Number>(normal[i]) * std::exp2(static_cast<Number>(i % 40));
    return result;
}

template <class Number> void check_sum(std::size_t size) {
    std::vector<Number> expected = numbers_of<Number>(0, size);
    for (std::size_t replica = 1; replica < link().count(); ++replica) {
        const std::vector<Number> other = numbers_of<Number>(replica, size);
        for (std::size_t i = 0; i < size; ++i)
            expected[i] += other[i];
    }
    for (int repetition = 0; repetition < 3; ++repetition) {
        std::vector<Number> values = numbers_of<Number>(link().index(), size);
        link().sum(std::span(values));
        BOOST_TEST(std::memcmp(values.data(), expected.data(), size * sizeof(Number)) == 0, size << " numbers");
    }
}

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(Joined);

BOOST_AUTO_TEST_CASE(sums_are_those_in_the_order_of_the_replicas_to_the_bit) {
    for (const std::size_t size : {0U, 1U, 2U, 511U, 512U, 513U, 1000U, 100'003U}) {
        check_sum<float>(size);
        check_sum<double>(size);
    }
}

BOOST_AUTO_TEST_CASE(maxima_and_copies_reach_all) {
    const auto index = static_cast<std::int64_t>(link().index());
    const auto last = static_cast<std::int64_t>(link().count()) - 1;
    std::int64_t values[] = {index, -index, 5};
    link().maximum(values);
    BOOST_TEST(values[0] == last);
    BOOST_TEST(values[1] == 0);
    BOOST_TEST(values[2] == 5);
    for (std::size_t from = 0; from < link().count(); ++from) {
        std::string text = "text of " + std::to_string(link().index());
        link().copy(text, from);
        BOOST_TEST(text == "text of " + std::to_string(from));
    }
    BOOST_TEST(link().threads() >= 1U);
}

BOOST_AUTO_TEST_SUITE_END()
