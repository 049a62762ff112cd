// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace retort::host {

namespace {

std::string number(double value, std::chars_format format, int digits) {
    char text[64];
    const auto result = std::to_chars(text, text + sizeof(text), value, format, digits);
    return result.ec == std::errc() ? std::string(text, result.ptr) : "?";
}

std::string two_digits(std::uint64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string padded(const std::string &cell, std::size_t width, bool left) {
    const std::string space(width - cell.size(), ' ');
    return left ? cell + space : space + cell;
}

std::vector<std::size_t> widths_of(const std::vector<std::vector<std::string>> &rows) {
    std::vector<std::size_t> widths;
    for (const auto &row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    return widths;
}

std::string row_text(const std::vector<std::string> &row, const std::vector<std::size_t> &widths, std::size_t left) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
        line += (i == 0 ? "" : "  ") + padded(row[i], widths[i], i < left);
    line.erase(line.find_last_not_of(' ') + 1);
    return line + '\n';
}

} // namespace

std::string significant(double value, int digits) {
    return number(value, std::chars_format::general, digits);
}

std::string fixed(double value, int digits) {
    return number(value, std::chars_format::fixed, digits);
}

std::string duration_text(double seconds) {
    const auto whole = static_cast<std::uint64_t>(std::llround(std::clamp(seconds, 0.0, 1e9)));
    if (whole < 60)
        return std::to_string(whole) + " s";
    const std::uint64_t minutes = whole / 60;
    if (minutes < 60)
        return std::to_string(minutes) + ":" + two_digits(whole % 60);
    return std::to_string(minutes / 60) + ":" + two_digits(minutes % 60) + ":" + two_digits(whole % 60);
}

std::string table_text(const std::vector<std::vector<std::string>> &rows, std::size_t left) {
    const std::vector<std::size_t> widths = widths_of(rows);
    std::string text;
    for (const auto &row : rows) {
        text += row_text(row, widths, left);
        if (&row == &rows.front()) {
            std::size_t width = 0;
            for (const std::size_t column : widths)
                width += column + 2;
            text += std::string(std::max<std::size_t>(width, 2) - 2, '-') + '\n';
        }
    }
    return text;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    std::string lines;
    while (!text.empty()) {
        std::size_t end = text.size();
        if (indent + end > width) {
            end = text.rfind(' ', width - std::min(indent, width - 1));
            if (end == std::string_view::npos) // a word longer than a line stands alone
                end = std::min(text.find(' '), text.size());
        }
        lines += std::string(indent, ' ') + std::string(text.substr(0, end)) + '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

} // namespace retort::host
