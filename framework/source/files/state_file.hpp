// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace retort::framework {

// The state of components in a file: eight bytes "RETORT01", eight with the length of a JSON header (little-endian),
// the header, the arrays one after the other, and the SHA-256 of everything before it. The header's "arrays" names them
// in order, those of a nested component as "component/array", with their type (f32, f64, u64) and number of elements.

/// Shows state to a visitor: the same arrays in the same order, whenever it is called.
using ShowState = std::function<void(sdk::StateVisitor &)>;

/// Writes `header` and what `show` shows: whole or not at all. `show` is called twice. Errors: ErrorCode::output.
void write_state(const std::filesystem::path &file, boost::json::object header, const ShowState &show);

/// Such a file, read and found to be whole.
class StateFile {
  public:
    /// Errors: ErrorCode::data, naming the file and what is wrong with it.
    explicit StateFile(const std::filesystem::path &file);

    [[nodiscard]] const std::filesystem::path &path() const { return path_; }

    [[nodiscard]] const boost::json::object &header() const { return header_; }

    /// Overwrites what `show` shows; each component then hears `state_restored`. Errors: ErrorCode::data when the
    /// arrays are not those of the file.
    void restore(const ShowState &show) const;

  private:
    void parse();
    [[noreturn]] void damaged(const std::string &what) const;

    std::filesystem::path path_;
    std::vector<char> bytes_;
    boost::json::object header_;
    std::size_t arrays_begin_ = 0;
};

} // namespace retort::framework
