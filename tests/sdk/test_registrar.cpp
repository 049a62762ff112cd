// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/registrar.hpp>
#include <retort/sdk/roles/observer.hpp>

#include <boost/test/unit_test.hpp>

#include <map>
#include <support/context.hpp>

BOOST_AUTO_TEST_SUITE(test_registrar)

using namespace retort;

namespace {

class Collector final : public sdk::Registrar {
  public:
    std::map<std::string, std::unique_ptr<sdk::AnyFactory>> factories;

  private:
    void add_factory(std::string_view role, std::string_view name, std::string_view documentation,
                     std::unique_ptr<sdk::AnyFactory> factory) override {
        factories[std::string(role) + "/" + std::string(name) + ": " + std::string(documentation)] = std::move(factory);
    }
};

class Silent final : public sdk::Observer {
  public:
    explicit Silent(const sdk::ObserverContext &) {}
};

class Logging final : public sdk::Observer {
  public:
    struct Settings {
        std::string file = "log";

        void fields(sdk::Fields &field) { field("file", file, "Its name."); }
    };

    Logging(const Settings &settings, const sdk::ObserverContext &context)
        : path(context.directory + "/" + settings.file) {}

    std::string path;
};

std::unique_ptr<sdk::Observer> build(const sdk::AnyFactory &any) {
    test::Surroundings surroundings;
    const auto &factory = dynamic_cast<const sdk::Factory<sdk::Observer> &>(any);
    return factory.build(*factory.make_settings(), {surroundings.context(), "/run"});
}

} // namespace

BOOST_AUTO_TEST_CASE(classes_with_and_without_settings_and_callables_are_offered_alike) {
    Collector collector;
    collector.add<sdk::Observer, Silent>("silent", "Says nothing.");
    collector.add<sdk::Observer, Logging>("logging", "Says all.");
    int calls = 0;
    collector.add<sdk::Observer>("mine", "Of the program.", [&calls](const sdk::ObserverContext &context) {
        ++calls;
        return std::make_unique<Silent>(context);
    });
    BOOST_TEST_REQUIRE(collector.factories.size() == 3U);
    BOOST_TEST(build(*collector.factories.at("observer/silent: Says nothing.")));
    const auto logging = build(*collector.factories.at("observer/logging: Says all."));
    BOOST_TEST(dynamic_cast<Logging &>(*logging).path == "/run/log");
    BOOST_TEST(build(*collector.factories.at("observer/mine: Of the program.")));
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_SUITE_END()
