// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <plugins/observers/csv/csv_file.hpp>
#include <unistd.h>

namespace retort::observer_csv {

void CsvFile::open(const std::filesystem::path &path, std::uint64_t bytes) {
    path_ = path;
    columns_.clear();
    bytes_ = bytes;
    file_.reset(std::fopen(path.c_str(), bytes == 0 ? "wb" : "r+b"));
    if (!file_)
        fail("cannot be opened");
    if (bytes == 0)
        return;
    read_columns();
    if (ftruncate(fileno(file_.get()), static_cast<off_t>(bytes)) != 0 || std::fseek(file_.get(), 0, SEEK_END) != 0)
        fail("cannot be shortened to the rows of the checkpoint");
}

void CsvFile::read_columns() {
    std::ifstream in(path_);
    std::string line;
    std::getline(in, line);
    std::size_t begin = line.find(',');
    while (begin != std::string::npos) {
        const std::size_t end = line.find(',', begin + 1);
        columns_.push_back(line.substr(begin + 1, end == std::string::npos ? end : end - begin - 1));
        begin = end;
    }
}

void CsvFile::row(std::uint64_t count, std::span<const sdk::Metric> metrics) {
    if (bytes_ == 0)
        begin(metrics);
    char text[24];
    line_.assign(text, std::to_chars(text, text + sizeof text, count).ptr);
    std::size_t found = 0;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
        line_ += ',';
        if (const double *value = find(column, metrics)) {
            append(*value);
            ++found;
        }
    }
    if (found != metrics.size())
        check_known(metrics);
    write_line();
}

void CsvFile::text_row(std::uint64_t count, std::span<const std::string_view> columns,
                       std::span<const std::string_view> texts) {
    if (bytes_ == 0) {
        line_ = counter_;
        for (const std::string_view column : columns)
            (line_ += ',') += column;
        write_line();
    }
    line_ = std::to_string(count);
    for (const std::string_view text : texts) {
        line_ += ',';
        append_quoted(text);
    }
    write_line();
}

/// As RFC 4180 has it.
void CsvFile::append_quoted(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        line_ += text;
        return;
    }
    line_ += '"';
    for (const char character : text)
        line_.append(character == '"' ? 2 : 1, character);
    line_ += '"';
}

void CsvFile::begin(std::span<const sdk::Metric> metrics) {
    line_ = counter_;
    for (const sdk::Metric &metric : metrics) {
        if (metric.name.find_first_of(",\"\r\n") != std::string_view::npos)
            throw sdk::Error(sdk::ErrorKind::plugin, "the metric \"" + std::string(metric.name) +
                                                         "\" cannot name a column; allowed: names without commas, "
                                                         "quotes and line breaks");
        columns_.emplace_back(metric.name);
        line_ += ',';
        line_ += metric.name;
    }
    write_line();
}

const double *CsvFile::find(std::size_t column, std::span<const sdk::Metric> metrics) const {
    const std::string &name = columns_[column];
    if (column < metrics.size() && metrics[column].name == name) // as a rule the order stays
        return &metrics[column].value;
    const auto found =
        std::find_if(metrics.begin(), metrics.end(), [&](const sdk::Metric &metric) { return metric.name == name; });
    return found == metrics.end() ? nullptr : &found->value;
}

void CsvFile::check_known(std::span<const sdk::Metric> metrics) const {
    for (const sdk::Metric &metric : metrics)
        if (std::find(columns_.begin(), columns_.end(), metric.name) == columns_.end())
            throw sdk::Error(sdk::ErrorKind::plugin, "the metric \"" + std::string(metric.name) + "\" is new: \"" +
                                                         path_.string() + "\" has the columns of its first row only");
}

void CsvFile::append(double value) {
    char text[32];
    line_.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void CsvFile::write_line() {
    line_ += '\n';
    if (std::fwrite(line_.data(), 1, line_.size(), file_.get()) != line_.size())
        fail("cannot be written");
    bytes_ += line_.size();
}

void CsvFile::flush() {
    if (file_ && std::fflush(file_.get()) != 0)
        fail("cannot be written");
}

void CsvFile::close() {
    flush();
    if (file_ && fsync(fileno(file_.get())) != 0 && errno != EINVAL && errno != EROFS) // some files cannot be synced
        fail("cannot be written to disk");
    file_.reset();
}

void CsvFile::fail(const char *what) const {
    const std::string reason = std::strerror(errno);
    throw sdk::Error(sdk::ErrorKind::output, "\"" + path_.string() + "\" " + what + ": " + reason);
}

} // namespace retort::observer_csv
