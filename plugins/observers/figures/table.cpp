// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <fstream>
#include <limits>
#include <plugins/observers/figures/table.hpp>
#include <sstream>

namespace retort::observer_figures {

namespace {

/// Calls `take(index, cell)` for each cell of a line.
template <class Take> std::size_t split(std::string_view line, Take take) {
    std::size_t index = 0;
    for (std::size_t begin = 0; begin <= line.size(); ++index) {
        const std::size_t end = std::min(line.find(',', begin), line.size());
        take(index, line.substr(begin, end - begin));
        begin = end + 1;
    }
    return index;
}

double number(std::string_view cell) {
    double value = std::numeric_limits<double>::quiet_NaN();
    std::from_chars(cell.data(), cell.data() + cell.size(), value);
    return value;
}

std::size_t count_cells(std::string_view line) {
    return split(line, [](std::size_t, std::string_view) {});
}

} // namespace

const std::vector<double> *Table::find(std::string_view name) const {
    for (const Column &column : columns)
        if (column.name == name)
            return &column.values;
    return nullptr;
}

Table read_table(const std::filesystem::path &path) {
    Table table;
    std::ifstream in(path, std::ios::binary);
    std::string line;
    if (!std::getline(in, line))
        return table;
    split(line, [&](std::size_t, std::string_view cell) { table.columns.push_back({std::string(cell), {}}); });
    while (std::getline(in, line) && !in.eof() && count_cells(line) == table.columns.size())
        split(line, [&](std::size_t i, std::string_view cell) { table.columns[i].values.push_back(number(cell)); });
    return table;
}

} // namespace retort::observer_figures
