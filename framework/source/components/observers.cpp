// SPDX-License-Identifier: Apache-2.0
#include "observers.hpp"

#include <exception>
#include <string>

namespace retort::framework {

template <class Call> void Observers::each(Call &&call) {
    if (!tells_)
        return;
    for (Built<sdk::Observer> &observer : observers_)
        guarded(observer.origin, [&] { call(*observer.component); });
}

void Observers::visit_state(sdk::StateVisitor &visitor) {
    for (Built<sdk::Observer> &observer : observers_)
        guarded(observer.origin, [&] { visitor.child("observers." + observer.name, *observer.component); });
}

void Observers::begin_run() {
    each([](sdk::Observer &observer) { observer.begin_run(); });
}

void Observers::begin_stage(const sdk::StageInfo &stage) {
    stage_ = stage;
    for (Built<sdk::Observer> &observer : observers_)
        observer.origin.stage = stage.name;
    each([&](sdk::Observer &observer) {
        observer.begin_stage(stage_);
        ++begun_;
    });
}

void Observers::step(std::uint64_t step, std::span<const sdk::Metric> metrics) {
    each([&](sdk::Observer &observer) { observer.step(stage_, step, metrics); });
}

void Observers::epoch(std::uint64_t epoch, std::span<const sdk::Metric> metrics) {
    each([&](sdk::Observer &observer) { observer.epoch(stage_, epoch, metrics); });
}

void Observers::events(std::uint64_t step, std::span<const Event> events) {
    for (const Event &event : events)
        each([&](sdk::Observer &observer) { observer.event(stage_, step, event.kind, event.message); });
}

void Observers::end_stage(bool complete) {
    std::exception_ptr first;
    for (std::size_t i = 0; i < begun_; ++i) {
        try {
            guarded(observers_[i].origin, [&] { observers_[i].component->end_stage(stage_, complete); });
        } catch (const Error &) {
            first = first ? first : std::current_exception();
        }
        observers_[i].origin.stage.clear();
    }
    begun_ = 0;
    if (first)
        std::rethrow_exception(first);
}

void Observers::end_run() {
    each([](sdk::Observer &observer) { observer.end_run(); });
}

void Observers::abandon_stage() noexcept {
    try {
        end_stage(false);
    } catch (const std::exception &error) {
        log_.write(LogLevel::error, error.what());
    }
}

} // namespace retort::framework
