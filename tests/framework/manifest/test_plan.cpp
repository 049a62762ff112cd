// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"
#include "../manifests.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_plan)

namespace {

using framework::ErrorCode;
using framework::Plan;
using framework::Registry;
using framework::to_text;

Plan plan_of(std::string_view text, const Registry &registry) {
    return read_plan(parsed(text), registry);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_plan_holds_what_the_manifest_names) {
    const Registry registry = fake_registry();
    const Plan plan = plan_of(good_manifest, registry);
    BOOST_TEST(plan.seed == 7U);
    BOOST_TEST(plan.threads == 0U);
    BOOST_TEST(plan.directory.string() == "/manifests");
    BOOST_TEST_REQUIRE(plan.datasets.size() == 1U);
    BOOST_TEST(plan.datasets[0].pointer == "/data/mnist");
    BOOST_TEST_REQUIRE(plan.models.size() == 2U);
    BOOST_TEST(plan.models[1].name == "student");
    BOOST_TEST(plan.models[1].type == "network");
    BOOST_TEST(plan.models[1].pointer == "/models/student");
    BOOST_TEST(plan.models[1].initialise_as == "student");
    BOOST_TEST(plan.models[1].data == "mnist");
    BOOST_TEST_REQUIRE(plan.stages.size() == 2U);
    BOOST_TEST(plan.stages[1].name == "distil");
    BOOST_TEST(plan.stages[1].pointer == "/stages/1");
    BOOST_TEST((plan.stages[1].models == std::vector<std::string>{"teacher", "student"}));
    BOOST_TEST((plan.stages[1].datasets == std::vector<std::string>{"mnist"}));
    BOOST_TEST_REQUIRE(plan.observers.size() == 1U);
    BOOST_TEST(plan.observers[0].name == "rows");
    std::string used;
    for (const framework::Entry *entry : plan.used)
        used += entry->role + "/" + entry->name + " ";
    BOOST_TEST(used == "dataset/table model/network trainer/teach optimizer/moments trainer/distil head/point "
                       "discriminator/deep objective/game loss/soft observer/rows ");
}

BOOST_AUTO_TEST_CASE(weights_and_directory_are_relative_to_the_manifest) {
    const Registry registry = fake_registry();
    std::string text = manifest_with(R"("type": "network"})", R"("type": "network", "weights": "w/a.safetensors"})");
    BOOST_TEST(plan_of(text, registry).models[1].weights == "/manifests/w/a.safetensors");
    text.replace(text.find("\"seed\""), 0, R"("directory": "../there", )");
    BOOST_TEST(plan_of(text, registry).models[1].weights == "/there/w/a.safetensors");
    BOOST_TEST(plan_of(text, registry).directory.string() == "/there");
}

BOOST_AUTO_TEST_CASE(the_resolved_manifest_means_the_same_from_anywhere) {
    const Registry registry = fake_registry();
    const Plan plan = plan_of(good_manifest, registry);
    const std::string text = to_text(plan.resolved, framework::JsonLayout::pretty);
    const Plan again = read_plan(framework::Manifest::parse(text, "resolved.json", "/elsewhere"), registry);
    BOOST_TEST(to_text(again.resolved) == to_text(plan.resolved));
    BOOST_TEST(again.directory == plan.directory);
}

BOOST_AUTO_TEST_CASE(defaults_are_filled_in_in_order_of_declaration) {
    const Registry registry = fake_registry();
    const Plan plan = plan_of(good_manifest, registry);
    BOOST_TEST(to_text(plan.resolved.at("models").at("student")) ==
               R"({"type": "network", "hidden": [8, 8], "dropout": 0, "activation": "relu", "bias": true, )"
               R"("weights": "", "initialise_as": null})");
    BOOST_TEST(to_text(plan.resolved.at("stages").at(0)) ==
               R"({"name": "learn", "type": "teach", "model": "teacher", "data": "mnist", "epochs": 10, )"
               R"("optimizer": {"type": "moments", "learning_rate": {"schedule": "cosine", "value": 0.001, )"
               R"("final": 0, "warm_up": 0}, "decay": 0.9}})");
    BOOST_TEST(to_text(plan.resolved.at("stages").at(1).at("pairs")) ==
               R"({"logits": {"tap": "logits", "teacher_head": {"type": "point"}, "condition": {"width": 32}}})");
}

BOOST_AUTO_TEST_CASE(a_schedule_changes_only_what_it_says) {
    const Registry registry = fake_registry();
    const auto noise = [&](std::string_view text) {
        const Plan plan = plan_of(manifest_with(R"("hidden": [6])", text), registry);
        return to_text(plan.resolved.at("stages").at(1).at("adversaries").at(0).at("discriminator").at("noise"));
    };
    BOOST_TEST(noise(R"("noise": 1)") == "1");
    BOOST_TEST(noise(R"("noise": {"value": 1})") == R"({"schedule": "linear", "value": 1, "final": 0, "warm_up": 0})");
    BOOST_TEST(noise(R"("noise": {"schedule": "step", "every": 0.5})") ==
               R"({"schedule": "step", "value": 0.1, "warm_up": 0, "every": 0.5, "factor": 0.1})");
    BOOST_TEST(noise(R"("noise": {"schedule": "constant"})") == "0.1");
}

BOOST_AUTO_TEST_CASE(a_model_outside_all_stages_needs_one_dataset) {
    const Registry registry = fake_registry();
    const std::string start = R"({"format": 1, "models": {"m": {"type": "other"}}, "data": )";
    const std::string table = R"({"type": "table", "directory": "d"})";
    BOOST_TEST(plan_of(start + R"({"a": )" + table + "}}", registry).models[0].data == "a");
    BOOST_TEST(complaint_of([&] { (void)plan_of(start + "{}}", registry); }) ==
               "/models/m: no stage says which dataset this model is for, and there is none");
    const std::string two = start + R"({"a": )" + table + R"(, "b": )" + table + "}}";
    BOOST_TEST(complaint_of([&] { (void)plan_of(two, registry); }) ==
               "/models/m: no stage says which dataset this model is for, and there are several: a, b");
}

BOOST_AUTO_TEST_CASE(data_that_is_out_of_distribution_is_no_models_own_where_there_is_other) {
    const Registry registry = fake_registry();
    const std::string table = R"({"type": "table", "directory": "d"})";
    const std::string model = R"({"format": 1, "models": {"m": {"type": "other"}}, "report": {"predictions": true,
        "out_of_distribution": ["b"]}, "data": {"b": )" +
                              table;
    const Plan plan = plan_of(model + R"(, "a": )" + table + "}}", registry);
    BOOST_TEST(plan.models[0].data == "a");
    BOOST_TEST(plan.report.out_of_distribution == std::vector<std::string>{"b"}, boost::test_tools::per_element());
    BOOST_TEST(plan.report.predictions);
    BOOST_TEST(plan_of(model + "}}", registry).models[0].data == "b");
    BOOST_TEST(!plan_of(good_manifest, registry).report.predictions);
}

BOOST_AUTO_TEST_CASE(a_manifest_asks_for_something) {
    const Registry registry = fake_registry();
    BOOST_TEST(complaint_of([&] { (void)plan_of(R"({"format": 1})", registry); }) ==
               "the manifest asks for nothing; allowed: at least one of data, models and stages");
    BOOST_TEST(complaint_of([&] { (void)plan_of("[]", registry); }) ==
               "test.json: found an array; allowed: an object with the manifest's settings");
}

BOOST_AUTO_TEST_CASE(only_missing_plugins_are_the_plugins_fault) {
    const Registry registry = fake_registry();
    const auto code_of = [&](const std::string &text) {
        try {
            (void)plan_of(text, registry);
        } catch (const framework::Error &error) {
            return static_cast<int>(error.code());
        }
        return 0;
    };
    const std::string missing = manifest_with(R"("type": "rows")", R"("type": "columns")");
    BOOST_TEST(code_of(missing) == static_cast<int>(ErrorCode::plugin));
    std::string both = missing;
    both.replace(both.find("0.5"), 3, "1.5");
    BOOST_TEST(code_of(both) == static_cast<int>(ErrorCode::manifest));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
