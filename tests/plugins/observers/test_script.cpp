// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <plugins/observers/figures/script.hpp>
#include <string>
#include <support/temporary_folder.hpp>

namespace test_script {

using namespace retort::test;
using namespace retort::observer_figures;

struct Fixture {
    TemporaryFolder folder;
};

} // namespace test_script

BOOST_FIXTURE_TEST_SUITE(test_script, Fixture)

BOOST_AUTO_TEST_CASE(scripts_carry_their_data_and_the_objectives_equilibrium) {
    write_file(folder.path() / "t.csv", "step,b.d_teacher,b.d_student,b.equilibrium\n1,2.5,-1.5,0.25\n2,2,-1,0.25\n");
    const auto scripts = discriminator_scripts("distil", read_table(folder.path() / "t.csv"));
    BOOST_TEST_REQUIRE(scripts.size() == 1U);
    BOOST_TEST(scripts[0].name == "distil.discriminator.b");
    for (const char *part : {"1 2 2.5 2.5\n", "1 -1.5 -1 -1.5\n", "0.25 with lines", "mean score"})
        BOOST_TEST((scripts[0].text.find(part) != std::string::npos), part);
    const auto quoted = accuracy_scripts("it's", "student", {{{"epoch", {1.0}}, {"train_accuracy", {0.5}}}});
    BOOST_TEST((quoted[0].text.find("'it''s: accuracy of student'") != std::string::npos));
    BOOST_TEST(accuracy_scripts("distil", "student", {}).empty());
}

BOOST_AUTO_TEST_CASE(each_adversary_has_a_figure_and_probabilities_are_called_so) {
    const Table steps{{{"step", {1.0, 2.0}},
                       {"a.d_teacher", {0.75, 0.7}},
                       {"a.d_student", {0.25, 0.3}},
                       {"half.d_teacher", {0.5, 0.5}},
                       {"b.d_teacher", {0.5, 0.5}},
                       {"b.d_student", {0.5, 0.5}}}};
    const auto scripts = discriminator_scripts("distil", steps);
    BOOST_TEST_REQUIRE(scripts.size() == 2U); // one side alone is no figure
    BOOST_TEST(scripts[0].name == "distil.discriminator.a");
    BOOST_TEST(scripts[1].name == "distil.discriminator.b");
    BOOST_TEST((scripts[0].text.find("mean of D") != std::string::npos));
    BOOST_TEST((scripts[0].text.find("0.5 with lines") != std::string::npos)); // without a column, the paper's
    BOOST_TEST(discriminator_scripts("distil", {}).empty());
}

BOOST_AUTO_TEST_CASE(changes_are_marked_and_the_equilibrium_follows_the_objective) {
    const Table steps{{{"step", {1.0, 2.0, 3.0, 4.0}},
                       {"a.d_teacher", {0.75, 0.7, 1.5, 1.0}},
                       {"a.d_student", {0.25, 0.3, -1.5, -1.0}},
                       {"a.equilibrium", {0.5, 0.5, 0.0, 0.0}}}};
    const Event swap{2, "change", "/stages/distil/adversaries/a/objective/type: \"minimax\" -> \"hinge\""};
    const auto scripts = discriminator_scripts("distil", steps, {&swap, 1});
    BOOST_TEST_REQUIRE(scripts.size() == 1U);
    for (const char *part : {"$equilibrium << END\n1 0.5\n2 0.5\n3 0\n4 0\nEND\n", "$equilibrium with lines",
                             "'objective: minimax \u2192 hinge' at 2, graph"})
        BOOST_TEST((scripts[0].text.find(part) != std::string::npos), part);
}

BOOST_AUTO_TEST_CASE(accuracies_are_drawn_as_percent_and_either_may_be_missing) {
    const auto both = accuracy_scripts(
        "distil", "student", {{{"epoch", {1.0}}, {"train_accuracy", {0.5}}, {"validation_accuracy", {0.625}}}});
    BOOST_TEST_REQUIRE(both.size() == 1U);
    BOOST_TEST(both[0].name == "distil.accuracy");
    for (const char *part : {"\n1 50 62.5\n", "train (mean of the epoch)", "title 'validation'"})
        BOOST_TEST((both[0].text.find(part) != std::string::npos), part);
    const auto one = accuracy_scripts("distil", "student", {{{"epoch", {1.0}}, {"validation_accuracy", {0.625}}}});
    BOOST_TEST((one[0].text.find("\n1 NaN 62.5\n") != std::string::npos));
    BOOST_TEST((one[0].text.find("train (mean") == std::string::npos));
}

BOOST_AUTO_TEST_SUITE_END()
