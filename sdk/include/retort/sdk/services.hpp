// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/error.hpp>
#include <retort/sdk/random.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace retort::sdk {

/// Measures where the time of a run goes. Components use it through Phase (retort/sdk/profile.hpp) and
/// Services::count_operations. What a thread does that is not the training thread is ignored.
class RETORT_VISIBLE Profiler {
  public:
    /// A phase begins, within the one that is open. Whatever has the same name in the same place is one phase, and
    /// allocates the first time only; so names are few, and do not count steps.
    virtual void begin(std::string_view phase) = 0;

    /// The phase that began last ends.
    virtual void end() noexcept = 0;

    /// So many floating-point operations are done within the phase that is open.
    virtual void count_operations(std::uint64_t operations) noexcept = 0;

  protected:
    Profiler() = default;
    ~Profiler() = default;
    Profiler(const Profiler &) = default;
    Profiler &operator=(const Profiler &) = default;
};

/// What the operands of matrix products are rounded to; parameters, sums, losses and optimizers are float32 in any
/// case.
enum class Precision {
    f32, ///< nothing
    bf16 ///< bfloat16: 8 bits of precision with the range of float32
};

inline std::span<const std::string_view> names_of(Precision) {
    static constexpr std::string_view names[] = {"f32", "bf16"};
    return names;
}

/// What the framework does for components. Handed in through the contexts; valid as long as the component.
/// Plugins print nothing, start no threads and use no OpenMP runtime but the framework's.
class RETORT_VISIBLE Services {
  public:
    /// Something the runner should know that is no error. Goes to the log. [any thread]
    virtual void warn(std::string_view message) = 0;

    /// Progress of the run worth a line in the log. [any thread]
    virtual void info(std::string_view message) = 0;

    /// Something happened in training ("alarm", "change"): log, metrics and observers hear of it. [training thread]
    virtual void event(std::string_view kind, std::string_view message) = 0;

    /// Long preparations report how far they are: `done` of `total` units of `what`. [training thread]
    virtual void progress(std::string_view what, std::uint64_t done, std::uint64_t total) = 0;

    /// True when the run was asked to stop. Loops longer than a step look here and return early. [any thread]
    [[nodiscard]] virtual bool cancelled() const = 0;

    /// How many threads `parallel_for` and oneDNN use.
    [[nodiscard]] virtual std::size_t threads() const = 0;

    /// Calls `body(begin, end)` for consecutive parts of [0, count), each at least `grain` long save the last, on the
    /// framework's threads, and returns when all are done. The parts depend on `count`, `grain` and `threads()` alone.
    /// What a body throws leaves this call when all parts are done; of several exceptions, that of the first part.
    /// [training thread]
    template <class Body> void parallel_for(std::size_t count, std::size_t grain, Body &&body) {
        using Plain = std::remove_reference_t<Body>;
        run_parallel(
            count, grain,
            [](const void *state, std::size_t begin, std::size_t end) {
                (*static_cast<Plain *>(const_cast<void *>(state)))(begin, end);
            },
            &body);
    }

    /// Calls `body()`, within which oneDNN builds primitives for one thread: those that bodies of `parallel_for` may
    /// execute beside each other. What it throws leaves this call. [training thread]
    template <class Body> void on_one_thread(Body &&body) {
        using Plain = std::remove_reference_t<Body>;
        run_on_one_thread(
            [](const void *state, std::size_t, std::size_t) { (*static_cast<Plain *>(const_cast<void *>(state)))(); },
            &body);
    }

    /// What the run asks of matrix products. Whoever cannot, or whose processor cannot, multiplies in float32 and says
    /// so by `warn`. The same for the life of the component.
    [[nodiscard]] virtual Precision precision() const = 0;

    /// Data-parallel training: how many processes share every batch, and which one this is, counted from 0. As a rule
    /// one and zero.
    [[nodiscard]] virtual std::size_t replicas() const = 0;
    [[nodiscard]] virtual std::size_t replica_index() const = 0;

    /// Replaces `values` by their sums over all replicas: the same bytes at each of them, and in every run. All must
    /// call it, in the same order, with as many values; it waits until they have. [training thread]
    virtual void sum_over_replicas(std::span<float> values) = 0;
    virtual void sum_over_replicas(std::span<double> values) = 0;

    /// Null unless the run is profiled. Always the same one. [any thread]
    [[nodiscard]] virtual Profiler *profiler() const = 0;

    /// To be called where matrix products are made, of m by n numbers, sums of k each: 2 m n k. [training thread]
    void count_operations(std::uint64_t operations) const {
        if (Profiler *const profiler = this->profiler())
            profiler->count_operations(operations);
    }

  protected:
    Services() = default;
    ~Services() = default;
    Services(const Services &) = default;
    Services &operator=(const Services &) = default;

    using ParallelBody = void (*)(const void *state, std::size_t begin, std::size_t end);
    virtual void run_parallel(std::size_t count, std::size_t grain, ParallelBody body, const void *state) = 0;
    virtual void run_on_one_thread(ParallelBody body, const void *state) = 0;
};

/// Collects mistakes that are found while a component is constructed, so that all are reported at once.
class RETORT_VISIBLE Problems {
  public:
    /// `pointer` is relative to the component's settings; `message` says what was found and what is allowed.
    void add(std::string_view pointer, std::string_view message) { report(pointer, message, {}); }

    /// `plugin`: whose component it is, where that is known; empty: the one under construction.
    virtual void report(std::string_view pointer, std::string_view message, std::string_view plugin) = 0;

  protected:
    Problems() = default;
    ~Problems() = default;
    Problems(const Problems &) = default;
    Problems &operator=(const Problems &) = default;
};

/// A way to a `Problems` that can be pointed elsewhere: a builder hands its component a copy of the context whose
/// problems know where in the manifest the component stands.
class ProblemsHandle {
  public:
    ProblemsHandle(Problems &target) : target_(&target) {} // NOLINT(google-explicit-constructor): stands for target

    void add(std::string_view pointer, std::string_view message) const { target_->add(pointer, message); }

    void report(std::string_view pointer, std::string_view message, std::string_view plugin) const {
        target_->report(pointer, message, plugin);
    }

    operator Problems &() const { return *target_; } // NOLINT(google-explicit-constructor): stands for its target

  private:
    Problems *target_;
};

/// What every component may know when it is constructed. Construction checks everything, computes nothing and writes
/// nothing: a component is also constructed by `retort validate`.
struct Context {
    Services &services;
    ProblemsHandle problems; ///< for constructors that find several mistakes (throwing an Error reports one); valid
                             ///< during construction only
    Random random;           ///< this component's own stream: seed and path in the manifest
};

} // namespace retort::sdk
