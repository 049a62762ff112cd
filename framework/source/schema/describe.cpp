// SPDX-License-Identifier: Apache-2.0
#include "../support/translate.hpp"
#include "describer.hpp"

#include <retort/framework/describe.hpp>
#include <retort/sdk/sdk.hpp>
#include <retort/sdk/silent_services.hpp>

#include <boost/json/array.hpp>

namespace retort::framework {

namespace json = boost::json;

namespace {

class IgnoredProblems final : public sdk::Problems {
  public:
    void report(std::string_view, std::string_view, std::string_view) override {}
};

json::array taps_of(const sdk::AnyFactory &factory, const sdk::AnySettings &settings) {
    sdk::SilentServices services; // a model that is only asked for its taps computes nothing
    IgnoredProblems problems;
    const sdk::ModelContext context{{services, problems, sdk::Random{}}, 784, {1, 28, 28, 0.0F}, 10};
    json::array taps;
    try {
        const auto model = static_cast<const sdk::Factory<sdk::Model> &>(factory).build(settings, context);
        for (const sdk::Tap &tap : model->taps())
            taps.push_back({{"name", json::string_view(tap.name.data(), tap.name.size())}, {"width", tap.width}});
    } catch (...) { // defaults alone may not make a model; then there is nothing to say
        taps.clear();
    }
    return taps;
}

} // namespace

json::object describe(const Entry &entry) {
    json::object description{{"role", entry.role},       {"name", entry.name},
                             {"plugin", entry.plugin},   {"version", entry.version},
                             {"file", code_file(entry)}, {"documentation", entry.documentation}};
    try {
        const std::unique_ptr<sdk::AnySettings> settings = entry.factory->make_settings();
        Describer describer;
        settings->fields(describer);
        description["settings"] = describer.descriptions();
        if (entry.role == sdk::Model::role)
            description["taps"] = taps_of(*entry.factory, *settings);
    } catch (...) {
        throw translated_exception(entry.file, entry.plugin);
    }
    return description;
}

} // namespace retort::framework
