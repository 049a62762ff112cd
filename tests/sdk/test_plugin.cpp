// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/plugin.hpp>
#include <retort/sdk/roles/observer.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(test_plugin)

using namespace retort;

namespace {

class Silent final : public sdk::Observer {
  public:
    explicit Silent(const sdk::ObserverContext &) {}
};

class Names final : public sdk::Registrar {
  public:
    std::string text;

  private:
    void add_factory(std::string_view role, std::string_view name, std::string_view,
                     std::unique_ptr<sdk::AnyFactory>) override {
        text += std::string(role) + "/" + std::string(name) + " ";
    }
};

} // namespace

// The same source as in a shared library, linked into a program.
RETORT_PLUGIN(registrar) {
    registrar.add<sdk::Observer, Silent>("silent", "Says nothing.");
    registrar.add<sdk::Observer, Silent>("quiet", "The same.");
}

BOOST_AUTO_TEST_CASE(the_entry_says_who_it_is_and_registers) {
    BOOST_TEST(std::string(retort_plugin_in_program.name) == "in_program");
    BOOST_TEST(std::string(retort_plugin_in_program.version) == "1.2");
    Names names;
    retort_plugin_in_program.register_components(names);
    BOOST_TEST(names.text == "observer/silent observer/quiet ");
}

BOOST_AUTO_TEST_SUITE_END()
