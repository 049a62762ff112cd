// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <plugins/observers/figures/curve.hpp>
#include <plugins/observers/figures/figures.hpp>
#include <plugins/observers/figures/gnuplot.hpp>
#include <plugins/observers/figures/table.hpp>
#include <string>
#include <support/context.hpp>
#include <support/temporary_folder.hpp>
#include <vector>

using namespace retort;
using namespace retort::test;
using namespace retort::observer_figures;

namespace {

constexpr sdk::StageInfo stage{"distil", "adversarial_distillation", "student", 40, 10};

struct Fixture {
    void write_tables() {
        std::filesystem::create_directories(folder.path() / "metrics");
        std::string steps = "step,loss,main.d_teacher,main.d_student,main.equilibrium\n";
        for (int i = 1; i <= 40; ++i)
            steps += std::to_string(i) + ",1,0.6,0.4,0.5\n";
        write_file(folder.path() / "metrics/distil.steps.csv", steps);
        write_file(folder.path() / "metrics/distil.epochs.csv",
                   "epoch,train_accuracy,validation_accuracy\n1,0.9,0.91\n2,0.95,0.94\n");
    }

    void draw(const std::string &program) {
        Figures({program}, {surroundings.context(), folder.path()}).end_stage(stage, true);
    }

    [[nodiscard]] std::filesystem::path figure(const std::string &name) const {
        return folder.path() / "figures" / name;
    }

    TemporaryFolder folder;
    Surroundings surroundings;
};

bool has_gnuplot() {
    return std::filesystem::exists("/usr/bin/gnuplot");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(test_figures, Fixture)

BOOST_AUTO_TEST_CASE(a_table_is_read_without_a_line_that_was_cut_off) {
    write_file(folder.path() / "t.csv", "step,a,b\n1,0.5,\n2,1e-3,nan\n3,4");
    const Table table = read_table(folder.path() / "t.csv");
    BOOST_TEST_REQUIRE(table.rows() == 2U);
    BOOST_TEST((*table.find("a"))[1] == 1e-3);
    BOOST_TEST(std::isnan((*table.find("b"))[0]));
    BOOST_TEST(table.find("c") == nullptr);
    BOOST_TEST(read_table(folder.path() / "none.csv").rows() == 0U);
}

BOOST_AUTO_TEST_CASE(a_moving_average_reaches_as_far_as_both_sides_go) {
    const std::vector<double> values{1.0, 2.0, 6.0, 7.0, 9.0};
    const std::vector<double> expected{1.0, 3.0, 5.0, 22.0 / 3.0, 9.0};
    const std::vector<double> smooth = moving_average(values, 1);
    for (std::size_t i = 0; i < values.size(); ++i)
        BOOST_TEST(smooth[i] == expected[i], boost::test_tools::tolerance(1e-12));
    const std::vector<double> with_gap{1.0, std::nan(""), 3.0};
    BOOST_TEST(moving_average(with_gap, 1)[1] == 2.0);
    BOOST_TEST(std::isnan(moving_average(with_gap, 0)[1]));
}

BOOST_AUTO_TEST_CASE(a_long_curve_becomes_short_and_keeps_its_extremes) {
    std::vector<double> x;
    std::vector<double> values;
    for (int i = 0; i < 1000; ++i) {
        x.push_back(i + 1.0);
        values.push_back(i == 500 ? 7.0 : 0.5);
    }
    const std::vector<CurvePoint> curve = shorten(x, values, 100);
    BOOST_TEST_REQUIRE(curve.size() == 100U);
    BOOST_TEST(curve[50].high == 7.0);
    BOOST_TEST(curve[50].low == 0.5);
    BOOST_TEST(curve[49].high == 7.0); // the run beside it
    BOOST_TEST(curve[48].high == 0.5);
    BOOST_TEST(shorten({}, {}, 100).empty());
}

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

BOOST_AUTO_TEST_CASE(figures_are_drawn_twice_with_the_same_bytes, *boost::unit_test::precondition([](auto) {
                         return boost::test_tools::assertion_result(has_gnuplot());
                     })) {
    write_tables();
    std::vector<std::string> drawn;
    for (int round = 0; round < 2; ++round) {
        draw("gnuplot");
        for (const char *name : {"distil.accuracy.svg", "distil.accuracy.png", "distil.discriminator.main.svg",
                                 "distil.discriminator.main.png"}) {
            drawn.push_back(read_file(figure(name)));
            BOOST_TEST(drawn.back().size() > 5000U, name);
        }
    }
    for (std::size_t i = 0; i < 4; ++i)
        BOOST_TEST((drawn[i] == drawn[i + 4]));
    BOOST_TEST(surroundings.services.warnings.empty());
    BOOST_TEST(!std::filesystem::exists(figure("distil.accuracy.gnuplot.messages")));
}

BOOST_AUTO_TEST_CASE(without_gnuplot_there_is_a_warning_that_helps_and_the_script) {
    write_tables();
    for (const char *program : {"no-such-gnuplot", "false"}) {
        surroundings.services.warnings.clear();
        BOOST_CHECK_NO_THROW(draw(program));
        BOOST_TEST_REQUIRE(surroundings.services.warnings.size() == 2U);
        BOOST_TEST((surroundings.services.warnings[0].find("gnuplot-nox") != std::string::npos));
        BOOST_TEST(std::filesystem::exists(figure("distil.discriminator.main.gnuplot")));
    }
}

BOOST_AUTO_TEST_CASE(without_tables_the_warning_names_the_observer_that_writes_them) {
    draw("gnuplot");
    BOOST_TEST_REQUIRE(surroundings.services.warnings.size() == 1U);
    BOOST_TEST((surroundings.services.warnings[0].find("\"csv\"") != std::string::npos));
    BOOST_TEST(!std::filesystem::exists(folder.path() / "figures"));
}

BOOST_AUTO_TEST_CASE(a_program_that_hangs_is_ended_and_one_that_fails_is_quoted) {
    const auto program = folder.path() / "program";
    const auto run_as = [&](const std::string &text) {
        write_file(program, "#!/bin/sh\n" + text);
        std::filesystem::permissions(program, std::filesystem::perms::owner_all);
        return run_gnuplot(program.string(), folder.path(), "a.gnuplot", std::chrono::milliseconds(1000));
    };
    BOOST_TEST(run_as("exec sleep 60\n") == "it did not end within 1 seconds");
    BOOST_TEST(run_as("echo 'line 3: undefined' >&2; exit 1\n") == "it failed: line 3: undefined");
    BOOST_TEST(run_as("test \"$1 $2\" = '-d a.gnuplot' && test \"$PWD\" = '" + folder.path().string() + "'\n") == "");
}

BOOST_AUTO_TEST_SUITE_END()
