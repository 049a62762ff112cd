// SPDX-License-Identifier: Apache-2.0
#include "metric_buffer.hpp"

#include <retort/sdk/error.hpp>

#include <algorithm>
#include <cmath>

namespace retort::framework {

void MetricBuffer::add(std::string_view name, double value) {
    if (count_ == metrics_.size())
        append(name);
    else if (!matches(metrics_[count_].name, name))
        throw sdk::Error(sdk::ErrorKind::plugin, "metric '" + std::string(name) + "' was reported where '" +
                                                     names_[count_] +
                                                     "' stood the first time: the names must not change");
    metrics_[count_++].value = value;
}

void MetricBuffer::append(std::string_view name) {
    std::string full = std::string(prefix_) + std::string(name);
    if (sealed_ || find(full) != nullptr)
        throw sdk::Error(sdk::ErrorKind::plugin,
                         "metric '" + full + "' was reported " +
                             (sealed_ ? "but not the first time: the names must not change" : "twice"));
    metrics_.push_back({names_.emplace_back(std::move(full)), 0.0});
}

void MetricBuffer::seal() {
    if (count_ != metrics_.size())
        throw sdk::Error(sdk::ErrorKind::plugin, "metric '" + names_[count_] +
                                                     "' was reported the first time but not now: the names must not "
                                                     "change");
    sealed_ = true;
}

bool MetricBuffer::matches(std::string_view stored, std::string_view name) const {
    return stored.size() == prefix_.size() + name.size() && stored.starts_with(prefix_) && stored.ends_with(name);
}

const sdk::Metric *MetricBuffer::find(std::string_view name) const {
    const auto all = metrics();
    const auto found = std::find_if(all.begin(), all.end(), [name](const auto &metric) { return metric.name == name; });
    return found == all.end() ? nullptr : &*found;
}

const sdk::Metric *MetricBuffer::find_not_finite() const {
    const auto all = metrics();
    const auto found = std::find_if(all.begin(), all.end(), [](const auto &m) { return !std::isfinite(m.value); });
    return found == all.end() ? nullptr : &*found;
}

} // namespace retort::framework
