// SPDX-License-Identifier: Apache-2.0
#include "workbench.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_errors_of_plugins)

using namespace retort::test;

namespace {

using Case = Cases::value_type;

/// A command where those plugins of tests/fixtures/plugins are found.
Case with_plugins(const std::string &cause, const Words &plugins, const std::string &line) {
    return {cause, [=](Workbench &bench) {
                for (const std::string &plugin : plugins)
                    bench.add_plugin(plugin);
                return bench.command(line);
            }};
}

Case listed(const std::string &cause, const Words &plugins) {
    return with_plugins(cause, plugins, "retort list observer --plugin-path plugins");
}

/// A run in which components of the plugin that throws take part.
Case faulty(const std::string &cause, const Words &settings) {
    return {cause, [=](Workbench &bench) {
                bench.add_plugin("fixture_faulty");
                return bench.run(settings);
            }};
}

/// What follows from a dataset of two numbers and two classes.
Case faulty_data(const std::string &cause, const std::string &dataset) {
    return faulty(cause, {"/data/mnist=" + dataset, "/stages/teach/augmentation/shift=0",
                          "/stages/distil/pairs/logits/condition/head/width=2"});
}

/// `retort validate` with that observer.
std::string observed(const std::string &type) {
    return "retort validate quick.json --plugin-path plugins --set '/observers=[{\"type\": \"" + type +
           "\"}]' >/dev/null";
}

const Words both{"fixture_duplicate_name", "fixture_good"};

const Cases refused{
    with_plugins("two plugins offer one name, `retort validate` with that name", both, observed("silent")),
    with_plugins("two plugins offer one name, `retort validate` with another name of either", both, observed("quiet")),
    with_plugins("two plugins offer one name, `retort validate` with the name of one of them at it", both,
                 observed("silent@fixture_good")),
    with_plugins("two plugins offer one name, `retort validate` with the name of a third at it", both,
                 observed("silent@losses")),
    listed("one plugin in two files", {"fixture_good", "fixture_good_stripped"}),
    listed("a plugin offers one name twice", {"fixture_offers_twice"}),
    listed("a plugin offers a name that is none", {"fixture_malformed_name"}),
    listed("a plugin throws a `std::exception` while it registers", {"fixture_throws_exception"}),
    listed("a plugin throws an integer while it registers", {"fixture_throws_integer"}),
    listed("a library that is no plugin of Retort", {"fixture_no_stamp"}),
    listed("a plugin compiled with `-ffast-math`", {"fixture_field_fastmath"}),
    listed("a plugin that crashes when it is opened", {"fixture_crashes"}),
    listed("a plugin that throws when it is opened", {"fixture_throws_when_opened"}),
    listed("a plugin that ends the process", {"fixture_exits"}),
    listed("a plugin that needs a library which is not there", {"fixture_missing_library"}),
    listed("a plugin that needs a symbol which is not there", {"fixture_unresolved_symbol"}),
    {"a plugin that everybody can write",
     [](Workbench &bench) {
         bench.add_plugin("fixture_good");
         fs::permissions(bench.path("plugins/fixture_good.so"), fs::perms::all);
         return bench.command("retort list observer --plugin-path plugins");
     }},
    {"a text file named `.so`",
     [](Workbench &bench) {
         write_file(bench.path("plugins/text.so"), "hello\n");
         return bench.command("retort list observer --plugin-path plugins");
     }},
    with_plugins("a folder of plugins that is not there", {}, "retort list observer --plugin-path plugin"),
};

const std::string discriminator = "/stages/distil/adversaries/main/discriminator=";

const Cases made{
    faulty_data("a setting's declaration throws", R"({"type": "faulty", "in": "fields"})"),
    faulty_data("a constructor throws an `sdk::Error`",
                R"({"type": "faulty", "in": "constructor", "throws": "error"})"),
    faulty_data("a constructor throws a `std::exception`", R"({"type": "faulty", "in": "constructor"})"),
    faulty_data("a constructor throws an integer", R"({"type": "faulty", "in": "constructor", "throws": "integer"})"),
    faulty_data("a constructor runs out of memory",
                R"({"type": "faulty", "in": "constructor", "throws": "bad_alloc"})"),
    faulty("a loss throws in its constructor", {R"(/stages/distil/losses=[{"type": "faulty", "in": "constructor"}])"}),
    faulty("a discriminator throws in its constructor", {discriminator + R"({"type": "faulty", "in": "constructor"})"}),
    faulty("an observer throws in its constructor", {R"(/observers=[{"type": "faulty", "in": "constructor"}])"}),
    faulty("two components throw in their constructors",
           {R"(/observers=[{"type": "faulty", "in": "constructor"}])",
            discriminator + R"({"type": "faulty", "in": "constructor"})"}),
    faulty("a plugin makes nothing", {R"(/observers=[{"type": "nothing"}])"}),
    faulty("heads whose spaces have different widths",
           {R"(/stages/distil/pairs/logits/student_head={"type": "elsewhere", "width": 5})"}),
    faulty("heads one of which samples from a simplex",
           {R"(/stages/distil/pairs/logits/student_head={"type": "elsewhere", "simplex": true})"}),
    faulty("a student's head that cannot meet a simplex",
           {R"(/stages/distil/pairs/logits/teacher_head={"type": "elsewhere", "simplex": true})"}),
    faulty_data("a dataset throws while it loads", R"({"type": "faulty", "in": "load", "throws": "error"})"),
    faulty_data("a dataset runs out of memory while it loads",
                R"({"type": "faulty", "in": "load", "throws": "bad_alloc"})"),
    faulty_data("a dataset throws while it is read", R"({"type": "faulty", "in": "read"})"),
    faulty_data("a dataset has a number that is none", R"({"type": "nan"})"),
};

} // namespace

BOOST_AUTO_TEST_CASE(plugins_that_are_not_loaded) {
    check_cases("Plugins that are not loaded", refused, check_nothing_written);
}

BOOST_AUTO_TEST_CASE(plugins_that_fail_before_the_run_begins) {
    check_cases("Components that cannot be made", made, check_nothing_written);
}

BOOST_AUTO_TEST_SUITE_END()
