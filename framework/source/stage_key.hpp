// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "result.hpp"

#include <retort/framework/plan.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace retort::framework {

/// What stage keys are made of.
struct KeyParts {
    const Plan &plan;
    std::span<const UsedPlugin> plugins;
    std::size_t threads;
    const boost::json::object &data;      ///< by name: what `check_data` found
    std::span<const std::string> trained; ///< the model that each stage trains
};

/// One key per stage: everything that decides which bytes of weights and metrics it gives. Two runs whose stage has
/// equal keys give the same. Reads files of weights.
///
/// A key holds Retort's version, seed, threads, the stage's and its models' settings, with a digest of weights that are
/// loaded and of the key of the earlier stage that trained a model, digests of the data that training may see, and
/// digests of the plugins that the stage, its models and its data come from.
[[nodiscard]] std::vector<boost::json::object> stage_keys(const KeyParts &parts);

/// JSON pointers to what differs between two keys, with both values where they are short: "/threads (2, now 1)".
[[nodiscard]] std::string differences(const boost::json::object &then, const boost::json::object &now);

} // namespace retort::framework
