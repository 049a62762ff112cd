// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <plugins/observers/figures/gnuplot_text.hpp>
#include <plugins/observers/figures/reliability.hpp>
#include <utility>

namespace retort::observer_figures {

namespace {

/// Columns of a table, one for each of the table's rows; null if there is no such column.
struct Bins {
    Bins(const Table &table, const std::string &prefix)
        : count(table.find(prefix + "count")), confidence(table.find(prefix + "confidence")),
          accuracy(table.find(prefix + "accuracy")) {}

    [[nodiscard]] bool hold(std::size_t bin) const {
        return count != nullptr && confidence != nullptr && accuracy != nullptr && (*count)[bin] > 0.0;
    }

    [[nodiscard]] bool hold_any(std::size_t bins) const {
        for (std::size_t bin = 0; bin < bins; ++bin)
            if (hold(bin))
                return true;
        return false;
    }

    const std::vector<double> *count;
    const std::vector<double> *confidence;
    const std::vector<double> *accuracy;
};

/// One standard error around a part of `count` examples, in Wilson's form: not empty where all or none are meant.
std::pair<double, double> wilson_interval(double part, double count) {
    const double middle = (part + 0.5 / count) / (1.0 + 1.0 / count);
    const double half = std::sqrt(part * (1.0 - part) / count + 0.25 / (count * count)) / (1.0 + 1.0 / count);
    return {middle - half, middle + half};
}

/// Confidence, accuracy, and the ends of its interval, a bin a line.
std::string points(const std::string &name, const Bins &bins, std::size_t size) {
    std::string text = "$" + name + " << END\n";
    for (std::size_t bin = 0; bin < size; ++bin)
        if (bins.hold(bin)) {
            const double accuracy = (*bins.accuracy)[bin];
            const auto [low, high] = wilson_interval(accuracy, (*bins.count)[bin]);
            text += line({(*bins.confidence)[bin], accuracy, low, high});
        }
    return text + "END\n";
}

/// The middle of each bin, and how many examples it holds.
std::string counts(const Table &table, const Bins &bins) {
    const std::vector<double> &low = *table.find("low");
    const std::vector<double> &high = *table.find("high");
    std::string text = "$counts << END\n";
    for (std::size_t bin = 0; bin < table.rows(); ++bin)
        if (bins.hold(bin))
            text += line({0.5 * (low[bin] + high[bin]), (*bins.count)[bin]});
    return text + "END\n";
}

std::string curve(const std::string &name, int point, std::string_view colour, std::string_view legend) {
    return "$" + name + " using 1:2:3:4 with yerrorlines lw 2.2 pt " + std::to_string(point) + " ps 0.7 lc rgb " +
           in_quotes(colour) + " title " + in_quotes(legend);
}

std::string axes() {
    return label("xlabel", "confidence: probability of the most probable class") + label("ylabel", "accuracy") +
           range('x', 0.0, 1.0) + range('y', 0.0, 1.0) +
           "set y2range [0.5:*]\nset logscale y2\nset y2tics nomirror out textcolor rgb '#888888'\n"
           "set y2label 'examples in the bin' textcolor rgb '#888888'\n";
}

} // namespace

std::vector<Script> reliability_scripts(const std::string &weights, const Table &bins) {
    const Bins trained(bins, "");
    const Bins scaled(bins, "scaled_");
    if (bins.find("low") == nullptr || bins.find("high") == nullptr || !trained.hold_any(bins.rows()))
        return {};
    const bool is_scaled = scaled.hold_any(bins.rows());
    const std::string width = to_text(1.0 / static_cast<double>(bins.rows()));
    std::string set_up = counts(bins, trained) + points("trained", trained, bins.rows());
    std::string plot = "plot $counts using 1:2:(" + width +
                       ") axes x1y2 with boxes fs solid 0.25 noborder lc rgb '#999999' notitle, \\\n"
                       "x with lines lw 1.4 dt 2 lc rgb '#444444' title 'calibrated', \\\n" +
                       curve("trained", 7, teacher_colour, "as trained");
    if (is_scaled) {
        set_up += points("scaled", scaled, bins.rows());
        plot += ", \\\n" + curve("scaled", 5, student_colour, "scaled");
    }
    return {finish(weights + ".reliability", set_up + label("title", weights + ": reliability") + axes(), plot + "\n")};
}

} // namespace retort::observer_figures
