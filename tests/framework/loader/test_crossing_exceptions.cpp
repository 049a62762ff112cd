// SPDX-License-Identifier: Apache-2.0
#include "plugin_fixtures.hpp"

#include <retort/sdk/roles/observer.hpp>

#include <boost/test/unit_test.hpp>

#include <framework/source/manifest/object_reader.hpp>
#include <framework/source/support/guard.hpp>
#include <support/context.hpp>
#include <utility>

BOOST_AUTO_TEST_SUITE(test_crossing_exceptions)

using namespace retort;
using namespace retort::framework;
using test::plugins;
namespace fs = std::filesystem;

namespace {

/// What the framework says when the observer of `entry` throws in a call.
std::string error_of(const Entry &entry, const std::string &call, const std::string &thrown) {
    const Registry none;
    Reading reading(none);
    const boost::json::object settings{{"in", call}, {"throws", thrown}, {"step", 1}};
    const std::shared_ptr<sdk::AnySettings> made = entry.factory->make_settings();
    ObjectReader reader(reading, settings, "");
    made->fields(reader);
    test::Surroundings surroundings;
    const sdk::ObserverContext context{surroundings.context(), {}};
    try {
        guarded({entry.plugin, "/observers/0"}, [&] {
            const auto &factory = static_cast<const sdk::Factory<sdk::Observer> &>(*entry.factory);
            const std::unique_ptr<sdk::Observer> observer = factory.build(*made, context);
            observer->begin_run();
            observer->step({}, 1, {});
        });
    } catch (const Error &error) {
        return error.what();
    }
    return "nothing was thrown";
}

} // namespace

BOOST_AUTO_TEST_CASE(exceptions_of_every_kind_cross_from_either_compiler) {
    for (const char *name : {"fixture_faulty", "other_compiler_faulty"}) {
        const fs::path file = plugins / (std::string(name) + ".so");
        if (!fs::exists(file)) {
            BOOST_TEST_MESSAGE("there is no second compiler here: " << name << " is not tested");
            continue;
        }
        Registry registry;
        load_plugin(registry, file);
        const Entry &entry = registry.get("observer", "faulty", "");
        for (const auto &[thrown, text] : std::vector<std::pair<std::string, std::string>>{
                 {"error", "/observers/0/tape: the tape is torn; allowed: a whole one"},
                 {"exception", "/observers/0: the motor is stuck"},
                 {"integer", "/observers/0: threw something that is no std::exception"},
                 {"bad_alloc", "/observers/0: out of memory"},
                 {"own_exception", "/observers/0: an exception of the plugin's own"},
                 {"own", "/observers/0: threw something that is no std::exception"}})
            for (const char *call : {"constructor", "begin_run", "step"})
                BOOST_TEST_CONTEXT(name << " throws " << thrown << " in " << call)
        BOOST_TEST(error_of(entry, call, thrown) == text + " [plugin " + name + "]");
    }
}

BOOST_AUTO_TEST_SUITE_END()
