// SPDX-License-Identifier: Apache-2.0
// A game and a divergence between distributions of every family, without a label: what the student knows, it has from
// the teacher's distributions.
#include "place.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

BOOST_AUTO_TEST_SUITE(test_heads)

using namespace retort;
using namespace retort::test;

namespace {

const std::string pair_heads = "/stages/distil/pairs/logits/";

Words settings_with(const std::string &teacher, const std::string &student, const Words &more = {}) {
    Words all{"/data/mnist/train=1000",
              "/models/teacher/hidden=[64]",
              "/models/labels_alone/hidden=[32]",
              "/models/student/hidden=[32,24]",
              "/stages/teach/epochs=8",
              "/stages/labels_alone/epochs=1",
              "/stages/distil/epochs=10",
              "/observers=[{\"type\": \"csv\"}]",
              "/threads=2",
              pair_heads + "teacher_head=" + teacher,
              pair_heads + "student_head=" + student,
              "/stages/distil/losses=[{\"type\": \"kl_divergence\", \"pair\": \"logits\", \"weight\": 0.3}]"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

/// Of 1,000 test images.
double errors_of_student(const Place &place, const std::string &output) {
    return find(place.result(output).at("reports"), {{"model", "student"}, {"weights", "last"}})
        .at("errors")
        .to_number<double>();
}

/// Whether all numbers of a file of metrics are finite.
bool all_finite(const std::filesystem::path &csv) {
    std::istringstream lines(read_file(csv));
    std::string line;
    std::getline(lines, line); // names
    for (std::size_t rows = 0; std::getline(lines, line); ++rows) {
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, ',');)
            if (!cell.empty() && !std::isfinite(std::stod(cell)))
                return false;
    }
    return true;
}

struct Row {
    const char *name;
    const char *teacher;
    const char *student;
};

const Row heads[] = {
    {"gaussian", R"({"type": "gaussian"})", R"({"type": "gaussian"})"},
    {"laplace", R"({"type": "laplace"})", R"({"type": "laplace"})"},
    {"categorical",
     R"({"type": "categorical", "temperature": 2, "relaxation": {"schedule": "linear", "value": 2, "final": 0.5}})",
     R"({"type": "categorical"})"},
    {"dirichlet", R"({"type": "dirichlet", "temperature": 2})", R"({"type": "dirichlet"})"},
    {"logistic_normal", R"({"type": "logistic_normal", "temperature": 2})", R"({"type": "logistic_normal"})"},
};

} // namespace

// By chance 900 of 1,000 images are wrong; seeds 1 and 2 gave 379 to 579.
BOOST_AUTO_TEST_CASE(a_student_learns_from_the_distributions_of_every_head) {
    const Place place;
    for (const Row &row : heads)
        BOOST_TEST_CONTEXT(row.name) {
            const Outcome outcome = place.run(row.name, settings_with(row.teacher, row.student));
            BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
            BOOST_TEST(all_finite(place.path(row.name) / "metrics" / "distil.steps.csv"));
            BOOST_TEST(errors_of_student(place, row.name) < 700.0);
        }
}

// Dirichlet samples of the teacher against relaxed samples of the student: one simplex, two families.
BOOST_AUTO_TEST_CASE(families_that_share_a_space_may_meet_in_a_game_but_have_no_divergence) {
    const Place place;
    const std::string labels = "/stages/distil/losses=[{\"type\": \"cross_entropy\"}]";
    BOOST_TEST(place.run("game", settings_with(heads[3].teacher, heads[2].student, {labels})).exit_code == 0);
    BOOST_TEST(all_finite(place.path("game/metrics/distil.steps.csv")));
    const Outcome refused = place.run("refused", settings_with(heads[3].teacher, heads[2].student));
    BOOST_TEST(refused.exit_code == 3);
    BOOST_TEST(refused.err.find("/stages/2/losses/0: there is no closed form of the divergence from \"dirichlet\" to "
                                "\"categorical\"; allowed: two heads of one family") != std::string::npos,
               refused.err);
    const Outcome apart = place.run("apart", settings_with(heads[3].teacher, heads[1].student));
    BOOST_TEST(apart.exit_code == 3);
    BOOST_TEST(apart.err.find("the teacher's head samples from a simplex") != std::string::npos, apart.err);
}

BOOST_AUTO_TEST_CASE(a_student_that_is_less_sure_by_a_confidence_penalty) {
    const Place place;
    const auto certainty = [&](const std::string &output, const std::string &weight) {
        const Words losses{
            "/stages/distil/adversaries=[]",
            R"(/stages/distil/losses=[{"type": "cross_entropy"}, {"type": "confidence_penalty", "weight": )" + weight +
                "}]"};
        const Outcome outcome = place.run(output, settings_with(heads[2].teacher, heads[2].student, losses));
        BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
        std::istringstream lines(read_file(place.path(output) / "metrics" / "distil.steps.csv"));
        std::string names, last;
        std::getline(lines, names);
        for (std::string line; std::getline(lines, line);)
            last = line;
        const auto column = std::count(
            names.begin(), names.begin() + static_cast<std::ptrdiff_t>(names.find(",confidence_penalty,") + 1), ',');
        std::istringstream cells(last);
        std::string cell;
        for (std::ptrdiff_t i = 0; i <= column; ++i)
            std::getline(cells, cell, ',');
        return std::stod(cell); // minus the entropy
    };
    BOOST_TEST(certainty("penalised", "1") < certainty("free", "0") - 0.2);
}

BOOST_AUTO_TEST_SUITE_END()
