// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/error.hpp>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <host/check_settings.hpp>

BOOST_AUTO_TEST_SUITE(test_check_settings)

using namespace retort;

namespace {

std::string object_of(const std::vector<std::string> &assignments) {
    return boost::json::serialize(host::settings_object(assignments));
}

} // namespace

BOOST_AUTO_TEST_CASE(values_are_json_or_text) {
    BOOST_TEST(object_of({}) == "{}");
    BOOST_TEST(object_of({"/directory=data/mnist", "/classes=7", "/hidden=[3,4]", "/on=true"}) ==
               R"({"directory":"data/mnist","classes":7,"hidden":[3,4],"on":true})");
}

BOOST_AUTO_TEST_CASE(pointers_lead_into_objects_and_lists) {
    BOOST_TEST(object_of({"/a/b=1", "/a/c=2", "/list/1=5", "/list/0=4"}) == R"({"a":{"b":1,"c":2},"list":[4,5]})");
}

BOOST_AUTO_TEST_CASE(what_is_no_assignment_is_refused) {
    for (const std::string text : {"", "a=1", "/a", "/=1"})
        BOOST_CHECK_EXCEPTION((void)host::settings_object({text}), framework::Error, [](const framework::Error &error) {
            return error.code() == framework::ErrorCode::usage;
        });
}

BOOST_AUTO_TEST_SUITE_END()
