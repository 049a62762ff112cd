// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <plugins/observers/figures/figures.hpp>
#include <string>
#include <support/context.hpp>
#include <support/temporary_folder.hpp>
#include <vector>

namespace test_figures {

using namespace retort;
using namespace retort::test;
using namespace retort::observer_figures;

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

} // namespace test_figures

BOOST_FIXTURE_TEST_SUITE(test_figures, Fixture)

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

BOOST_AUTO_TEST_CASE(the_report_is_drawn_when_the_run_ends) {
    std::filesystem::create_directories(folder.path() / "report");
    const std::string head = "low,high,count,confidence,accuracy,scaled_count,scaled_confidence,scaled_accuracy\n";
    for (const char *weights : {"student.last", "student.selected"})
        write_file(folder.path() / "report" / (std::string(weights) + ".reliability.csv"),
                   head + "0,0.5,4,0.4375,0.5,2,0.375,0.5\n0.5,1,96,0.9375,0.875,98,0.875,0.875\n");
    write_file(folder.path() / "report/student.last.predictions.csv", "index,label\n");
    Figures({"gnuplot"}, {surroundings.context(), folder.path()}).end_run();
    for (const char *weights : {"student.last", "student.selected"}) {
        const std::string name = std::string(weights) + ".reliability";
        BOOST_TEST(read_file(figure(name + ".gnuplot")).find("$scaled << END\n0.375 0.5") != std::string::npos);
        if (has_gnuplot()) {
            BOOST_TEST(read_file(figure(name + ".svg")).size() > 5000U);
            BOOST_TEST(read_file(figure(name + ".png")).size() > 5000U);
        }
    }
    const auto drawn = std::distance(std::filesystem::directory_iterator(folder.path() / "figures"), {});
    BOOST_TEST(drawn == (has_gnuplot() ? 6 : 2));
}

BOOST_AUTO_TEST_CASE(a_run_without_a_report_has_nothing_to_draw) {
    Figures({"gnuplot"}, {surroundings.context(), folder.path()}).end_run();
    Figures({"gnuplot"}, {surroundings.context(), {}}).end_run();
    BOOST_TEST(surroundings.services.warnings.empty());
    BOOST_TEST(!std::filesystem::exists(folder.path() / "figures"));
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

BOOST_AUTO_TEST_SUITE_END()
