// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// A number for each array of the state that is visited, so that states can be compared without being sent: FNV-1a of
/// its bytes, eight at a time.
class StateDigests final : public sdk::StateVisitor {
  public:
    void array(std::string_view name, std::span<float> values) override { add(name, std::as_bytes(values)); }

    void array(std::string_view name, std::span<double> values) override { add(name, std::as_bytes(values)); }

    void array(std::string_view name, std::span<std::uint64_t> values) override { add(name, std::as_bytes(values)); }

    void child(std::string_view name, sdk::Component &component) override;

    [[nodiscard]] std::span<const std::int64_t> numbers() const { return numbers_; }

    /// Of each: "trainer/optimizer/first_moment".
    [[nodiscard]] const std::vector<std::string> &names() const { return names_; }

  private:
    void add(std::string_view name, std::span<const std::byte> bytes);

    std::string place_;
    std::vector<std::int64_t> numbers_;
    std::vector<std::string> names_;
};

} // namespace retort::framework
