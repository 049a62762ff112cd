// SPDX-License-Identifier: Apache-2.0
#include "replica_error.hpp"

#include <retort/framework/replicas.hpp>

#include <array>
#include <exception>
#include <limits>
#include <utility>
#include <vector>

namespace retort::framework {

Replicas::Replicas(std::unique_ptr<ReplicaLink> link)
    : link_(std::move(link)), exceptions_(std::uncaught_exceptions()) {
    std::int64_t fewest = -static_cast<std::int64_t>(link_->threads());
    exchange(Call::begin, 1, [&] { link_->maximum({&fewest, 1}); });
    threads_ = static_cast<std::size_t>(-fewest);
}

Replicas::~Replicas() {
    if (std::uncaught_exceptions() > exceptions_)
        fail(Error(ErrorCode::internal, {}, "it ended by an exception that nobody reported"));
    try {
        if (!failed_)
            exchange(Call::end, 0, [] {});
    } catch (const Error &) { // of another one, after all that this one had to do
    }
}

/// Meets the others, then runs `body`. Whatever goes wrong, nothing is exchanged afterwards. Returns whether any of
/// them came with `flag`.
template <class Exchange> bool Replicas::exchange(Call call, std::size_t size, Exchange &&body, bool flag) {
    if (failed_)
        throw Error(ErrorCode::usage, {}, "the replicas ended with an error and exchange nothing any more");
    try {
        const bool flagged = meet(call, size, flag);
        body();
        return flagged;
    } catch (const Error &) {
        failed_ = true;
        throw;
    } catch (const std::exception &error) {
        failed_ = true;
        throw Error(ErrorCode::internal, {}, std::string("the other replicas cannot be reached: ") + error.what());
    }
}

/// The largest of (who fails, call, -call, size, -size, flag) tells each whether somebody fails and whether all are in
/// the same call. Of several that fail the first is told.
bool Replicas::meet(Call call, std::size_t size, bool flag) {
    const auto calls = static_cast<std::int64_t>(call);
    const auto sizes = static_cast<std::int64_t>(size);
    Meeting all{0, calls, -calls, sizes, -sizes, flag ? 1 : 0};
    link_->maximum(all);
    if (all[0] > 0)
        throw_failure(count() - static_cast<std::size_t>(all[0]));
    if (all[1] != -all[2] || all[3] != -all[4])
        throw Error(ErrorCode::plugin, {},
                    "the replicas are not in step: one exchanges " + std::to_string(-all[4]) +
                        " numbers where another exchanges " + std::to_string(all[3]) +
                        ", or does something else; they must be the same program with the same manifest, and a plugin "
                        "must sum the same things at each of them");
    return all[5] != 0;
}

void Replicas::throw_failure(std::size_t failing) {
    const std::string text = copied({}, failing);
    throw error_from_text(text, failing);
}

std::string Replicas::copied(std::string text, std::size_t from) {
    std::uint64_t size = text.size();
    link_->copy({reinterpret_cast<char *>(&size), sizeof(size)}, from);
    text.resize(size);
    link_->copy(text, from);
    return text;
}

void Replicas::fail(const Error &error) noexcept {
    if (std::exchange(failed_, true))
        return;
    try {
        constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(); // says nothing of the call
        Meeting all{static_cast<std::int64_t>(count() - index()), least, least, least, least, 0};
        link_->maximum(all);
        (void)copied(error_to_text(error), count() - static_cast<std::size_t>(all[0]));
    } catch (...) { // they cannot be reached: whoever watches over the processes ends them
    }
}

void Replicas::sum(std::span<float> values) {
    exchange(Call::sum, values.size(), [&] { link_->sum(values); });
}

void Replicas::sum(std::span<double> values) {
    exchange(Call::sum, values.size(), [&] { link_->sum(values); });
}

bool Replicas::any(bool here) {
    return exchange(
        Call::any, 0, [] {}, here);
}

std::string Replicas::of_first(std::string text) {
    exchange(Call::of_first, 0, [&] { text = copied(std::move(text), 0); });
    return text;
}

std::optional<std::size_t> Replicas::first_difference(std::span<const std::int64_t> numbers) {
    std::vector<std::int64_t> largest(numbers.begin(), numbers.end());
    for (const std::int64_t number : numbers)
        largest.push_back(~number); // the largest of these is the complement of the smallest
    exchange(Call::difference, numbers.size(), [&] { link_->maximum(largest); });
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (largest[i] != ~largest[numbers.size() + i])
            return i;
    return {};
}

} // namespace retort::framework
