// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/mpi/source/processor_shares.hpp>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_processor_shares)

using namespace retort;

namespace {

/// "1100": the first two processors of four.
cpu_set_t mask_of(const std::string &text) {
    cpu_set_t mask;
    CPU_ZERO(&mask);
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '1')
            CPU_SET(i, &mask);
    return mask;
}

} // namespace

BOOST_AUTO_TEST_CASE(processors_are_shared_by_those_that_may_run_on_them) {
    struct Case {
        std::vector<std::string> masks;
        std::vector<std::size_t> threads;
    };
    const std::vector<Case> cases{
        {{"1111"}, {4}},
        {{"1111", "1111"}, {2, 2}},               // not bound
        {{"1100", "0011"}, {2, 2}},               // bound, each to its own
        {{"1000", "0100", "0010"}, {1, 1, 1}},    // bound to one each
        {{"1100", "1100", "0011"}, {1, 1, 2}},    // two share a half
        {{"111", "111", "111"}, {1, 1, 1}},       // thirds add up
        {{"11", "11", "11", "11"}, {1, 1, 1, 1}}, // more of them than processors
        {{"0000"}, {1}},                          // nothing is known
    };
    for (const Case &c : cases) {
        std::vector<cpu_set_t> masks;
        for (const std::string &text : c.masks)
            masks.push_back(mask_of(text));
        for (std::size_t i = 0; i < masks.size(); ++i)
            BOOST_TEST(mpi::threads_of_share(masks, i) == c.threads[i], c.masks[i] << " of " << masks.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
