// SPDX-License-Identifier: Apache-2.0
#include "tensors.hpp"
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

BOOST_AUTO_TEST_SUITE(test_swap)

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

const std::string discriminator = "/stages/distil/adversaries/main/discriminator/type=";
const std::string objective = "/stages/distil/adversaries/main/objective/";

bool uses(const json::value &result, const std::string &plugin) {
    const json::array &plugins = result.at("plugins").as_array();
    return std::any_of(plugins.begin(), plugins.end(),
                       [&](const json::value &used) { return used.at("name") == json::value(plugin); });
}

/// Last value of a column of the distillation's steps.
double last_value(const fs::path &run, const std::string &column) {
    const std::string csv = read_file(run / "metrics" / "distil.steps.csv");
    const std::string header = csv.substr(0, csv.find('\n'));
    const auto place =
        std::count(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(header.find(column)), ',');
    std::size_t begin = csv.rfind('\n', csv.size() - 2) + 1;
    for (auto i = place; i > 0; --i)
        begin = csv.find(',', begin) + 1;
    return std::stod(csv.substr(begin));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_setting_swaps_the_discriminator_and_swaps_it_back) {
    const Place &place = tiny_place();
    BOOST_TEST_REQUIRE(place.run("mlp", tiny({discriminator + "mlp"})).exit_code == 0);
    BOOST_TEST(uses(place.result("tiny"), "discriminator_paired"));
    BOOST_TEST(!uses(place.result("tiny"), "discriminator_mlp"));
    BOOST_TEST(uses(place.result("mlp"), "discriminator_mlp"));
    BOOST_TEST(!uses(place.result("mlp"), "discriminator_paired"));
    BOOST_TEST((place.weights("mlp", "student") != place.weights("tiny", "student")));
    BOOST_TEST((place.weights("mlp", "teacher") == place.weights("tiny", "teacher")));

    BOOST_TEST_REQUIRE(place.run("back", tiny({discriminator + "mlp", discriminator + "paired"})).exit_code == 0);
    BOOST_TEST((place.weights("back", "student") == place.weights("tiny", "student")));
}

BOOST_AUTO_TEST_CASE(settings_swap_the_discriminator_and_the_optimizers_and_give_the_same_bytes_twice) {
    const Place &place = tiny_place();
    const Words settings =
        tiny({discriminator + "spectral_norm_mlp", "/stages/distil/optimizer/type=sgd",
              "/stages/distil/optimizer/nesterov=true", "/stages/distil/adversaries/main/optimizer/type=adamw",
              "/stages/teach/optimizer/type=adamw"});
    for (const std::string run : {"swapped", "again"}) {
        const Outcome outcome = place.run(run, settings);
        BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
        BOOST_TEST(outcome.err == ""); // no setting was dropped
    }
    for (const char *plugin : {"discriminator_spectral_norm_mlp", "optimizer_adam", "optimizer_adamw", "optimizer_sgd"})
        BOOST_TEST(uses(place.result("swapped"), plugin), plugin);
    BOOST_TEST(!uses(place.result("swapped"), "discriminator_paired"));
    for (const char *model : {"teacher", "student"}) {
        BOOST_TEST((place.weights("swapped", model) != place.weights("tiny", model)));
        BOOST_TEST((place.weights("swapped", model) == place.weights("again", model)));
    }
    BOOST_TEST((place.weights("swapped", "labels_alone") == place.weights("tiny", "labels_alone")));
}

BOOST_AUTO_TEST_CASE(settings_make_the_discriminator_see_labels_with_a_condition_and_without) {
    const Place &place = tiny_place();
    const Words labels{"/stages/distil/adversaries/main/discriminator/labels=true"};
    const Words alone{labels[0], "/stages/distil/pairs/logits/condition=null"};
    BOOST_TEST_REQUIRE(place.run("labels", tiny(labels)).exit_code == 0);
    BOOST_TEST((place.weights("labels", "student") != place.weights("tiny", "student")));
    const Outcome outcome = place.run("labels_only", tiny(alone));
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST((place.weights("labels_only", "student") != place.weights("labels", "student")));
    const Outcome refused = place.run("nothing", tiny({alone[1]}));
    BOOST_TEST(refused.exit_code == 3);
    BOOST_TEST(contains(refused.err, "set \"labels\" to true"), refused.err);
}

BOOST_AUTO_TEST_CASE(a_setting_bounds_the_incoming_weights_of_hidden_units) {
    const Place &place = tiny_place();
    BOOST_TEST_REQUIRE(place.run("bounded", tiny({"/models/student/max_norm=0.5"})).exit_code == 0);
    const Tensor weight = read_tensors(place.path("bounded/weights/student.last.safetensors")).at("layers.0.weight");
    const std::size_t width = weight.shape.at(1);
    for (std::size_t begin = 0; begin < weight.values.size(); begin += width) {
        double square = 0.0;
        for (std::size_t i = begin; i < begin + width; ++i)
            square += static_cast<double>(weight.values[i]) * static_cast<double>(weight.values[i]);
        BOOST_TEST(std::sqrt(square) <= 0.500001); // He's initial norm is the root of 2
    }
}

BOOST_AUTO_TEST_CASE(a_new_library_in_a_folder_of_its_own_is_named_and_runs) {
    const Place &place = tiny_place();
    fs::create_directory(place.path("plugins"));
    fs::copy_file(RETORT_LINEAR_PLUGIN, place.path("plugins/linear.so"));
    const Words settings = tiny({discriminator + "linear"});

    const Outcome unnamed = place.run("linear", settings);
    BOOST_TEST(unnamed.exit_code == 4);
    BOOST_TEST(contains(unnamed.err, "there is no discriminator \"linear\""), unnamed.err);
    const Outcome named = place.run("linear", settings, {"--plugin-path", "plugins"});
    BOOST_TEST_REQUIRE(named.exit_code == 0, named.err);
    const json::value plugin = find(place.result("linear").at("plugins"), {{"name", "linear"}});
    BOOST_TEST(fs::equivalent(std::string(plugin.at("file").as_string()), place.path("plugins/linear.so")));
    BOOST_TEST((place.weights("linear", "student") != place.weights("tiny", "student")));
}

BOOST_AUTO_TEST_CASE(every_objective_trains_the_student_its_own_way) {
    const Place &place = tiny_place();
    std::vector<std::string> students;
    for (const std::string type :
         {"expected_probability", "minimax", "non_saturating", "least_squares", "hinge", "wasserstein", "relativistic"})
        BOOST_TEST_CONTEXT(type) {
            const Outcome outcome =
                place.run(type, tiny({objective + "type=" + type, "/observers=[{\"type\":\"csv\"}]"}));
            BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
            BOOST_TEST(outcome.err == "");
            BOOST_TEST(last_value(place.path(type), "main.gradient_norm") > 0.0);
            students.push_back(place.weights(type, "student"));
        }
    std::sort(students.begin(), students.end());
    BOOST_TEST((std::adjacent_find(students.begin(), students.end()) == students.end())); // all differ
}

BOOST_AUTO_TEST_CASE(every_discriminator_trains_the_student_its_own_way_with_a_penalty_too) {
    const Place &place = tiny_place();
    std::vector<std::string> students;
    for (const std::string type :
         {"auxiliary_classifier", "conditional_mlp", "mlp", "paired", "projection", "spectral_norm_mlp"})
        for (const std::string r1 : {"0", "1"})
            BOOST_TEST_CONTEXT(type << ", r1 " << r1) {
                const Outcome outcome = place.run(
                    type + r1, tiny({discriminator + type, objective + "r1=" + r1, "/observers=[{\"type\":\"csv\"}]"}));
                BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
                BOOST_TEST(outcome.err == "");
                BOOST_TEST(last_value(place.path(type + r1), "main.gradient_norm") > 0.0);
                BOOST_TEST((last_value(place.path(type + r1), "main.penalty") > 0.0) == (r1 == "1"));
                BOOST_TEST((last_value(place.path(type + r1), "main.student_class_loss") > 0.0) ==
                           (type == "auxiliary_classifier"));
                students.push_back(place.weights(type + r1, "student"));
            }
    std::sort(students.begin(), students.end());
    BOOST_TEST((std::adjacent_find(students.begin(), students.end()) == students.end())); // all differ
}

BOOST_AUTO_TEST_CASE(as_printed_runs_only_when_its_user_knows_why_not) {
    const Place &place = tiny_place();
    const Outcome refused = place.run("printed", tiny({objective + "type=as_printed"}));
    BOOST_TEST(refused.exit_code == 3);
    BOOST_TEST(contains(refused.err, "error: /stages/2/adversaries/0/objective/acknowledge: "), refused.err);
    BOOST_TEST(!fs::exists(place.path("printed")));

    const Words acknowledged = tiny({objective + "type=as_printed", objective + "acknowledge=true"});
    const Outcome outcome = place.run("printed", acknowledged);
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(contains(outcome.err, "warning: "), outcome.err);
    BOOST_TEST(contains(outcome.err, "cooperative"), outcome.err);
    BOOST_TEST(contains(read_file(place.path("printed/log.txt")), "cooperative"));
}

BOOST_AUTO_TEST_CASE(without_adversaries_distillation_is_training_on_labels) {
    const Place &place = tiny_place();
    BOOST_TEST_REQUIRE(
        place.run("alone", tiny({"/stages/distil/adversaries=[]", "/stages/labels_alone/epochs=2"})).exit_code == 0);
    BOOST_TEST(!place.weights("alone", "student").empty());
    BOOST_TEST((place.weights("alone", "student") == place.weights("alone", "labels_alone")));
    BOOST_TEST((place.weights("alone", "student") != place.weights("tiny", "student")));
}

BOOST_AUTO_TEST_SUITE_END()
