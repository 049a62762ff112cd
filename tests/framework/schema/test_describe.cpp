// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"
#include "../manifests.hpp"

#include <retort/framework/describe.hpp>
#include <retort/framework/loader.hpp>

#include <boost/test/unit_test.hpp>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_describe)

namespace {

std::string described(const framework::Registry &registry, std::string_view role, std::string_view name) {
    boost::json::object description = framework::describe(*registry.find(role, name));
    BOOST_TEST(description.at("file").as_string() == framework::executable_path().string());
    description["file"] = "";
    return framework::to_text(description, framework::JsonLayout::pretty);
}

constexpr std::string_view network = R"({
  "role": "model",
  "name": "network",
  "plugin": "fakes",
  "version": "1.0.0",
  "file": "",
  "documentation": "Layers.",
  "settings": [
    {
      "name": "hidden",
      "type": "list",
      "default": [8, 8],
      "documentation": "Widths of the hidden layers.",
      "element": {"type": "integer", "minimum": 1, "maximum": 4096}
    },
    {
      "name": "dropout",
      "type": "number",
      "default": 0,
      "documentation": "Part of the hidden units left out.",
      "minimum": 0,
      "maximum": 0.95
    },
    {
      "name": "activation",
      "type": "choice",
      "default": "relu",
      "documentation": "Nonlinearity.",
      "choices": ["relu", "leaky_relu", "tanh"]
    },
    {"name": "bias", "type": "boolean", "default": true, "documentation": "Whether layers have a bias."}
  ],
  "taps": [{"name": "hidden.0", "width": 8}, {"name": "hidden.1", "width": 8}, {"name": "logits", "width": 10}]
}
)";

constexpr std::string_view distil = R"([
  {"name": "teacher", "type": "reference", "required": true, "documentation": "Already trained.", "role": "model"},
  {"name": "student", "type": "reference", "required": true, "documentation": "What is trained.", "role": "model"},
  {"name": "data", "type": "reference", "required": true, "documentation": "On what.", "role": "dataset"},
  {"name": "unlabelled", "type": "reference", "default": null, "documentation": "More data.", "role": "dataset"},
  {
    "name": "pairs",
    "type": "map",
    "default": {},
    "documentation": "Where the two are compared.",
    "element": {
      "type": "record",
      "settings": [
        {"name": "tap", "type": "text", "default": "logits", "documentation": "Where to look."},
        {
          "name": "teacher_head",
          "type": "component",
          "default": {"type": "point"},
          "documentation": "The teacher's distribution.",
          "role": "head"
        },
        {
          "name": "condition",
          "type": "record",
          "default": null,
          "documentation": "What samples are conditioned on.",
          "optional": true,
          "settings": [
            {
              "name": "width",
              "type": "integer",
              "default": 64,
              "documentation": "Width of the result.",
              "minimum": 1,
              "maximum": 4096
            }
          ]
        }
      ]
    }
  },
  {
    "name": "adversaries",
    "type": "list",
    "default": [],
    "documentation": "Games.",
    "element": {
      "type": "record",
      "settings": [
        {"name": "name", "type": "text", "required": true, "documentation": "What it is called."},
        {
          "name": "discriminator",
          "type": "component",
          "required": true,
          "documentation": "Tells samples apart.",
          "role": "discriminator"
        },
        {
          "name": "objective",
          "type": "component",
          "default": {"type": "game"},
          "documentation": "The game.",
          "role": "objective"
        },
        {
          "name": "lambda",
          "type": "number",
          "default": 1,
          "documentation": "Weight of the game.",
          "minimum": 0,
          "maximum": 1000
        }
      ]
    }
  },
  {
    "name": "losses",
    "type": "list",
    "default": [{"type": "entropy", "weight": 1}],
    "documentation": "Other terms.",
    "element": {
      "type": "record",
      "settings": [
        {
          "name": "type",
          "type": "component",
          "default": "entropy",
          "documentation": "What is minimised.",
          "role": "loss",
          "inlined": true
        },
        {
          "name": "weight",
          "type": "number",
          "default": 1,
          "documentation": "Its factor.",
          "minimum": 0,
          "maximum": 1000
        }
      ]
    }
  },
  {
    "name": "averaging",
    "type": "component",
    "default": null,
    "documentation": "A second optimizer.",
    "role": "optimizer",
    "optional": true
  }
]
)";

} // namespace

BOOST_AUTO_TEST_CASE(a_model_with_its_taps) {
    BOOST_TEST(described(fake_registry(), "model", "network") == network);
}

BOOST_AUTO_TEST_CASE(nested_settings_of_every_kind) {
    const framework::Registry registry = fake_registry();
    const auto description = framework::describe(*registry.find("trainer", "distil"));
    BOOST_TEST(framework::to_text(description.at("settings"), framework::JsonLayout::pretty) == distil);
}

BOOST_AUTO_TEST_CASE(a_schedule_has_the_range_of_its_values) {
    const framework::Registry registry = fake_registry();
    const auto description = framework::describe(*registry.find("optimizer", "moments"));
    BOOST_TEST(framework::to_text(description.at("settings").at(0)) ==
               R"({"name": "learning_rate", "type": "schedule", )"
               R"("default": {"schedule": "cosine", "value": 0.001, "final": 0, "warm_up": 0}, )"
               R"("documentation": "Step size.", "minimum": 0, "maximum": 1})");
}

BOOST_AUTO_TEST_CASE(a_map_with_a_default_and_one_bound_alone) {
    const framework::Registry registry = fake_registry();
    const auto rows = framework::describe(*registry.find("observer", "rows"));
    BOOST_TEST(framework::to_text(rows.at("settings").at(1)) ==
               R"({"name": "columns", "type": "map", "default": {"loss": "Loss"}, )"
               R"("documentation": "Titles by metric.", "element": {"type": "text"}})");
    const auto other = framework::describe(*registry.find("model", "other"));
    BOOST_TEST(framework::to_text(other.at("settings").at(0)) ==
               R"({"name": "depth", "type": "integer", "default": 1, "documentation": "Layers.", "minimum": 1})");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
