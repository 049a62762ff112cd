// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "result.hpp"

#include <retort/framework/plan.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace retort::framework {

/// What stage keys are made of.
struct KeyParts {
    const Plan &plan;
    std::span<const UsedPlugin> plugins;
    std::size_t threads; ///< of each replica
    std::size_t replicas;
    const boost::json::object &data;    ///< by name: what `check_data` found
    const boost::json::object &weights; ///< `weights_digests`, and what models without parameters have read
    std::span<const std::vector<std::string>> trained; ///< the models that each stage trains
};

/// Digests of the files that models are loaded from, by the models' names.
[[nodiscard]] boost::json::object weights_digests(const Plan &plan);

/// One key per stage: everything that decides which bytes of weights and metrics it gives. Two runs whose stage has
/// equal keys give the same.
///
/// A key holds Retort's version, seed, replicas, threads, precision, the stage's and its models' settings, the changes
/// that it makes, with a digest of weights that are loaded and of the key of the earlier stage that trained a model,
/// digests of the data that training may see, and digests of the plugins that the stage, its models and its data come
/// from.
[[nodiscard]] std::vector<boost::json::object> stage_keys(const KeyParts &parts);

/// The key of a stage of which so many epochs have begun: what changes after them is no part of it yet.
[[nodiscard]] boost::json::object key_of_epochs(boost::json::object key, std::uint64_t begun);

/// JSON pointers to what differs between two keys, with both values where they are short: "/threads (2, now 1)".
[[nodiscard]] std::string differences(const boost::json::object &then, const boost::json::object &now);

} // namespace retort::framework
