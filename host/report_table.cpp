// SPDX-License-Identifier: Apache-2.0
#include "report_table.hpp"

#include "text.hpp"

#include <algorithm>
#include <vector>

namespace retort::host {

namespace {

using framework::Report;

/// "0.9712 (fashion), 0.9991 (noise)"
std::string auroc_text(const Report &report) {
    std::string text;
    for (const framework::DetectionReport &other : report.out_of_distribution)
        text += (text.empty() ? "" : ", ") + fixed(other.auroc, 4) + " (" + other.data + ")";
    return text.empty() ? "-" : text;
}

std::vector<std::string> calibration_row(const Report &report) {
    std::vector<std::string> row{report.model, report.weights, report.stage.empty() ? "-" : report.stage};
    if (!report.scaled)
        row.insert(row.end(), 4, "-");
    else
        for (const double number :
             {report.scaled->temperature, report.scaled->nll, report.scaled->brier, report.scaled->ece})
            row.push_back(fixed(number, 4));
    return row;
}

/// What is said of models besides, if anything is.
std::string calibration_table(std::span<const Report> reports) {
    const bool has_scaled =
        std::any_of(reports.begin(), reports.end(), [](const Report &report) { return report.scaled.has_value(); });
    const bool has_others = std::any_of(reports.begin(), reports.end(),
                                        [](const Report &report) { return !report.out_of_distribution.empty(); });
    if (!has_scaled && !has_others)
        return {};
    std::vector<std::vector<std::string>> rows{{"model", "weights", "stage", "temperature", "NLL", "Brier", "ECE"}};
    for (const Report &report : reports)
        rows.push_back(calibration_row(report));
    if (has_others) {
        rows.front().emplace_back("AUROC of entropy");
        for (std::size_t i = 0; i < reports.size(); ++i)
            rows[i + 1].push_back(auroc_text(reports[i]));
    }
    return "\nWith logits divided by a temperature that was fitted on validation data" +
           std::string(has_others ? "; AUROC without:\n\n" : ":\n\n") + table_text(rows, 3);
}

} // namespace

std::string report_table(std::span<const Report> reports, std::string_view split) {
    std::vector<std::vector<std::string>> rows{{"model", "weights", "stage", std::string(split) + " errors", "accuracy",
                                                "NLL", "Brier", "ECE", "parameters", "seconds"}};
    for (const Report &report : reports)
        rows.push_back({report.model, report.weights, report.stage.empty() ? "-" : report.stage,
                        std::to_string(report.errors) + " of " + std::to_string(report.size),
                        fixed(100.0 * report.accuracy, 2) + " %", fixed(report.nll, 4), fixed(report.brier, 4),
                        fixed(report.ece, 4), std::to_string(report.parameters), fixed(report.seconds, 1)});
    return table_text(rows, 3) + calibration_table(reports);
}

} // namespace retort::host
