// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/replicas.hpp>

#include <algorithm>
#include <barrier>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

// Replicas that are threads of one process: the link without MPI.
namespace retort::test {

/// Where threads exchange what they bring.
class ThreadMeeting {
  public:
    explicit ThreadMeeting(std::size_t count) : brought_(count), barrier_(static_cast<std::ptrdiff_t>(count)) {}

    /// All bring a span of one length; `read` looks at those of all, while nobody writes.
    template <class Number, class Read> void exchange(std::size_t index, std::span<Number> mine, Read &&read) {
        brought_[index] = mine.data();
        barrier_.arrive_and_wait();
        std::vector<const Number *> all;
        for (const void *place : brought_)
            all.push_back(static_cast<const Number *>(place));
        const std::vector<Number> result = read(all);
        barrier_.arrive_and_wait();
        std::copy(result.begin(), result.end(), mine.begin());
    }

    [[nodiscard]] std::size_t count() const { return brought_.size(); }

  private:
    std::vector<const void *> brought_;
    std::barrier<> barrier_;
};

class ThreadLink final : public framework::ReplicaLink {
  public:
    ThreadLink(ThreadMeeting &meeting, std::size_t index, std::size_t threads)
        : meeting_(meeting), index_(index), threads_(threads) {}

    [[nodiscard]] std::size_t count() const override { return meeting_.count(); }

    [[nodiscard]] std::size_t index() const override { return index_; }

    [[nodiscard]] std::size_t threads() const override { return threads_; }

    void sum(std::span<float> values) override { add(values); }

    void sum(std::span<double> values) override { add(values); }

    void maximum(std::span<std::int64_t> values) override {
        meeting_.exchange(index_, values, [&](const auto &all) {
            std::vector<std::int64_t> result(all[0], all[0] + values.size());
            for (const std::int64_t *other : all)
                for (std::size_t i = 0; i < result.size(); ++i)
                    result[i] = std::max(result[i], other[i]);
            return result;
        });
    }

    void copy(std::span<char> bytes, std::size_t from) override {
        meeting_.exchange(index_, bytes,
                          [&](const auto &all) { return std::vector<char>(all[from], all[from] + bytes.size()); });
    }

  private:
    template <class Number> void add(std::span<Number> values) {
        meeting_.exchange(index_, values, [&](const auto &all) {
            std::vector<Number> result(values.size());
            for (const Number *other : all)
                for (std::size_t i = 0; i < result.size(); ++i)
                    result[i] += other[i];
            return result;
        });
    }

    ThreadMeeting &meeting_;
    std::size_t index_;
    std::size_t threads_;
};

/// Runs `body` in so many threads, each with its replica; what each threw, or "".
inline std::vector<std::string> run_replicas(std::size_t count,
                                             const std::function<void(framework::Replicas &)> &body) {
    ThreadMeeting meeting(count);
    std::vector<std::string> errors(count);
    std::vector<std::thread> threads;
    for (std::size_t index = 0; index < count; ++index)
        threads.emplace_back([&, index] {
            try {
                framework::Replicas replicas(std::make_unique<ThreadLink>(meeting, index, 4 - index % 3));
                body(replicas);
            } catch (const std::exception &error) {
                errors[index] = error.what();
            }
        });
    for (std::thread &thread : threads)
        thread.join();
    return errors;
}

} // namespace retort::test
