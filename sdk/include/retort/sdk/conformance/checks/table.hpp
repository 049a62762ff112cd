// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/checks/change.hpp>
#include <retort/sdk/conformance/checks/gradients.hpp>
#include <retort/sdk/conformance/checks/means.hpp>
#include <retort/sdk/conformance/checks/memory.hpp>
#include <retort/sdk/conformance/checks/passes.hpp>
#include <retort/sdk/conformance/checks/process.hpp>
#include <retort/sdk/conformance/checks/robustness.hpp>
#include <retort/sdk/conformance/checks/second_order.hpp>

#include <string_view>

namespace retort::sdk::conformance {

struct Check {
    std::string_view name;
    Result (*carry_out)(const Trial &);
    std::string_view needs; ///< checks, separated by spaces, that this one builds on: where one failed it says nothing
};

/// What is carried out with every draw of settings in every situation, in this order.
inline constexpr Check checks[] = {{"ordinary_data", ordinary_data, ""},
                                   {"parameter_table", parameter_table, "ordinary_data"},
                                   {"short_batch", short_batch, "ordinary_data"},
                                   {"interleaved", interleaved, "ordinary_data"},
                                   {"strides", strides, "ordinary_data"},
                                   {"row_streams", row_streams, "ordinary_data short_batch"},
                                   {"determinism", determinism, "ordinary_data"},
                                   {"resume", resume, "ordinary_data short_batch determinism"},
                                   {"change", change, "ordinary_data determinism resume"},
                                   {"stale_copies", stale_copies, "ordinary_data resume determinism"},
                                   {"parameter_gradient", parameter_gradient, "ordinary_data stale_copies"},
                                   {"input_gradient", input_gradient, "ordinary_data"},
                                   {"means", means, "ordinary_data input_gradient"},
                                   {"second_order", second_order, "ordinary_data stale_copies"},
                                   {"write_modes", write_modes, "ordinary_data"},
                                   {"dead_data", dead_data, "ordinary_data"},
                                   {"not_finite", not_finite, "ordinary_data row_streams"},
                                   {"allocations", allocations, "ordinary_data"},
                                   {"leaks", leaks, "ordinary_data"}};

} // namespace retort::sdk::conformance
