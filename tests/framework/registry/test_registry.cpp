// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/registry.hpp>
#include <retort/sdk/roles/observer.hpp>

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <support/context.hpp>

using namespace retort;
using framework::Registry;

namespace {

struct Silent final : sdk::Observer {
    explicit Silent(const sdk::ObserverContext &) {}
};

template <class... Names> void offer(sdk::Registrar &registrar, Names... names) {
    (registrar.add<sdk::Observer, Silent>(names, "Says nothing."), ...);
}

sdk::Plugin plugin(void (*entry)(sdk::Registrar &)) {
    return {"fixture", "1.2", entry};
}

framework::Error error_of(Registry &registry, void (*entry)(sdk::Registrar &)) {
    try {
        registry.add(plugin(entry), "/there/second.so");
    } catch (const framework::Error &error) {
        return error;
    }
    throw std::logic_error("nothing was thrown");
}

} // namespace

BOOST_AUTO_TEST_SUITE(test_registry)

BOOST_AUTO_TEST_CASE(an_entry_says_all_about_itself) {
    Registry registry;
    registry.add(plugin([](sdk::Registrar &registrar) { offer(registrar, "silent"); }), "/here/first.so");
    const framework::Entry *entry = registry.find("observer", "silent");
    BOOST_TEST_REQUIRE(entry);
    BOOST_TEST(entry->role == "observer");
    BOOST_TEST(entry->name == "silent");
    BOOST_TEST(entry->documentation == "Says nothing.");
    BOOST_TEST(entry->plugin == "fixture");
    BOOST_TEST(entry->version == "1.2");
    BOOST_TEST(entry->file == "/here/first.so");
    BOOST_TEST(dynamic_cast<const sdk::Factory<sdk::Observer> *>(entry->factory.get()));
    BOOST_TEST(!registry.find("model", "silent"));
    BOOST_TEST(!registry.find("observer", "loud"));
}

BOOST_AUTO_TEST_CASE(a_program_offers_its_own_objects) {
    struct Counting : sdk::Observer {
        explicit Counting(int &c) : count(c) {}
        void begin_run() override { ++count; }
        int &count;
    };
    int count = 0; // an object of the program
    Registry registry;
    registry.add("program", [&](sdk::Registrar &registrar) {
        registrar.add<sdk::Observer>("counting", "Counts.",
                                     [&](const sdk::ObserverContext &) { return std::make_unique<Counting>(count); });
    });
    const framework::Entry &entry = registry.get("observer", "counting", "");
    BOOST_TEST(entry.plugin == "program");
    BOOST_TEST(entry.version == "");
    BOOST_TEST(entry.file == "");
    BOOST_TEST(entry.documentation == "Counts.");
    const auto &factory = dynamic_cast<const sdk::Factory<sdk::Observer> &>(*entry.factory);
    test::Surroundings surroundings;
    const sdk::ObserverContext context{surroundings.context(), {}};
    const auto settings = factory.make_settings();
    const auto first = factory.build(*settings, context);
    const auto second = factory.build(*settings, context);
    BOOST_TEST(first != second); // a component for each run
    first->begin_run();
    second->begin_run();
    BOOST_TEST(count == 2);
}

BOOST_AUTO_TEST_CASE(a_programs_mistakes_are_errors_that_name_it) {
    Registry registry;
    registry.add("program", [](sdk::Registrar &registrar) { offer(registrar, "silent"); });
    const auto expected = [](const framework::Error &error) {
        return error.code() == framework::ErrorCode::plugin &&
               std::string(error.what()) ==
                   R"(plugin program: observer "silent" is offered already by program [plugin program])";
    };
    BOOST_CHECK_EXCEPTION(registry.add("program", [](sdk::Registrar &registrar) { offer(registrar, "new", "silent"); }),
                          framework::Error, expected);
    BOOST_TEST(registry.entries().size() == 1U);
    registry.add("program", [](sdk::Registrar &registrar) { offer(registrar, "new"); });
    BOOST_TEST(registry.entries().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_name_that_two_offer_must_be_completed) {
    Registry registry;
    registry.add(plugin([](sdk::Registrar &registrar) { offer(registrar, "silent", "quiet"); }), "/here/first.so");
    BOOST_TEST(registry.find("observer", "silent") == registry.find("observer", "silent@fixture"));
    BOOST_TEST(registry.spelling(*registry.find("observer", "silent")) == "silent");
    registry.add("program", [](sdk::Registrar &registrar) { offer(registrar, "silent"); });
    BOOST_TEST(registry.find("observer", "silent") == nullptr);
    BOOST_TEST(registry.get("observer", "silent@fixture", "").plugin == "fixture");
    BOOST_TEST(registry.get("observer", "silent@program", "").plugin == "program");
    BOOST_TEST(registry.get("observer", "quiet@fixture", "").name == "quiet");
    std::string spellings;
    for (const framework::Entry *entry : registry.entries("observer"))
        spellings += registry.spelling(*entry) + " ";
    BOOST_TEST(spellings == "quiet silent@fixture silent@program ");
    BOOST_TEST(registry.not_found("observer", "silent") ==
               R"(several plugins offer observer "silent"; allowed: silent@fixture, silent@program)");
    BOOST_TEST(registry.not_found("observer", "silent@fixtur") ==
               R"(there is no observer "silent@fixtur"; did you mean "silent@fixture"? )"
               "Available: quiet, silent@fixture, silent@program");
    BOOST_TEST(registry.not_found("observer", "quiet@program") ==
               R"(there is no observer "quiet@program"; did you mean "silent@program"? )"
               "Available: quiet@fixture, silent@fixture, silent@program");
}

BOOST_AUTO_TEST_CASE(two_plugins_of_one_name_are_told_apart_by_nothing) {
    Registry registry;
    registry.add(plugin([](sdk::Registrar &registrar) { offer(registrar, "silent"); }), "/here/first.so");
    const framework::Error error = error_of(registry, [](sdk::Registrar &registrar) { offer(registrar, "new"); });
    BOOST_TEST(std::string(error.what()) ==
               "/there/second.so: there is a plugin of its name already: /here/first.so [plugin fixture]");
    BOOST_TEST(registry.entries().size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_stamp_of_what_was_linked_must_fit) {
    Registry registry;
    sdk::Plugin linked = plugin([](sdk::Registrar &registrar) { offer(registrar, "silent"); });
    linked.stamp = "retort_stamp__contract_0";
    const auto expected = [](const framework::Error &error) {
        return error.code() == framework::ErrorCode::plugin && error.problems().front().where == "plugin fixture" &&
               error.problems().front().message.starts_with(
                   "it was built for another Retort or with other options: contract is 0, must be " +
                   std::to_string(RETORT_CONTRACT_VERSION) + "; ");
    };
    BOOST_CHECK_EXCEPTION(registry.add(linked), framework::Error, expected);
    BOOST_TEST(registry.entries().empty());
    const sdk::Plugin fits = plugin(linked.register_components);
    const sdk::Plugin *const all[] = {&fits};
    registry.add(all);
    BOOST_TEST(registry.entries().size() == 1U);
}

BOOST_AUTO_TEST_CASE(entries_are_sorted) {
    Registry registry;
    registry.add(plugin([](sdk::Registrar &registrar) { offer(registrar, "c", "a", "b"); }));
    std::string names;
    for (const framework::Entry *entry : registry.entries("observer"))
        names += entry->name;
    BOOST_TEST(names == "abc");
    BOOST_TEST(registry.entries().size() == 3U);
    BOOST_TEST(registry.entries("model").empty());
}

BOOST_AUTO_TEST_CASE(a_plugin_is_added_whole_or_not_at_all) {
    struct Case {
        const char *name;
        void (*entry)(sdk::Registrar &);
        std::string message;
    };
    const Case cases[] = {
        {"twice", [](sdk::Registrar &registrar) { offer(registrar, "new", "new"); },
         R"(observer "new" is offered twice)"},
        {"malformed", [](sdk::Registrar &registrar) { offer(registrar, "new", "9new"); },
         R"(the name of observer "9new" is malformed: lower case letters, digits and underscores, )"
         "beginning with a letter"},
        {"empty", [](sdk::Registrar &registrar) { offer(registrar, "new", ""); },
         R"(the name of observer "" is malformed: lower case letters, digits and underscores, )"
         "beginning with a letter"},
        {"exception",
         [](sdk::Registrar &registrar) {
             offer(registrar, "new");
             throw std::logic_error("no licence");
         },
         "it threw while it registered: no licence"},
        {"integer",
         [](sdk::Registrar &registrar) {
             offer(registrar, "new");
             throw 42;
         },
         "it threw something that is no std::exception while it registered"},
    };
    for (const Case &test : cases)
        BOOST_TEST_CONTEXT(test.name) {
            Registry registry;
            registry.add("program", [](sdk::Registrar &registrar) { offer(registrar, "silent"); });
            const framework::Error error = error_of(registry, test.entry);
            BOOST_TEST((error.code() == framework::ErrorCode::plugin));
            BOOST_TEST(error.problems().front().message == test.message);
            BOOST_TEST(error.problems().front().where == "/there/second.so");
            BOOST_TEST(error.problems().front().plugin == "fixture");
            BOOST_TEST(registry.entries().size() == 1U);
        }
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_answered_with_the_nearest) {
    Registry registry;
    registry.add(plugin([](sdk::Registrar &registrar) { offer(registrar, "silent", "quiet"); }));
    BOOST_TEST(registry.get("observer", "quiet", "/x").name == "quiet");
    const auto expected = [](const framework::Error &error) {
        return error.code() == framework::ErrorCode::plugin &&
               std::string(error.what()) ==
                   R"(/x: there is no observer "slient"; did you mean "silent"? Available: quiet, silent)";
    };
    BOOST_CHECK_EXCEPTION((void)registry.get("observer", "slient", "/x"), framework::Error, expected);
}

BOOST_AUTO_TEST_CASE(two_registries_do_not_see_each_other) {
    Registry first;
    Registry second;
    first.add(plugin([](sdk::Registrar &registrar) { offer(registrar, "silent"); }));
    BOOST_TEST(second.entries().empty());
    second.add(plugin([](sdk::Registrar &registrar) { offer(registrar, "silent"); }));
    BOOST_TEST(second.entries().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
