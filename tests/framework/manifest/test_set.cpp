// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"
#include "../manifests.hpp"

#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <vector>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_set)

namespace {

struct Setting {
    std::string_view assignment;
    std::string_view pointer; ///< RFC 6901, of what changed
    std::string_view result;  ///< what stands there afterwards
};

constexpr Setting settings[] = {
    {"/seed=8", "/seed", "8"},
    {"/models/teacher/dropout=0.25", "/models/teacher/dropout", "0.25"},
    {"/models/teacher/hidden=[3, 4]", "/models/teacher/hidden", "[3, 4]"},
    {"/models/teacher/hidden/1=5", "/models/teacher/hidden", "[12, 5]"},
    {"/models/teacher/bias=false", "/models/teacher/bias", "false"},
    {"/models/teacher/activation=tanh", "/models/teacher/activation", R"("tanh")"},
    {R"(/models/teacher/activation="tanh")", "/models/teacher/activation", R"("tanh")"},
    {"/data/mnist/directory=/a=b", "/data/mnist/directory", R"("/a=b")"},
    {"/data/mnist/directory=", "/data/mnist/directory", R"("")"},
    {"/data/mnist/directory=007", "/data/mnist/directory", R"("007")"},
    {"/stages/0/epochs=3", "/stages/0/epochs", "3"},
    {"/stages/learn/epochs=3", "/stages/0/epochs", "3"},
    {"/stages/distil/adversaries/main/lambda=0.2", "/stages/1/adversaries/0/lambda", "0.2"},
    {"/stages/distil/losses/0/weight=3", "/stages/1/losses/0/weight", "3"},
    {"/models/third={\"type\": \"other\"}", "/models/third", R"({"type": "other"})"},
    {"/a~1b~0c=1", "/a~1b~0c", "1"},
    // declared and left out: begun, whether a component, a record or null
    {"/stages/learn/optimizer/decay=0.5", "/stages/0/optimizer", R"({"decay": 0.5})"},
    {"/stages/learn/optimizer/learning_rate/value=0.5", "/stages/0/optimizer", R"({"learning_rate": {"value": 0.5}})"},
    {"/stages/distil/averaging/type=moments", "/stages/1/averaging", R"({"type": "moments"})"},
};

struct Refusal {
    std::string_view assignment;
    int code;
    std::string_view complaint;
};

constexpr Refusal refusals[] = {
    {"seed=7", 2, R"(seed=7: the path does not begin with "/"; allowed: /path=value, such as /seed=7)"},
    {"/seed", 2, R"(/seed: there is no "="; allowed: /path=value, such as /seed=7)"},
    {"=7", 2, R"(=7: the path does not begin with "/"; allowed: /path=value, such as /seed=7)"},
    {"/seed=\xff", 2, "/seed: the value is no text in UTF-8"},
    {"/a\xff=7", 2, "/a?=7: the path is no text in UTF-8; allowed: /path=value, such as /seed=7"},
    {"", 2, R"(there is no "="; allowed: /path=value, such as /seed=7)"},
    {"/a~2=7", 2,
     R"(/a~2=7: "~" stands for itself only as "~0", and "~1" for "/"; allowed: /path=value, such as /seed=7)"},
    {R"(/data={"a": 1, "a": 2})", 2, R"(/data:1:10: the key "a" stands twice in this object; first in line 1)"},
    {"/model/teacher/dropout=0.5", 3, R"(/model: there is no setting "model"; did you mean "models"?)"},
    {"/models/techer/dropout=0.5", 3,
     R"(/models/techer: there is no setting "techer"; did you mean "teacher"? Available: teacher, student)"},
    {"/stages/distill/losses=[]", 3,
     R"(/stages/distill: there is no element "distill"; did you mean "distil"? Available: learn, distil)"},
    {"/stages/2/losses=[]", 3, R"(/stages/2: there is no element "2". Available: learn, distil)"},
    {"/stages/learn/optimiser/decay=0.5", 3,
     R"(/stages/0/optimiser: there is no setting "optimiser"; did you mean "optimizer"? Available: name, type, model, data, epochs, optimizer)"},
    {"/stages/distil/losses/1={}", 3, R"(/stages/1/losses/1: there is no element "1". Available: 0)"},
    {"/models/student/hidden/0=3", 3,
     R"(/models/student/hidden: is left out in the manifest, so there is nothing below it; allowed: setting the whole of it)"},
    {"/seed/x=1", 3, R"(/seed/x: there is nothing below 7; allowed: a path through objects and arrays)"},
    {"/seed/x/y=1", 3, R"(/seed/x: there is nothing below 7; allowed: a path through objects and arrays)"},
};

std::string text_at(const framework::Manifest &manifest, std::string_view pointer) {
    return framework::to_text(manifest.root().at_pointer({pointer.data(), pointer.size()}));
}

std::string joined(const std::vector<std::string> &lines) {
    std::string text;
    for (const std::string &line : lines)
        text += line + "\n";
    return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_value_is_put_where_the_path_leads) {
    const framework::Registry registry = fake_registry();
    for (const Setting &setting : settings) {
        BOOST_TEST_CONTEXT(setting.assignment) {
            framework::Manifest manifest = parsed();
            BOOST_TEST(manifest.set(setting.assignment, registry).empty());
            BOOST_TEST(text_at(manifest, setting.pointer) == setting.result);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_refused_assignment_changes_nothing) {
    const framework::Registry registry = fake_registry();
    for (const Refusal &refusal : refusals) {
        BOOST_TEST_CONTEXT(refusal.assignment) {
            framework::Manifest manifest = parsed();
            const auto has_code = [&](const framework::Error &error) {
                return static_cast<int>(error.code()) == refusal.code;
            };
            BOOST_CHECK_EXCEPTION(manifest.set(refusal.assignment, registry), framework::Error, has_code);
            BOOST_TEST(complaint_of([&] { manifest.set(refusal.assignment, registry); }) == refusal.complaint);
            BOOST_TEST((manifest.root() == parsed().root()));
        }
    }
}

BOOST_AUTO_TEST_CASE(no_manifest_is_made_that_is_too_deep_to_be_read) {
    const framework::Registry registry = fake_registry();
    framework::Manifest manifest = parsed();
    const std::string value = std::string(61, '[') + std::string(61, ']');
    BOOST_TEST(complaint_of([&] { manifest.set("/data/mnist/a=" + value, registry); }).empty());
    BOOST_TEST(complaint_of([&] { manifest.set("/data/mnist/a=[" + value + "]", registry); }) ==
               "/data/mnist/a: nested too deeply in there; allowed: 64 levels in all");
    BOOST_TEST(text_at(manifest, "/data/mnist/a") == value);
}

BOOST_AUTO_TEST_CASE(a_new_type_drops_what_it_lacks) {
    const framework::Registry registry = fake_registry();
    framework::Manifest manifest = parsed(manifest_with(R"("hidden": [6])", R"("hidden": [6], "noise": 0.5)"));
    const std::string path = "/stages/distil/adversaries/main/discriminator/type=paired";
    BOOST_TEST(joined(manifest.set(path, registry)) == "/stages/1/adversaries/0/discriminator/noise\n");
    BOOST_TEST(text_at(manifest, "/stages/1/adversaries/0/discriminator") == R"({"type": "paired", "hidden": [6]})");
    BOOST_TEST(complaint_of([&] { (void)read_plan(manifest, registry); }).empty());
}

BOOST_AUTO_TEST_CASE(the_owner_of_an_inlined_component_keeps_its_keys) {
    const framework::Registry registry = fake_registry();
    framework::Manifest manifest = parsed(manifest_with(R"("type": "soft")", R"("type": "soft", "temperature": 2)"));
    BOOST_TEST(joined(manifest.set("/stages/1/losses/0/type=entropy", registry)) == "/stages/1/losses/0/temperature\n");
    BOOST_TEST(text_at(manifest, "/stages/1/losses/0") == R"({"type": "entropy", "weight": 2})");
    const std::string weights = R"("type": "network", "hidden": [4], "weights": "a.safetensors"})";
    manifest = parsed(manifest_with(R"("type": "network"})", weights));
    BOOST_TEST(joined(manifest.set("/models/student/type=other", registry)) == "/models/student/hidden\n");
    BOOST_TEST(text_at(manifest, "/models/student") == R"({"type": "other", "weights": "a.safetensors"})");
    BOOST_TEST(joined(manifest.set("/stages/distil/type=teach", registry)) ==
               "/stages/1/teacher\n/stages/1/student\n/stages/1/pairs\n/stages/1/adversaries\n/stages/1/losses\n");
    BOOST_TEST(text_at(manifest, "/stages/1") == R"({"name": "distil", "type": "teach", "data": "mnist"})");
}

BOOST_AUTO_TEST_CASE(nothing_is_dropped_for_a_type_that_nobody_offers) {
    const framework::Registry registry = fake_registry();
    framework::Manifest manifest = parsed();
    BOOST_TEST(manifest.set("/models/teacher/type=netwrk", registry).empty());
    BOOST_TEST(text_at(manifest, "/models/teacher") == R"({"type": "netwrk", "hidden": [12, 12], "dropout": 0.5})");
    // back from there: what the unknown type may have meant is dropped if the new one lacks it
    BOOST_TEST(joined(manifest.set("/models/teacher/type=other", registry)) ==
               "/models/teacher/hidden\n/models/teacher/dropout\n");
}

BOOST_AUTO_TEST_CASE(a_key_that_was_a_mistake_before_stays_one) {
    const framework::Registry registry = fake_registry();
    framework::Manifest manifest = parsed(manifest_with(R"("dropout": 0.5)", R"("dropuot": 0.5)"));
    BOOST_TEST(joined(manifest.set("/models/teacher/type=other", registry)) == "/models/teacher/hidden\n");
    BOOST_TEST(text_at(manifest, "/models/teacher") == R"({"type": "other", "dropuot": 0.5})");
}

BOOST_AUTO_TEST_CASE(a_whole_component_is_taken_as_it_is) {
    const framework::Registry registry = fake_registry();
    framework::Manifest manifest = parsed();
    BOOST_TEST(manifest.set(R"(/models/teacher={"type": "other", "hidden": 3})", registry).empty());
    BOOST_TEST(text_at(manifest, "/models/teacher") == R"({"type": "other", "hidden": 3})");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
