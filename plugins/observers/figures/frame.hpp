// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace retort::observer_figures {

// Blue and vermilion of Okabe and Ito's palette: distinct for every kind of colour blindness, and in grey.
inline constexpr std::string_view teacher_colour = "#0072B2";
inline constexpr std::string_view student_colour = "#D55E00";

/// A figure as a gnuplot script that carries its own data and writes `<name>.svg` and `<name>.png` into the current
/// folder. Both are the same bytes whenever they are drawn by the same gnuplot with the same fonts.
struct Script {
    std::string name;
    std::string text;
};

/// Wraps what is common to all figures around the lines that set one up and draw it.
[[nodiscard]] Script finish(std::string name, const std::string &set_up, const std::string &plot);

/// A line of data; "NaN" stands for what is not finite.
[[nodiscard]] std::string line(std::initializer_list<double> values);

/// `set <what> '<text>'`, in which gnuplot takes nothing for markup.
[[nodiscard]] std::string label(std::string_view what, std::string_view text);

[[nodiscard]] std::string range(char axis, double low, double high);

} // namespace retort::observer_figures
