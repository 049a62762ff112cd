// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/json_text.hpp>

#include <boost/test/unit_test.hpp>

#include <framework/source/run/stage_key.hpp>
#include <functional>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_stage_key)

using namespace retort;
namespace json = boost::json;

namespace {

/// A plan of two stages: "teach" trains "big" on "digits", "distil" trains "small" with the help of "big".
struct Parts {
    Parts() {
        plan.seed = 3;
        plan.resolved = {{"models", {{"big", {{"width", 8}}}, {"small", {{"width", 2.0}}}}},
                         {"stages", {{{"name", "teach"}, {"epochs", 1}}, {{"name", "distil"}, {"epochs", 2}}}}};
        plan.datasets = {{"digits", "idx", "/data/digits", {}, {"data"}}};
        plan.models = {{{"big", "mlp", "/models/big", {}, {"models"}}, {}, {}, {}},
                       {{"small", "mlp", "/models/small", {}, {"models"}}, {}, {}, {}}};
        plan.stages = {{{"teach", "supervised", "/stages/0", {}, {"supervised", "adam"}}, {"big"}, {"digits"}},
                       {{"distil", "distillation", "/stages/1", {}, {"distillation"}}, {"big", "small"}, {"digits"}}};
    }

    [[nodiscard]] std::vector<json::object> keys() const {
        const json::object weights = framework::weights_digests(plan);
        return framework::stage_keys({plan, plugins, threads, replicas, data, weights, trained});
    }

    framework::Plan plan;
    std::vector<framework::UsedPlugin> plugins{{"data", "1", "", "d1"},
                                               {"models", "1", "", "m1"},
                                               {"supervised", "1", "", "s1"},
                                               {"adam", "1", "", "a1"},
                                               {"distillation", "1", "", "x1"}};
    std::size_t threads = 2;
    std::size_t replicas = 1;
    json::object data{{"digits", {{"train", "t1"}, {"validation", "v1"}}}};
    std::vector<std::vector<std::string>> trained{{"big"}, {"small"}};
};

struct Change {
    const char *what;
    std::function<void(Parts &)> make;
    std::string teach;  ///< differences of the first stage's keys
    std::string distil; ///< and of the second's, "*" for whatever follows from the first
};

const Change changes[] = {
    {"nothing", [](Parts &) {}, "", ""},
    {"seed", [](Parts &parts) { parts.plan.seed = 4; }, "/seed (3, now 4)", "*"},
    {"replicas", [](Parts &parts) { parts.replicas = 4; }, "/replicas (1, now 4)", "*"},
    {"precision", [](Parts &parts) { parts.plan.precision = sdk::Precision::bf16; },
     R"(/precision ("f32", now "bf16"))", "*"},
    {"threads", [](Parts &parts) { parts.threads = 1; }, "/threads (2, now 1)", "*"},
    {"first stage", [](Parts &parts) { parts.plan.resolved.at("stages").at(0).at("epochs") = 5; },
     "/stage/epochs (1, now 5)", "*"},
    {"second stage", [](Parts &parts) { parts.plan.resolved.at("stages").at(1).at("epochs") = 5; }, "",
     "/stage/epochs (2, now 5)"},
    {"second model", [](Parts &parts) { parts.plan.resolved.at("models").at("small").at("width") = 2.5; }, "",
     "/models/small/settings/width (2, now 2.5)"},
    {"data", [](Parts &parts) { parts.data.at("digits").at("train") = "t2"; }, R"(/data/digits/train ("t1", now "t2"))",
     "*"},
    {"optimizer's plugin", [](Parts &parts) { parts.plugins[3].sha256 = "a2"; }, R"(/plugins/adam ("a1", now "a2"))",
     "*"},
    {"second trainer's plugin", [](Parts &parts) { parts.plugins[4].sha256 = "x2"; }, "",
     R"(/plugins/distillation ("x1", now "x2"))"},
    {"observers", [](Parts &parts) { parts.plan.resolved["observers"] = boost::json::array{"csv"}; }, "", ""},
};

} // namespace

BOOST_AUTO_TEST_CASE(a_key_holds_what_decides_and_nothing_else) {
    const std::vector<json::object> before = Parts().keys();
    for (const Change &change : changes)
        BOOST_TEST_CONTEXT(change.what) {
            Parts parts;
            change.make(parts);
            const std::vector<json::object> after = parts.keys();
            BOOST_TEST(framework::differences(before[0], after[0]) == change.teach);
            const std::string distil = framework::differences(before[1], after[1]);
            if (change.distil == "*")
                BOOST_TEST(distil.find("/models/big/trained_by") != std::string::npos);
            else
                BOOST_TEST(distil == change.distil);
        }
}

BOOST_AUTO_TEST_CASE(weights_that_are_loaded_count_by_their_bytes) {
    const test::TemporaryFolder folder;
    Parts parts;
    parts.plan.models[0].weights = (folder.path() / "w").string();
    test::write_file(folder.path() / "w", "one");
    const auto before = parts.keys();
    test::write_file(folder.path() / "w", "two");
    BOOST_TEST(framework::differences(before[0], parts.keys()[0]).starts_with("/models/big/weights (\"7692c3ad354"));
}

BOOST_AUTO_TEST_CASE(models_that_a_stage_writes_besides_follow_from_it) {
    Parts parts;
    parts.trained = {{"other", "big"}, {"small"}};
    BOOST_TEST((parts.keys()[1].at("models").at("big") == Parts().keys()[1].at("models").at("big")));
    parts.trained = {{"other"}, {"small"}};
    BOOST_TEST(!parts.keys()[1].at("models").at("big").as_object().contains("trained_by"));
}

BOOST_AUTO_TEST_CASE(a_change_counts_from_its_epoch_on) {
    const json::object before = Parts().keys()[1];
    Parts parts;
    framework::PlannedChange change{3, "/changes/0", {}, json::object{{"epochs", 2}}, {}};
    change.settings.push_back({"/lambda", "/stages/distil/lambda", 1, 2});
    change.trainer.plugins = {"adam"};
    parts.plan.stages[1].changes.push_back(change);
    const std::vector<json::object> keys = parts.keys();
    BOOST_TEST((keys[0] == Parts().keys()[0]));
    BOOST_TEST(framework::to_text(keys[1].at("changes")) ==
               R"([{"epoch": 3, "settings": ["/lambda"], "stage": {"epochs": 2}, "plugins": {"adam": "a1"}}])");
    BOOST_TEST((framework::key_of_epochs(keys[1], 3) == before));
    BOOST_TEST((framework::key_of_epochs(keys[1], 4) == keys[1]));
    BOOST_TEST(framework::differences(before, keys[1]).starts_with("/changes ([], now [{"));
}

BOOST_AUTO_TEST_CASE(long_values_are_cut) {
    const std::string text(100, 'x');
    BOOST_TEST(framework::differences({{"a", text}}, {{"b", 1}}) ==
               "/a (\"xxxxxxxxxxx..., now null), /b (null, now 1)");
}

BOOST_AUTO_TEST_SUITE_END()
