// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/support/translate.hpp>
#include <functional>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_translate)

using namespace retort;
using framework::ErrorCode;
using sdk::ErrorKind;

namespace {

/// What `translate` makes of what `thrower` throws.
template <class Translate> auto caught(const std::function<void()> &thrower, Translate &&translate) {
    try {
        thrower();
    } catch (...) {
        return translate();
    }
    throw std::logic_error("nothing was thrown");
}

} // namespace

BOOST_AUTO_TEST_CASE(each_kind_has_its_exit_code) {
    const std::pair<ErrorKind, ErrorCode> codes[] = {
        {ErrorKind::settings, ErrorCode::manifest}, {ErrorKind::plugin, ErrorCode::plugin},
        {ErrorKind::data, ErrorCode::data},         {ErrorKind::training, ErrorCode::training},
        {ErrorKind::output, ErrorCode::output},     {ErrorKind::cancelled, ErrorCode::cancelled},
    };
    for (const auto &[kind, code] : codes)
        BOOST_CHECK(framework::code_of(kind) == code);
}

BOOST_AUTO_TEST_CASE(whatever_was_thrown_is_placed_and_named) {
    struct Case {
        std::function<void()> thrower;
        ErrorKind kind;
        const char *message, *pointer, *plugin;
    };
    const Case cases[] = {
        {[] { throw sdk::Error(ErrorKind::data, "damaged", "/file", "inner"); }, ErrorKind::data, "damaged",
         "/data/toy/file", "inner"},
        {[] { throw sdk::Error(ErrorKind::settings, "too wide", {}, ""); }, ErrorKind::settings, "too wide",
         "/data/toy", "outer"},
        {[] { throw std::out_of_range("no such row"); }, ErrorKind::plugin, "no such row", "/data/toy", "outer"},
        {[] { throw std::bad_alloc(); }, ErrorKind::plugin, "out of memory", "/data/toy", "outer"},
        {[] { throw 7; }, ErrorKind::plugin, "threw something that is no std::exception", "/data/toy", "outer"},
    };
    for (const Case &expected : cases)
        BOOST_TEST_CONTEXT(expected.message) {
            const sdk::Error error =
                caught(expected.thrower, [] { return framework::placed_exception("/data/toy", "outer"); });
            BOOST_CHECK(error.kind() == expected.kind);
            BOOST_TEST(error.what() == expected.message);
            BOOST_TEST(error.pointer() == expected.pointer);
            BOOST_TEST(error.plugin() == expected.plugin);

            const framework::Error translated =
                caught(expected.thrower, [] { return framework::translated_exception("/data/toy", "outer", "teach"); });
            BOOST_CHECK(translated.code() == framework::code_of(expected.kind));
            BOOST_TEST_REQUIRE(translated.problems().size() == 1U);
            const framework::Problem &problem = translated.problems()[0];
            BOOST_TEST(problem.message == expected.message);
            BOOST_TEST(problem.where == expected.pointer);
            BOOST_TEST(problem.plugin == expected.plugin);
            BOOST_TEST(problem.stage == "teach");
        }
}

BOOST_AUTO_TEST_CASE(an_error_of_ours_is_only_given_the_stage_it_lacks) {
    const auto thrower = [] {
        throw framework::Error(ErrorCode::data, {{"/a", "one", "its own", "first"}, {"/b", "two"}});
    };
    const framework::Error error =
        caught(thrower, [] { return framework::translated_exception("/data/toy", "outer", "teach"); });
    BOOST_CHECK(error.code() == ErrorCode::data);
    BOOST_TEST_REQUIRE(error.problems().size() == 2U);
    BOOST_TEST(error.problems()[0].where == "/a");
    BOOST_TEST(error.problems()[0].plugin == "its own");
    BOOST_TEST(error.problems()[0].stage == "first");
    BOOST_TEST(error.problems()[1].plugin == "");
    BOOST_TEST(error.problems()[1].stage == "teach");
}

BOOST_AUTO_TEST_CASE(what_is_no_plugins_is_our_own) {
    struct Case {
        std::function<void()> thrower;
        ErrorCode code;
        std::string text;
    };
    const Case cases[] = {
        {[] { throw framework::Error(ErrorCode::output, "/there", "full"); }, ErrorCode::output, "/there: full"},
        {[] { throw sdk::Error(ErrorKind::data, "damaged", "/p", "mine"); }, ErrorCode::internal, "damaged"},
        {[] { throw std::logic_error("oops"); }, ErrorCode::internal, "oops"},
        {[] { throw 7; }, ErrorCode::internal, "an exception that is no std::exception"},
    };
    for (const Case &expected : cases)
        BOOST_TEST_CONTEXT(expected.text) {
            const framework::Error error = caught(expected.thrower, [] { return framework::own_exception(); });
            BOOST_CHECK(error.code() == expected.code);
            BOOST_TEST(error.what() == expected.text);
        }
}

BOOST_AUTO_TEST_SUITE_END()
