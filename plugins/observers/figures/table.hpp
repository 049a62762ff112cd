// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace retort::observer_figures {

/// A table of numbers as the observer `csv` writes it: a header, then rows of numbers, a counter first.
struct Table {
    struct Column {
        std::string name;
        std::vector<double> values; ///< NaN for empty cells
    };

    std::vector<Column> columns;

    [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns.front().values.size(); }

    /// Null if there is none.
    [[nodiscard]] const std::vector<double> *find(std::string_view name) const;
};

/// Reads a table; it is empty if the file is not there. A last line that was cut off is left out.
[[nodiscard]] Table read_table(const std::filesystem::path &path);

} // namespace retort::observer_figures
