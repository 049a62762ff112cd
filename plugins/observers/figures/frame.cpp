// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <plugins/observers/figures/frame.hpp>
#include <plugins/observers/figures/gnuplot_text.hpp>
#include <utility>

namespace retort::observer_figures {

Script finish(std::string name, const std::string &set_up, const std::string &plot) {
    std::string text = "# Draws " + name + ".svg and " + name + ".png: gnuplot -d <this file>\n" +
                       "set encoding utf8\n"
                       "set border 3 lw 1 lc rgb '#444444'\n"
                       "set tics nomirror out textcolor rgb '#222222'\n"
                       "set grid lt 1 lw 0.5 lc rgb '#DDDDDD'\n"
                       "set key outside top center horizontal reverse Left samplen 2.5 spacing 1.2 width 1\n"
                       "set lmargin 10\n" +
                       set_up +
                       "set terminal svg size 760,440 dynamic font 'DejaVu Sans,Helvetica,Arial,sans-serif,15' "
                       "background '#FFFFFF'\n"
                       "set output " +
                       in_quotes(name + ".svg") + "\n" + plot +
                       "unset output\n"
                       "set terminal pngcairo size 1520,880 fontscale 2 linewidth 2 pointscale 2 font 'DejaVu Sans,11' "
                       "background '#FFFFFF'\n"
                       "set output " +
                       in_quotes(name + ".png") + "\nreplot\nunset output\n";
    return {std::move(name), std::move(text)};
}

std::string line(std::initializer_list<double> values) {
    std::string text;
    for (const double value : values)
        text += (text.empty() ? "" : " ") + (std::isfinite(value) ? to_text(value) : "NaN");
    return text + "\n";
}

std::string label(std::string_view what, std::string_view text) {
    return "set " + std::string(what) + " " + in_quotes(text) + " noenhanced\n";
}

std::string range(char axis, double low, double high) {
    return std::string("set ") + axis + "range [" + to_text(low) + ":" + to_text(high) + "]\n";
}

} // namespace retort::observer_figures
