// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/observer.hpp>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort::observer_csv {

/// A table that grows by rows. Its first row names the columns: the counter, then the metrics of the first row. Later
/// rows may come in another order or lack some (an empty cell); a metric that the first row lacked is refused.
///
/// All members report what cannot be written as sdk::Error of kind output.
class CsvFile {
  public:
    /// `counter`: name of the first column.
    explicit CsvFile(std::string_view counter) : counter_(counter) {}

    /// Begins an empty file at `path`, or goes on after the first `bytes` bytes of the one that is there.
    void open(const std::filesystem::path &path, std::uint64_t bytes);

    void row(std::uint64_t count, std::span<const sdk::Metric> metrics);

    /// A row of texts, in quotes where they need it, instead of metrics; `columns` names them.
    void text_row(std::uint64_t count, std::span<const std::string_view> columns,
                  std::span<const std::string_view> texts);

    /// Hands all rows to the operating system.
    void flush();

    /// Puts all rows on disk and closes the file, if one is open.
    void close();

    /// Length of the file with all rows.
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  private:
    struct Close {
        void operator()(std::FILE *file) const { std::fclose(file); }
    };

    void read_columns();
    void begin(std::span<const sdk::Metric> metrics);
    [[nodiscard]] const double *find(std::size_t column, std::span<const sdk::Metric> metrics) const;
    void check_known(std::span<const sdk::Metric> metrics) const;
    void append(double value);
    void append_quoted(std::string_view text);
    void write_line();
    [[noreturn]] void fail(const char *what) const;

    std::string counter_;
    std::filesystem::path path_;
    std::unique_ptr<std::FILE, Close> file_;
    std::vector<std::string> columns_; // after the counter
    std::string line_;
    std::uint64_t bytes_ = 0;
};

} // namespace retort::observer_csv
