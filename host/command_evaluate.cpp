// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "plugins.hpp"
#include "report_table.hpp"
#include "weights.hpp"

#include <retort/framework/evaluate.hpp>
#include <retort/framework/json_text.hpp>

#include <boost/json/array.hpp>

#include <iostream>

namespace retort::host {

void evaluate(const Arguments &asked) {
    const Arguments arguments = with_manifest(asked);
    const Plugins plugins = load_plugins(arguments);
    std::vector<std::string> warnings;
    const framework::Plan plan = read_plan(arguments, plugins, warnings);
    for (const std::string &warning : warnings)
        std::cerr << "warning: " << warning << '\n';
    const auto reports = framework::evaluate(plan, weights_of(arguments, plan), {arguments.data, arguments.split, {}});
    if (!arguments.json) {
        std::cout << report_table(reports, name_of(arguments.split));
        return;
    }
    boost::json::array list;
    for (const framework::Report &report : reports) {
        list.emplace_back(framework::report_json(report));
        list.back().as_object()["split"] = std::string(name_of(arguments.split));
    }
    std::cout << framework::to_text(list, framework::JsonLayout::pretty);
}

} // namespace retort::host
