// SPDX-License-Identifier: Apache-2.0
#include "report_files.hpp"

#include "../components/prediction.hpp"
#include "../support/append_number.hpp"

namespace retort::framework {

namespace {

void append_bin(std::string &text, const sdk::ReliabilityBin &bin) {
    text += ',';
    append_number(text, bin.count);
    for (const double value : {bin.confidence, bin.accuracy}) {
        text += ',';
        if (bin.count > 0)
            append_number(text, value);
    }
}

} // namespace

std::string reliability_csv(const Report &report) {
    std::string text = "low,high,count,confidence,accuracy,scaled_count,scaled_confidence,scaled_accuracy\n";
    const auto bins = static_cast<double>(report.reliability.size());
    for (std::size_t bin = 0; bin < report.reliability.size(); ++bin) {
        append_number(text, static_cast<double>(bin) / bins);
        text += ',';
        append_number(text, static_cast<double>(bin + 1) / bins);
        append_bin(text, report.reliability[bin]);
        if (report.scaled)
            append_bin(text, report.scaled->reliability[bin]);
        else
            text += ",,,";
        text += '\n';
    }
    return text;
}

void PredictionsFile::add(sdk::ConstMatrix logits, std::span<const std::int32_t> labels) {
    text_.clear();
    if (rows_ == 0)
        add_head(logits.columns);
    for (std::size_t row = 0; row < logits.rows; ++row)
        add_row(logits.row(row), labels[row]);
    file_.write(text_);
}

void PredictionsFile::add_head(std::size_t classes) {
    probabilities_.resize(classes);
    text_ += "index,label,predicted";
    for (std::size_t c = 0; c < classes; ++c)
        text_ += ",probability_" + std::to_string(c);
    text_ += '\n';
}

void PredictionsFile::add_row(std::span<const float> logits, std::int32_t label) {
    append_number(text_, rows_++);
    text_ += ',';
    append_number(text_, label);
    text_ += ',';
    append_number(text_, predict_example(logits, probabilities_).label);
    for (const float probability : probabilities_) {
        text_ += ',';
        append_number(text_, probability);
    }
    text_ += '\n';
}

} // namespace retort::framework
