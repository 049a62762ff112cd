// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/evaluate.hpp>
#include <retort/framework/json_text.hpp>
#include <retort/framework/loader.hpp>

#include <boost/test/unit_test.hpp>

#include <framework/source/files/sha256.hpp>
#include <framework/source/run/result.hpp>
#include <limits>
#include <support/temporary_folder.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_result)

using namespace retort::framework;
using retort::test::TemporaryFolder;
using retort::test::write_file;

BOOST_AUTO_TEST_CASE(reports_become_a_table) {
    const std::vector<Report> reports{
        {"teacher", "last", "teach", "mnist", 10000, 99, 0.9901, 0.03125, 0.0156, 0.002, 2395210, 81.5},
        {"teacher", "selected", "teach", "mnist", 10000, 101, 0.9899, 0.5, 0.25, 0.125, 2395210, 81.5}};
    BOOST_TEST(report_csv(reports) ==
               "model,weights,stage,data,size,errors,accuracy,nll,brier,ece,parameters,seconds,temperature,scaled_nll,"
               "scaled_brier,scaled_ece\n"
               "teacher,last,teach,mnist,10000,99,0.9901,0.03125,0.0156,0.002,2395210,81.5,,,,\n"
               "teacher,selected,teach,mnist,10000,101,0.9899,0.5,0.25,0.125,2395210,81.5,,,,\n");
}

BOOST_AUTO_TEST_CASE(what_scaling_and_other_data_say_stands_behind) {
    std::vector<Report> reports{{"a", "last", "s", "mnist", 4, 1, 0.75, 0.5, 0.25, 0.125, 2, 1.5},
                                {"b", "last", "s", "noise", 4, 1, 0.75, 0.5, 0.25, 0.125, 2, 1.5}};
    reports[0].scaled = {1.25, 0.375, std::numeric_limits<double>::quiet_NaN(), 0.0625, {}};
    reports[0].out_of_distribution = {{"fashion", 3, 0.875}, {"noise", 3, 1.0}};
    reports[1].out_of_distribution = {{"fashion", 3, 0.5}};
    BOOST_TEST(report_csv(reports) ==
               "model,weights,stage,data,size,errors,accuracy,nll,brier,ece,parameters,seconds,temperature,scaled_nll,"
               "scaled_brier,scaled_ece,auroc.fashion,auroc.noise\n"
               "a,last,s,mnist,4,1,0.75,0.5,0.25,0.125,2,1.5,1.25,0.375,,0.0625,0.875,1\n"
               "b,last,s,noise,4,1,0.75,0.5,0.25,0.125,2,1.5,,,,,0.5,\n");
    const std::string text = to_text(report_json(reports[0]));
    BOOST_TEST(text.ends_with(R"("seconds": 1.5, "temperature": 1.25, "scaled_nll": 0.375, "scaled_brier": null, )"
                              R"("scaled_ece": 0.0625, "auroc": {"fashion": 0.875, "noise": 1}})"));
    BOOST_TEST(report_json(reports[1]).at("temperature").is_null());
}

BOOST_AUTO_TEST_CASE(what_is_part_of_the_program_has_the_programs_digest) {
    const TemporaryFolder folder;
    const std::string library = (folder.path() / "library.so").string();
    write_file(library, "abc");
    const Entry entries[] = {{"model", "a", "", "library", "1.0", library, nullptr},
                             {"loss", "b", "", "program", "", "", nullptr},
                             {"observer", "c", "", "program", "", "", nullptr}};
    Plan plan;
    for (const Entry &entry : entries)
        plan.used.push_back(&entry);
    const std::vector<UsedPlugin> used = used_plugins(plan);
    BOOST_TEST_REQUIRE(used.size() == 2U);
    BOOST_TEST(used[0].sha256 == sha256_of_text("abc"));
    BOOST_TEST(used[1].name == "program");
    BOOST_TEST(used[1].file == executable_path().string());
    BOOST_TEST(used[1].sha256 == sha256_of("/proc/self/exe"));
}

BOOST_AUTO_TEST_SUITE_END()
