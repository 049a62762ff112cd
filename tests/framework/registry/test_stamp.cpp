// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/registry/stamp.hpp>

BOOST_AUTO_TEST_SUITE(test_framework_stamp)

using retort::framework::own_stamp;
using retort::framework::processor_level;
using retort::framework::stamp_mismatch;

BOOST_AUTO_TEST_CASE(a_binary_fits_itself) {
    BOOST_TEST(stamp_mismatch(own_stamp(), own_stamp(), processor_level()) == "");
    BOOST_TEST(own_stamp().find("__contract_5__") != own_stamp().npos);
    BOOST_TEST(own_stamp().find("__hash_unknown") == own_stamp().npos);
}

BOOST_AUTO_TEST_CASE(each_difference_is_named) {
    struct Case {
        const char *found;
        const char *reason;
    };
    const char *expected = "retort_stamp__contract_1__head_1__rtti_1__isa_1__hash_aa";
    const Case cases[] = {
        {"retort_stamp__contract_1__head_1__rtti_1__isa_1__hash_aa", ""},
        {"retort_stamp__contract_1__head_1__rtti_1__isa_1__hash_bb", ""},
        {"retort_stamp__contract_1__head_1__rtti_1__isa_3__hash_aa", ""},
        {"retort_stamp__contract_2__head_1__rtti_1__isa_1__hash_aa", "contract is 2, must be 1"},
        {"retort_stamp__contract_1__head_2__rtti_1__isa_1__hash_aa", "head is 2, must be 1"},
        {"retort_stamp__contract_1__head_1__isa_1__hash_aa", "rtti is missing, must be 1"},
        {"retort_stamp__contract_1__head_1__rtti_1__isa_1__new_7__hash_aa", "new is 7, must be missing"},
        {"retort_stamp__contract_1__head_1__rtti_1__isa_4__hash_aa", "isa is 4, this processor supports up to 3"},
        {"retort_stamp__contract_1__head_1__rtti_1__isa_x__hash_aa", "isa is x, this processor supports up to 3"},
        {"retort_stamp__contract_2__head_1__rtti_0__isa_1__hash_bb",
         "contract is 2, must be 1; rtti is 0, must be 1 (the headers of the contract differ too: bb there, aa here)"},
        {"retort_stamp__", "contract is missing, must be 1; head is missing, must be 1; "
                           "isa is missing, this processor supports up to 3; rtti is missing, must be 1 "
                           "(the headers of the contract differ too: missing there, aa here)"},
    };
    for (const Case &test : cases)
        BOOST_TEST_CONTEXT(test.found)
    BOOST_TEST(stamp_mismatch(expected, test.found, 3) == test.reason);
}

BOOST_AUTO_TEST_CASE(this_processor_has_a_level) {
    BOOST_TEST(processor_level() >= 1);
    BOOST_TEST(processor_level() <= 4);
}

BOOST_AUTO_TEST_SUITE_END()
