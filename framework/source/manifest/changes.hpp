// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reading.hpp"

#include <retort/sdk/fields.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <vector>

namespace retort::framework {

/// An entry of the manifest's "changes", as it stands there.
struct ChangeSettings {
    std::uint64_t epoch = 1;
    boost::json::object set = {}; ///< values, by JSON pointers that begin with "/"

    void fields(sdk::Fields &field); ///< without `set`
};

/// Reads "changes"; null: it is left out. Mistakes are left in `reading`.
[[nodiscard]] std::vector<ChangeSettings> read_changes(const boost::json::value *found, Reading &reading);

} // namespace retort::framework
