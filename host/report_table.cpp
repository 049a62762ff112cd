// SPDX-License-Identifier: Apache-2.0
#include "report_table.hpp"

#include "text.hpp"

#include <vector>

namespace retort::host {

std::string report_table(std::span<const framework::Report> reports, std::string_view split) {
    std::vector<std::vector<std::string>> rows{{"model", "weights", "stage", std::string(split) + " errors", "accuracy",
                                                "NLL", "Brier", "ECE", "parameters", "seconds"}};
    for (const framework::Report &report : reports)
        rows.push_back({report.model, report.weights, report.stage.empty() ? "-" : report.stage,
                        std::to_string(report.errors) + " of " + std::to_string(report.size),
                        fixed(100.0 * report.accuracy, 2) + " %", fixed(report.nll, 4), fixed(report.brier, 4),
                        fixed(report.ece, 4), std::to_string(report.parameters), fixed(report.seconds, 1)});
    return table_text(rows, 3);
}

} // namespace retort::host
