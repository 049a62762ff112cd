// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <plugins/observers/figures/curve.hpp>
#include <plugins/observers/figures/frame.hpp>
#include <plugins/observers/figures/gnuplot_text.hpp>
#include <plugins/observers/figures/script.hpp>

namespace retort::observer_figures {

namespace {

constexpr std::size_t curve_points = 400;
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

struct Extent {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void add(double value) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
};

/// A curve of figure 1: its data and how it is drawn.
struct Side {
    std::string name;
    std::string_view colour;
    std::string_view legend;
    std::vector<CurvePoint> curve;

    [[nodiscard]] std::string data() const {
        std::string text = "$" + name + " << END\n";
        for (const CurvePoint &point : curve)
            text += line({point.x, point.low, point.high, point.smooth});
        return text + "END\n";
    }

    [[nodiscard]] std::string band() const {
        return "$" + name + " using 1:2:3 with filledcurves fs transparent solid 0.18 noborder lc rgb " +
               in_quotes(colour) + " notitle";
    }

    [[nodiscard]] std::string smooth() const {
        return "$" + name + " using 1:4 with lines lw 2.2 lc rgb " + in_quotes(colour) + " title " + in_quotes(legend);
    }
};

/// Where both curves meet in the end: one line, or steps where a change gave the adversary another objective.
struct Equilibrium {
    /// `values`: null where there is no such column, as before objectives had one.
    Equilibrium(const std::vector<double> &steps, const std::vector<double> *values) {
        if (values == nullptr)
            return;
        last = values->back();
        for (std::size_t i = 0; i < values->size(); ++i) {
            extent.add((*values)[i]);
            const bool is_corner = i == 0 || i + 1 == values->size() || (*values)[i] != (*values)[i - 1] ||
                                   (*values)[i] != (*values)[i + 1];
            if (is_corner)
                corners += line({steps[i], (*values)[i]});
        }
    }

    [[nodiscard]] bool changes() const { return extent.high > extent.low; }

    [[nodiscard]] std::string data() const { return changes() ? "$equilibrium << END\n" + corners + "END\n" : ""; }

    [[nodiscard]] std::string plot() const {
        return (changes() ? "$equilibrium" : to_text(last)) +
               " with lines lw 1.4 dt 2 lc rgb '#444444' title 'equilibrium'";
    }

    double last = 0.5;
    Extent extent;
    std::string corners;
};

/// The axis of scores: the last equilibrium in the middle of what the smoothed curves and other equilibria need, at
/// least 0.1 to both sides; probabilities stay in [0, 1].
std::string score_axis(const Side &teacher, const Side &student, const Equilibrium &equilibrium) {
    Extent raw;
    double reach = equilibrium.changes()
                       ? std::max(equilibrium.extent.high - equilibrium.last, equilibrium.last - equilibrium.extent.low)
                       : 0.0;
    for (const Side *side : {&teacher, &student})
        for (const CurvePoint &point : side->curve) {
            raw.add(point.low);
            raw.add(point.high);
            reach = std::fmax(reach, std::abs(point.smooth - equilibrium.last));
        }
    const double half = std::max(0.1, 1.4 * reach);
    const double low = equilibrium.last - half;
    const double high = equilibrium.last + half;
    if (raw.low < 0.0 || raw.high > 1.0)
        return label("ylabel", "mean score over the batch") + range('y', low, high);
    return label("ylabel", "mean of D over the batch") + range('y', std::max(0.0, low), std::min(1.0, high));
}

Script discriminator_script(const std::string &stage, const std::string &adversary, const Table &steps,
                            const std::vector<double> &d_teacher, const std::vector<double> &d_student,
                            std::span<const Event> events) {
    const std::vector<double> &x = steps.columns.front().values;
    const Side teacher{"teacher", teacher_colour, "D(t), teacher", shorten(x, d_teacher, curve_points)};
    const Side student{"student", student_colour, "D(s), student", shorten(x, d_student, curve_points)};
    const Equilibrium equilibrium(x, steps.find(adversary + ".equilibrium"));
    const std::string set_up =
        teacher.data() + student.data() + equilibrium.data() + label("title", stage + ": discriminator " + adversary) +
        label("xlabel", "training step") + range('x', 0.0, x.back()) + score_axis(teacher, student, equilibrium) +
        event_marks(events, stage, adversary, x.back());
    const std::string next = ", \\\n";
    return finish(stage + ".discriminator." + adversary, set_up,
                  "plot " + teacher.band() + next + student.band() + next + equilibrium.plot() + next +
                      teacher.smooth() + next + student.smooth() + "\n");
}

double percent(const std::vector<double> *column, std::size_t row) {
    return column == nullptr ? unknown : 100.0 * (*column)[row];
}

std::string accuracy_curve(int column, int point, std::string_view colour, std::string_view legend) {
    return "$accuracy using 1:" + std::to_string(column) + " with linespoints lw 2.2 pt " + std::to_string(point) +
           " ps 0.7 lc rgb " + in_quotes(colour) + " title " + in_quotes(legend);
}

} // namespace

std::vector<Script> discriminator_scripts(const std::string &stage, const Table &steps, std::span<const Event> events) {
    constexpr std::string_view suffix = ".d_teacher";
    std::vector<Script> scripts;
    for (const Table::Column &column : steps.columns) {
        if (!column.name.ends_with(suffix) || column.values.empty())
            continue;
        const std::string adversary = column.name.substr(0, column.name.size() - suffix.size());
        if (const auto *d_student = steps.find(adversary + ".d_student"))
            scripts.push_back(discriminator_script(stage, adversary, steps, column.values, *d_student, events));
    }
    return scripts;
}

std::vector<Script> accuracy_scripts(const std::string &stage, const std::string &model, const Table &epochs) {
    const auto *train = epochs.find("train_accuracy");
    const auto *validation = epochs.find("validation_accuracy");
    if (epochs.rows() == 0 || (train == nullptr && validation == nullptr))
        return {};
    const std::vector<double> &x = epochs.columns.front().values;
    std::string data = "$accuracy << END\n";
    Extent extent;
    for (std::size_t row = 0; row < epochs.rows(); ++row) {
        extent.add(percent(train, row));
        extent.add(percent(validation, row));
        data += line({x[row], percent(train, row), percent(validation, row)});
    }
    const double spread = std::max(extent.high - extent.low, 0.5);
    const std::string set_up =
        data + "END\n" + label("title", stage + ": accuracy of " + model) + label("xlabel", "epoch") +
        label("ylabel", "accuracy (%)") + range('x', 0.0, x.back() + 0.5) +
        range('y', std::max(0.0, extent.low - 0.08 * spread), std::min(100.0, extent.high + 0.12 * spread));
    std::string plot = "plot ";
    if (train != nullptr)
        plot += accuracy_curve(2, 7, teacher_colour, "train (mean of the epoch)");
    if (validation != nullptr)
        plot += (train == nullptr ? "" : ", \\\n") + accuracy_curve(3, 5, student_colour, "validation");
    return {finish(stage + ".accuracy", set_up, plot + "\n")};
}

} // namespace retort::observer_figures
