// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/framework/replica_link.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace retort::framework {

/// The processes that train together, each with a replica of everything and a share of every batch, as one of them
/// sees it. The first, with index 0, is the one that writes.
///
/// What exchanges something is called by all, in the same order, by one thread at a time. They meet at the beginning of
/// every such call, and learn there whether one of them has failed: then it throws that one's error at all of them. If
/// they are not in the same call, all get ErrorCode::plugin. When the others cannot be reached, ErrorCode::internal.
/// After an error nothing is exchanged any more.
class Replicas {
  public:
    /// Exchanges.
    explicit Replicas(std::unique_ptr<ReplicaLink> link);

    /// Meets the others a last time; one that is destroyed by an exception that nobody reported has failed.
    ~Replicas();
    Replicas(const Replicas &) = delete;
    Replicas &operator=(const Replicas &) = delete;

    [[nodiscard]] std::size_t count() const { return link_->count(); }

    [[nodiscard]] std::size_t index() const { return link_->index(); }

    [[nodiscard]] bool is_first() const { return index() == 0; }

    /// How many threads each should compute with: the same number at all of them.
    [[nodiscard]] std::size_t threads() const { return threads_; }

    /// Replaces `values` by their sums over all replicas. Exchanges.
    void sum(std::span<float> values);
    void sum(std::span<double> values);

    /// Whether it is so at any of them. Exchanges.
    [[nodiscard]] bool any(bool here);

    /// The text that the first has. Exchanges.
    [[nodiscard]] std::string of_first(std::string text);

    /// Index of the first number that is not the same at all of them. Exchanges.
    [[nodiscard]] std::optional<std::size_t> first_difference(std::span<const std::int64_t> numbers);

    /// Tells the others that this one cannot go on, and why; they throw it from what they call next. Waits until they
    /// do. Nothing happens after an error that all know.
    void fail(const Error &error) noexcept;

    /// Whether nothing is exchanged any more.
    [[nodiscard]] bool failed() const { return failed_; }

  private:
    enum class Call : std::int64_t { begin = 1, sum, any, of_first, difference, end };

    using Meeting = std::array<std::int64_t, 6>;

    template <class Exchange> bool exchange(Call call, std::size_t size, Exchange &&body, bool flag = false);
    [[nodiscard]] bool meet(Call call, std::size_t size, bool flag);
    [[nodiscard]] std::string copied(std::string text, std::size_t from);
    [[noreturn]] void throw_failure(std::size_t failing);

    std::unique_ptr<ReplicaLink> link_;
    int exceptions_; ///< that were in flight when this was made
    bool failed_ = false;
    std::size_t threads_ = 1;
};

} // namespace retort::framework
