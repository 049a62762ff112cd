// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/stamp.hpp>

#include <boost/test/unit_test.hpp>

#include <string_view>

BOOST_AUTO_TEST_SUITE(test_stamp)

BOOST_AUTO_TEST_CASE(the_stamp_names_every_field_once_in_order) {
    std::string_view rest = RETORT_STAMP_STRING;
    for (const char *field : {"retort_stamp__contract_",
                              "__dataset_",
                              "__model_",
                              "__head_",
                              "__discriminator_",
                              "__objective_",
                              "__loss_",
                              "__optimizer_",
                              "__trainer_",
                              "__observer_",
                              "__library_",
                              "__cxx11abi_",
                              "__debug_",
                              "__rtti_",
                              "__exceptions_",
                              "__fastmath_",
                              "__pointer_",
                              "__isa_",
                              "__sanitizer_",
                              "__hash_"})
        BOOST_TEST_CONTEXT(field) {
            const std::size_t place = rest.find(field);
            BOOST_TEST_REQUIRE(place != rest.npos);
            rest.remove_prefix(place + 1);
            BOOST_TEST(rest.find(field) == rest.npos);
        }
}

BOOST_AUTO_TEST_CASE(the_stamp_says_what_this_binary_is) {
    const std::string_view stamp = RETORT_STAMP_STRING;
    for (const char *field : {"__contract_5__", "__head_2__", "__library_libstdcxx__", "__rtti_1__", "__exceptions_1__",
                              "__fastmath_0__", "__pointer_64__"})
        BOOST_TEST(stamp.find(field) != stamp.npos, field);
}

BOOST_AUTO_TEST_SUITE_END()
