// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <support/temporary_folder.hpp>
#include <vector>

namespace retort::test {

/// A row of a table of docs/9_table_of_errors.md.
struct Row {
    std::string cause; ///< what is wrong, as it stands in the first cell
    int exit_code = 0;
    std::string err; ///< all that is printed on stderr: a line for every `code span` of the last cell
};

/// "| a | b \| c |" in three: the cells, as they stand there.
inline std::vector<std::string> cells_of(const std::string &line) {
    std::vector<std::string> cells(1);
    for (std::size_t i = 2; i < line.size(); ++i)
        if (line.compare(i, 3, " | ") == 0 && line[i - 1] != '\\') {
            cells.emplace_back();
            i += 2;
        } else if (line.compare(i, 2, "\\|") != 0) // the backslash only keeps Markdown from ending the cell
            cells.back() += line[i];
    cells.back().erase(cells.back().find_last_not_of(" |") + 1);
    return cells;
}

/// What stands in the code spans of a cell.
inline std::vector<std::string> values_of(const std::string &cell) {
    std::vector<std::string> values;
    for (std::size_t begin = cell.find('`'); begin != cell.npos;) {
        const std::size_t end = cell.find('`', begin + 1);
        values.push_back(cell.substr(begin + 1, end - begin - 1));
        begin = cell.find('`', end + 1);
    }
    return values;
}

inline Row row_of(const std::string &line) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() != 3)
        throw std::runtime_error("a row of " + std::to_string(cells.size()) + " cells: " + line);
    Row row{cells[0], std::stoi(cells[1]), {}};
    for (const std::string &value : values_of(cells[2]))
        row.err += value + "\n";
    return row;
}

/// The rows of the table under the heading "## SECTION".
inline std::vector<Row> rows_of(const std::string &section) {
    std::istringstream page(read_file(RETORT_ERRORS_PAGE));
    std::vector<Row> rows;
    bool inside = false;
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with("## "))
            inside = line == "## " + section;
        else if (inside && line.starts_with("| ") && !line.starts_with("| what"))
            rows.push_back(row_of(line));
    }
    if (rows.empty())
        throw std::runtime_error("no table \"" + section + "\" in " RETORT_ERRORS_PAGE);
    return rows;
}

} // namespace retort::test
