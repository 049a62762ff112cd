// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"

#include <retort/framework/pins.hpp>

#include <boost/test/unit_test.hpp>

#include <support/temporary_folder.hpp>

namespace test_pins {

using namespace retort;
using namespace retort::framework;
namespace fs = std::filesystem;

const std::string digest(64, 'a');

Manifest manifest_with(const std::string &plugins) {
    return Manifest::parse(R"({"format": 1, "data": {"t": {"type": "table", "directory": "d"}}, "plugins": )" +
                               plugins + "}",
                           "m.json", ".");
}

std::string text_of_error(const std::function<void()> &call, ErrorCode code) {
    try {
        call();
    } catch (const Error &error) {
        BOOST_TEST((error.code() == code), "another code: " << static_cast<int>(error.code()));
        return error.what();
    }
    return {};
}

/// Offers a dataset as the plugin of a file.
struct Fixture {
    Fixture() { entry = {"dataset", "table", "", "tables", "1.0", "/plugins/tables.so", nullptr, digest}; }

    Plan plan() const {
        Plan plan;
        plan.used = {&entry, &inside, &entry, &first};
        return plan;
    }

    Entry entry;
    Entry inside{"loss", "own", "", "program", "", "", nullptr};
    Entry first{"model", "net", "", "a_model", "1.0", "/plugins/a.so", nullptr, std::string(64, 'b')};
};

} // namespace test_pins

BOOST_FIXTURE_TEST_SUITE(test_pins, Fixture)

BOOST_AUTO_TEST_CASE(pins_are_read_before_anything_else) {
    BOOST_TEST(pins_of(Manifest::parse(R"({"models": 3})", "m.json", ".")).empty());
    BOOST_TEST(pins_of(Manifest::parse("[]", "m.json", ".")).empty());
    const auto pins = pins_of(manifest_with(R"({"a_b": {"sha256": ")" + digest + R"("}})"));
    BOOST_TEST_REQUIRE(pins.size() == 1U);
    BOOST_TEST(pins.at("a_b") == digest);
}

BOOST_AUTO_TEST_CASE(what_is_no_pin_is_a_mistake) {
    const std::pair<std::string, std::string> cases[] = {
        {"3", "/plugins: found 3; allowed: an object of names and values"},
        {R"({"a": "b"})", "/plugins/a: found the text \"b\"; allowed: an object"},
        {R"({"a": {}})", "/plugins/a/sha256: is required and missing; allowed: a text"},
        {R"({"a": {"sha256": ""}})", "/plugins/a/sha256: found \"\"; allowed: 64 digits, 0 to 9 and a to f"},
        {R"({"a": {"sha256": 12}})", "/plugins/a/sha256: found 12; allowed: a text"},
        {R"({"a": {"sha256": "AB"}})", "/plugins/a/sha256: found \"AB\"; allowed: 64 digits, 0 to 9 and a to f"},
        {R"({"a": {"sha256": ")" + std::string(64, 'A') + R"("}})",
         "/plugins/a/sha256: found \"" + std::string(64, 'A') + "\"; allowed: 64 digits, 0 to 9 and a to f"},
        {R"({"a": {"sha": "b"}})", "/plugins/a/sha256: is required and missing; allowed: a text\n"
                                   "/plugins/a/sha: there is no setting \"sha\". "
                                   "Available: sha256"},
    };
    for (const auto &test : cases)
        BOOST_TEST(text_of_error([&] { (void)pins_of(manifest_with(test.first)); }, ErrorCode::manifest) ==
                   test.second);
}

BOOST_AUTO_TEST_CASE(a_plan_wants_its_pins_met) {
    Registry registry = test::fake_registry();
    const auto planned = [&](const std::string &plugin, const std::string &sha256) {
        const Manifest manifest = manifest_with("{\"" + plugin + R"(": {"sha256": ")" + sha256 + R"("}})");
        return text_of_error([&] { (void)read_plan(manifest, registry); }, ErrorCode::plugin);
    };
    registry.add({"tables", "1.0",
                  [](sdk::Registrar &registrar) {
                      registrar.add<sdk::Loss>("nothing", "Is none.",
                                               [](const sdk::LossContext &) { return std::unique_ptr<sdk::Loss>(); });
                  }},
                 "/plugins/tables.so", digest);
    BOOST_TEST(planned("tables", digest) == "");
    BOOST_TEST(planned("tables", std::string(64, 'b')) ==
               "/plugins/tables: its SHA-256 is " + digest + ", the manifest pins " + std::string(64, 'b'));
    BOOST_TEST(planned("table", digest) ==
               "/plugins/table: no plugin of this name was loaded; did you mean \"tables\"?");
    BOOST_TEST(planned("fakes", digest) == "/plugins/fakes: it is part of the program and has no file to pin");
}

BOOST_AUTO_TEST_CASE(a_manifest_is_locked_to_what_its_plan_uses) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.path() / "m.json";
    const fs::path link = folder.path() / "link.json";
    fs::create_symlink(file, link);
    test::write_file(file, "{\n  \"format\": 1,\n  \"seed\":   7\n}");
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
    const std::vector<Pin> pins = lock_manifest(link, plan());
    BOOST_TEST_REQUIRE(pins.size() == 2U);
    BOOST_TEST(pins[0].plugin == "a_model");
    BOOST_TEST(pins[1].plugin == "tables");
    BOOST_TEST(pins[1].file == "/plugins/tables.so");
    const std::string locked =
        "{\n  \"format\": 1,\n  \"seed\":   7,\n  \"plugins\": {\n    \"a_model\": {\"sha256\": \"" +
        std::string(64, 'b') + "\"},\n    \"tables\": {\"sha256\": \"" + digest + "\"}\n  }\n}";
    BOOST_TEST(test::read_file(file) == locked);
    BOOST_TEST(fs::is_symlink(link));
    BOOST_TEST(
        (fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read)));
    const auto before = fs::last_write_time(file);
    (void)lock_manifest(file, plan());
    BOOST_TEST((fs::last_write_time(file) == before)); // it says so already
    BOOST_TEST(pins_of(Manifest::read(file)).at("tables") == digest);
    Manifest manifest = Manifest::read(file);
    manifest.forget_pins();
    BOOST_TEST(pins_of(manifest).empty());
}

BOOST_AUTO_TEST_SUITE_END()
