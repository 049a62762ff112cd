// SPDX-License-Identifier: Apache-2.0
// The command with all plugins in it says and does what the one does that loads them.
#include <retort/framework/registry.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <set>
#include <string>
#include <support/process.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_static_command)

using namespace retort;
using test::contains;
using test::Outcome;
using test::read_file;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

using Words = std::vector<std::string>;

const fs::path example = RETORT_EXAMPLE;

/// What both commands leave behind: `of_libraries` finds its plugins by itself.
struct Both {
    Outcome of_libraries;
    Outcome of_parts;
};

/// A folder in which both are called.
class Place {
  public:
    [[nodiscard]] Outcome call(const std::string &command, Words words) const {
        words.insert(words.begin(), command);
        return test::Process(words, folder_.path()).wait();
    }

    [[nodiscard]] Both both(const Words &words) const {
        return {call(RETORT_COMMAND, words), call(RETORT_STATIC_COMMAND, words)};
    }

    [[nodiscard]] fs::path path(const std::string &name) const { return folder_.path() / name; }

  private:
    test::TemporaryFolder folder_;
};

void check_same(const Both &both, int exit_code) {
    BOOST_TEST(both.of_libraries.exit_code == exit_code, both.of_libraries.err);
    BOOST_TEST(both.of_parts.exit_code == exit_code, both.of_parts.err);
    BOOST_TEST(both.of_parts.out == both.of_libraries.out);
    BOOST_TEST(both.of_parts.err == both.of_libraries.err);
}

/// Without "file", which must be the program's.
json::object without_file(json::object described) {
    BOOST_TEST(fs::equivalent(std::string(described.at("file").as_string()), RETORT_STATIC_COMMAND));
    described.stable_erase("file");
    return described;
}

/// Components as `retort describe` takes them: "model/mlp".
std::vector<std::string> components() {
    std::vector<std::string> result;
    const std::string list = Place().call(RETORT_COMMAND, {"list", "--json"}).out;
    const json::value parsed = json::parse(list);
    for (const json::value &entry : parsed.as_array())
        result.push_back(json::value_to<std::string>(entry.at("role")) + "/" +
                         json::value_to<std::string>(entry.at("name")));
    return result;
}

/// `retort run` on the quick example, so small that it takes a fraction of a second, into the folder `output`.
Words tiny_run(const std::string &output, const Words &more = {}) {
    Words words{"run", (example / "quick.json").string(), "--quiet", "--output", output};
    for (const char *setting :
         {"/data/mnist/train=500", "/models/teacher/hidden=[64,64]", "/models/labels_alone/hidden=[32]",
          "/models/student/hidden=[32]", "/stages/teach/epochs=1", "/stages/labels_alone/epochs=1",
          "/stages/distil/epochs=2", "/threads=2", R"(/observers=[{"type": "csv"}])"})
        words.insert(words.end(), {"--set", setting});
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

} // namespace

BOOST_AUTO_TEST_CASE(list_is_the_same) {
    const Place place;
    check_same(place.both({"list"}), 0);
    for (const std::string_view role : framework::roles)
        check_same(place.both({"list", std::string(role)}), 0);
}

BOOST_AUTO_TEST_CASE(list_as_json_differs_in_the_file_alone) {
    const Both both = Place().both({"list", "--json"});
    const json::array of_libraries = json::parse(both.of_libraries.out).as_array();
    const json::array of_parts = json::parse(both.of_parts.out).as_array();
    BOOST_TEST_REQUIRE(of_parts.size() == of_libraries.size());
    for (std::size_t i = 0; i < of_parts.size(); ++i) {
        json::object expected = of_libraries[i].as_object();
        expected.stable_erase("file");
        BOOST_TEST(without_file(of_parts[i].as_object()) == expected);
    }
}

BOOST_AUTO_TEST_CASE(every_component_is_described_the_same) {
    const std::vector<std::string> all = components();
    BOOST_TEST(all.size() >= 25U);
    const Place place;
    for (const std::string &component : all)
        BOOST_TEST_CONTEXT(component) {
            check_same(place.both({"describe", component}), 0);
            const Both both = place.both({"describe", component, "--json"});
            json::object expected = json::parse(both.of_libraries.out).as_object();
            expected.stable_erase("file");
            BOOST_TEST(without_file(json::parse(both.of_parts.out).as_object()) == expected);
        }
}

BOOST_AUTO_TEST_CASE(a_distillation_gives_the_same_bytes) {
    const Place place;
    BOOST_TEST_REQUIRE(place.call(RETORT_COMMAND, tiny_run("of_libraries")).exit_code == 0);
    BOOST_TEST_REQUIRE(place.call(RETORT_STATIC_COMMAND, tiny_run("of_parts")).exit_code == 0);
    BOOST_TEST(read_file(place.path("of_parts/manifest.json")) == read_file(place.path("of_libraries/manifest.json")));
    std::size_t compared = 0;
    for (const char *folder : {"weights", "metrics"})
        for (const auto &entry : fs::directory_iterator(place.path("of_libraries") / folder)) {
            const std::string name = std::string(folder) + "/" + entry.path().filename().string();
            BOOST_TEST((read_file(entry.path()) == read_file(place.path("of_parts") / name)), name << " differs");
            ++compared;
        }
    BOOST_TEST(compared == 12U); // last and selected weights, steps and epochs, of three stages
}

BOOST_AUTO_TEST_CASE(errors_are_the_same_and_name_the_same_plugin) {
    const Place place;
    for (const char *wrong : {"/stages/distil/adversaries/main/discriminator/type=pared", "/models/student/hidden=[0]",
                              "/data/mnist/directory=nowhere"})
        BOOST_TEST_CONTEXT(wrong) {
            const Both both = place.both(tiny_run("wrong", {"--set", wrong}));
            check_same(both, both.of_libraries.exit_code);
            BOOST_TEST(both.of_parts.exit_code != 0);
        }
    const Words unstable{"--set", R"(/stages/teach/optimizer={"type": "sgd", "learning_rate": 10, "momentum": 0.99})",
                         "--set", R"(/stages/teach/losses=[{"type": "cross_entropy", "weight": 1e6}])"};
    check_same(place.both(tiny_run("unstable", unstable)), 6);
}

BOOST_AUTO_TEST_CASE(result_json_says_which_program_it_was) {
    const Place place;
    BOOST_TEST_REQUIRE(place.call(RETORT_STATIC_COMMAND, tiny_run("run")).exit_code == 0);
    const json::value result = json::parse(read_file(place.path("run/result.json")));
    std::set<std::string> digests;
    for (const json::value &plugin : result.at("plugins").as_array()) {
        BOOST_TEST(fs::equivalent(std::string(plugin.at("file").as_string()), RETORT_STATIC_COMMAND));
        digests.insert(std::string(plugin.at("sha256").as_string()));
    }
    BOOST_TEST(digests.size() == 1U);
    BOOST_TEST(digests.begin()->size() == 64U);
    // A stage is loaded by the program that made it, and done again by another.
    const Words again = tiny_run("run", {"--log-level", "info"});
    const auto loaded = [&](const std::string &command) {
        (void)place.call(command, again);
        return contains(read_file(place.path("run/log.txt")), "unchanged");
    };
    BOOST_TEST(loaded(RETORT_STATIC_COMMAND));
    BOOST_TEST(!loaded(RETORT_COMMAND));
}

BOOST_AUTO_TEST_CASE(libraries_of_the_same_plugins_are_shadowed) {
    const Place place;
    const Words with_libraries{"--plugin-path", RETORT_PLUGINS};
    const auto call = [&](const std::string &command, Words words) {
        words.insert(words.end(), with_libraries.begin(), with_libraries.end());
        return place.call(RETORT_STATIC_COMMAND, (words.insert(words.begin(), command), words));
    };
    const Outcome list = call("list", {});
    BOOST_TEST(list.err == "");
    BOOST_TEST(list.out == place.call(RETORT_COMMAND, {"list"}).out);
    const Outcome doctor = call("doctor", {"--json"});
    BOOST_TEST(doctor.exit_code == 0, doctor.err);
    std::array<std::size_t, 2> linked_and_shadowed{};
    const json::value answer = json::parse(doctor.out);
    for (const json::value &plugin : answer.at("plugins").as_array()) {
        const bool linked = plugin.at("status") == "linked";
        BOOST_TEST((linked || plugin.at("status") == "shadowed"), plugin.at("plugin"));
        BOOST_TEST(plugin.at("offers").as_array().empty() != linked, plugin.at("plugin"));
        ++linked_and_shadowed[linked ? 0 : 1];
    }
    BOOST_TEST(linked_and_shadowed[0] == linked_and_shadowed[1]);
    const Outcome page = call("doctor", {});
    BOOST_TEST(contains(page.out, "  linked  plugin model_mlp 0.1.0\n    offers model/mlp\n"));
    BOOST_TEST(contains(page.out, "it is shadowed by the plugin of its name that is part of the program\n"));
}

BOOST_AUTO_TEST_CASE(what_is_part_of_the_program_is_not_pinned) {
    const Place place;
    const std::string manifest = place.path("quick.json").string();
    fs::copy(example / "quick.json", manifest);
    fs::create_directory_symlink(example / "data", place.path("data"));
    const Outcome lock = place.call(RETORT_STATIC_COMMAND, {"lock", manifest});
    BOOST_TEST(lock.exit_code == 0);
    BOOST_TEST(lock.err.starts_with("warning: not pinned, being part of this program: dataset_idx, "), lock.err);
    BOOST_TEST(json::parse(read_file(manifest)).at("plugins").as_object().empty());
    BOOST_TEST(place.call(RETORT_STATIC_COMMAND, {"validate", manifest}).exit_code == 0);
    BOOST_TEST(place.call(RETORT_COMMAND, {"lock", manifest}).exit_code == 0);
    const Outcome pinned = place.call(RETORT_STATIC_COMMAND, {"validate", manifest});
    BOOST_TEST(pinned.exit_code == 4);
    BOOST_TEST(contains(pinned.err, "it is part of the program and has no file to pin"), pinned.err);
}

BOOST_AUTO_TEST_CASE(a_plugin_in_the_program_passes_the_kit_as_its_library_does) {
    const Place place;
    for (const char *plugin : {"head_point", "optimizer_sgd"}) {
        const Both both = place.both({"check", plugin});
        BOOST_TEST(both.of_libraries.exit_code == 0);
        BOOST_TEST(both.of_parts.exit_code == 0, both.of_parts.out);
    }
    const Outcome of_file = place.call(RETORT_STATIC_COMMAND, {"check", RETORT_PLUGINS "/head_point.so"});
    BOOST_TEST(of_file.exit_code == 0, of_file.err); // the file is checked, not what the program has of its name
}

BOOST_AUTO_TEST_SUITE_END()
