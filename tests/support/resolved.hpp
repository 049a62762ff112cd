// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/numeric.hpp>
#include <retort/sdk/trainable.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

namespace retort::test {

/// Compares gradients with finite differences as the kit does, within one percent, stepping over the kinks of
/// activations, and counts the entries that differences resolve: the others pass whatever they are. Those that count
/// are larger than a hundredth of the terms that the sum is of; of a difference much smaller than that float32 leaves
/// nothing.
class Resolved {
  public:
    using Sum = std::function<sdk::conformance::Sum()>;

    /// Checks each entry of `gradient`, that of `sum` with respect to `values`, which are restored; and that one of
    /// those that count is resolved, if there are any.
    void check(std::string_view name, std::span<float> values, std::span<const float> gradient, const Sum &sum) {
        const double floor = std::max(1e-3, 0.01 * sum().size);
        BOOST_TEST_REQUIRE(values.size() == gradient.size());
        std::size_t counted = 0;
        std::size_t resolved = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const bool judged = check_entry(name, i, values[i], static_cast<double>(gradient[i]), sum);
            if (std::abs(static_cast<double>(gradient[i])) <= floor)
                continue;
            ++counted;
            resolved += judged ? 1 : 0;
        }
        BOOST_TEST((resolved > 0 || counted == 0), name << ": none of " << counted << " entries is resolved");
        counted_ += counted;
        resolved_ += resolved;
    }

    /// Tensor by tensor; `gradient` is laid out as the arena.
    void check_all(const sdk::Parameters &all, std::span<const float> gradient, const Sum &sum) {
        for (const sdk::Parameter &tensor : all.table)
            check(tensor.name, all.values.subspan(tensor.offset, tensor.size),
                  gradient.subspan(tensor.offset, tensor.size), sum);
    }

    /// Of all that was checked: of a smooth sum four of five must be resolved, of one with kinks one.
    void check_count(bool smooth) const {
        BOOST_TEST(resolved_ > 0U);
        if (smooth)
            BOOST_TEST(5 * resolved_ >= 4 * counted_, resolved_ << " of " << counted_ << " entries are resolved");
    }

  private:
    static bool check_entry(std::string_view name, std::size_t index, float &value, double gradient, const Sum &sum) {
        const float kept = value;
        const auto at = [&](double by) {
            value = kept + static_cast<float>(by);
            return sum();
        };
        const sdk::conformance::Comparison found = sdk::conformance::compare(at, gradient, 0.5);
        value = kept;
        BOOST_TEST((found.agrees || !found.resolved),
                   name << " at " << index << ": gradient " << gradient << ", differences " << found.difference);
        return found.resolved;
    }

    std::size_t counted_ = 0;
    std::size_t resolved_ = 0;
};

} // namespace retort::test
