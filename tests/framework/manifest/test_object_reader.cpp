// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"
#include "../fake_roles.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/sdk/sdk.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <framework/source/manifest/object_reader.hpp>
#include <functional>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_object_reader)

namespace {

/// An object with a component of its own, and one beside its settings.
struct Term {
    sdk::ComponentSpec<sdk::Loss> loss{"entropy"};
    sdk::ComponentSpec<sdk::Optimizer> optimizer{"moments"};
    double weight = 1.0;

    void fields(sdk::Fields &field) {
        field("weight", weight, "Its factor.", {0, 10});
        field("", loss, "What is minimised.");
        field("optimizer", optimizer, "How.");
    }
};

/// Settings that hold by default a component with the same settings.
struct Endless {
    sdk::ComponentSpec<sdk::Loss> inner{"endless"};

    void fields(sdk::Fields &field) { field("inner", inner, "Another."); }
};

struct EndlessLoss final : FakeLoss {
    using Settings = Endless;

    EndlessLoss(const Settings &, const sdk::LossContext &) {}
};

framework::Registry with_endless() {
    framework::Registry registry = fake_registry();
    registry.add("endless", [](sdk::Registrar &own) { own.add<sdk::Loss, EndlessLoss>("endless", "For ever."); });
    return registry;
}

/// What reading `text` as the object at /term gives.
struct Read {
    explicit Read(std::string_view text) : Read(text, [this](sdk::Fields &field) { term.fields(field); }) {}

    Read(std::string_view text, const std::function<void(sdk::Fields &)> &declare) {
        const boost::json::object object = boost::json::parse(text).as_object();
        framework::ObjectReader reader(reading, object, "/term");
        declare(reader);
        resolved = framework::to_text(reader.finish());
        for (const framework::Problem &problem : reading.problems)
            problems += problem.where + ": " + problem.message + "\n";
    }

    framework::Registry registry = with_endless();
    framework::Reading reading{registry};
    Term term;
    std::string resolved;
    std::string problems;
};

} // namespace

BOOST_AUTO_TEST_CASE(what_was_read_is_whole_and_in_order_of_declaration) {
    const Read read(R"({"optimizer": {"type": "faulty"}, "temperature": 2, "type": "soft"})");
    BOOST_TEST(read.problems == "");
    BOOST_TEST(read.resolved == R"({"weight": 1, "type": "soft", "temperature": 2, )"
                                R"("optimizer": {"type": "faulty", "throws": "settings"}})");
    BOOST_TEST(read.term.loss.type == "soft");
    BOOST_TEST((read.term.loss.builder && read.term.optimizer.builder));
    BOOST_TEST_REQUIRE(read.reading.used.size() == 2U);
    BOOST_TEST(read.reading.used[0]->name == "soft");
    BOOST_TEST(read.reading.used[1]->name == "faulty");
    BOOST_TEST(read.reading.owner == "");
}

BOOST_AUTO_TEST_CASE(keys_are_known_by_object) {
    const Read read(R"({"type": "soft", "wieght": 2})");
    BOOST_TEST(read.problems == "/term/wieght: there is no setting \"wieght\"; did you mean \"weight\"? "
                                "Available: weight, type, temperature, optimizer\n");
    const framework::ObjectKeys &keys = read.reading.objects.at("/term");
    const std::vector<std::string> known{"weight", "type", "temperature", "optimizer"};
    BOOST_TEST(keys.known == known, boost::test_tools::per_element());
    BOOST_TEST(keys.unknown == std::vector<std::string>{"wieght"}, boost::test_tools::per_element());
    BOOST_TEST(!read.reading.blames_plugins_only());
}

BOOST_AUTO_TEST_CASE(a_key_that_belongs_further_in_is_told_where) {
    const Read read(R"({"decay": 0.5})");
    BOOST_TEST(read.problems == "/term/decay: there is no setting \"decay\"; did you mean \"optimizer/decay\"? "
                                "Available: weight, type, optimizer\n");
}

BOOST_AUTO_TEST_CASE(a_component_that_holds_itself_by_default_is_its_plugins_mistake) {
    Endless endless;
    const Read read("{}", [&](sdk::Fields &field) { endless.fields(field); });
    BOOST_TEST(read.problems == "/term/inner/inner: by default \"endless\" holds another one, and that yet another, "
                                "without end\n");
    BOOST_TEST(read.reading.blames_plugins_only());
    BOOST_TEST(read.reading.by_default.empty());
}

BOOST_AUTO_TEST_CASE(mistakes_of_a_type) {
    const std::pair<const char *, const char *> cases[] = {
        // nobody knows what such a type declares: what stands beside it is no mistake
        {R"({"type": "sotf", "temperature": 2})",
         "/term/type: there is no loss \"sotf\"; did you mean \"soft\"? Available: endless, entropy, soft\n"},
        {R"({"type": 3, "temperature": 2})", "/term/type: found 3; allowed: endless, entropy, soft\n"},
    };
    for (const auto &[text, problems] : cases) {
        const Read read(text);
        BOOST_TEST(read.problems == problems);
        BOOST_TEST(read.term.loss.builder == nullptr);
        BOOST_TEST(read.reading.objects.at("/term").unknown.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_type_without_default_is_required) {
    sdk::ComponentSpec<sdk::Loss> loss;
    const Read read("{}", [&](sdk::Fields &field) { field("", loss, "Which."); });
    BOOST_TEST(read.problems == "/term/type: is required and missing; allowed: endless, entropy, soft\n");
}

BOOST_AUTO_TEST_CASE(faults_of_a_declaration_are_the_plugins) {
    double number = 1.0;
    const Read twice("{}", [&](sdk::Fields &field) {
        field("a", number, "");
        field("a", number, "");
    });
    BOOST_TEST(twice.problems ==
               "/term/a: \"a\" is declared twice for this object: one of the two must be renamed in its plugin\n");
    BOOST_TEST(twice.reading.blames_plugins_only());
    const Read nameless("{}", [&](sdk::Fields &field) { field("", number, ""); });
    BOOST_TEST(nameless.problems == "/term: the plugin declares a setting without a name\n");
    const Read fine("{\"a\": 2}", [&](sdk::Fields &field) { field("a", number, ""); });
    BOOST_TEST(fine.problems == "");
    BOOST_TEST(number == 2.0);
}

BOOST_AUTO_TEST_CASE(an_element_is_read_where_it_stands) {
    const framework::Registry registry;
    framework::Reading reading(registry);
    const boost::json::value found = 20;
    double number = 1.0;
    framework::ElementReader element(reading, &found, "/hidden/3");
    static_cast<sdk::Fields &>(element)("", number, "", {0, 10});
    BOOST_TEST_REQUIRE(reading.problems.size() == 1U);
    BOOST_TEST(reading.problems[0].where == "/hidden/3");
    framework::ElementReader left_out(reading, nullptr, "/hidden/4");
    static_cast<sdk::Fields &>(left_out).required("", number, "");
    BOOST_TEST(reading.problems.size() == 1U); // a default is never missing
    BOOST_TEST(framework::to_text(left_out.resolved()) == "1");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
