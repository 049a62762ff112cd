// SPDX-License-Identifier: Apache-2.0
#include "schedule_fields.hpp"

#include "wording.hpp"

#include <retort/framework/json_text.hpp>

#include <array>
#include <charconv>
#include <cstdint>

namespace retort::framework {

namespace {

bool outside(double value, const sdk::Range &range) {
    return value < range.minimum || value > range.maximum;
}

/// To six digits: the last ones of a power are rounding, which neither counts nor is told.
double rounded(double number) {
    std::array<char, 32> buffer{};
    char *const begin = buffer.data();
    const auto written = std::to_chars(begin, begin + buffer.size(), number, std::chars_format::general, 6);
    std::from_chars(begin, written.ptr, number);
    return number;
}

/// The value in the last step of a stage that is longer than any.
double last_value(const sdk::Schedule &schedule) {
    constexpr std::uint64_t steps = 1'000'000'000'000;
    return rounded(schedule.at({steps - 1, steps}));
}

} // namespace

void visit_schedule(sdk::Schedule &schedule, const sdk::Range &range, sdk::Fields &fields) {
    fields("schedule", schedule.shape, "How the value changes over the stage.");
    fields("value", schedule.value, "The first value, reached at the end of the warm-up.", range);
    fields("final", schedule.final_value, "The last value of linear and cosine.", range);
    if (outside(0.0, range))
        fields("warm_up", schedule.warm_up, "None: a value that rises from 0 would be out of range.", {0, 0});
    else
        fields("warm_up", schedule.warm_up, "Part of the stage in which the value rises from 0.", {0, 1});
    fields("every", schedule.every, "Part of the stage between two steps of step.", {0.0001, 1});
    fields("factor", schedule.factor, "What the value is multiplied by at a step of step.", {0, 1});
}

boost::json::value schedule_value(const sdk::Schedule &schedule) {
    if (schedule.shape == sdk::Schedule::Shape::constant && schedule.warm_up == 0.0)
        return schedule.value;
    using Shape = sdk::Schedule::Shape;
    const std::string_view shape = names_of(schedule.shape)[static_cast<std::size_t>(schedule.shape)];
    boost::json::object object{{"schedule", boost::json::string_view(shape.data(), shape.size())},
                               {"value", schedule.value}};
    if (schedule.shape == Shape::linear || schedule.shape == Shape::cosine)
        object["final"] = schedule.final_value;
    object["warm_up"] = schedule.warm_up;
    if (schedule.shape == Shape::step) {
        object["every"] = schedule.every;
        object["factor"] = schedule.factor;
    }
    return object;
}

bool ends_outside(const sdk::Schedule &schedule, const sdk::Range &range) {
    const bool ends = schedule.shape == sdk::Schedule::Shape::linear || schedule.shape == sdk::Schedule::Shape::cosine;
    return ends && outside(schedule.final_value, range);
}

std::string factor_mistake(const sdk::Schedule &schedule, const sdk::Range &range) {
    const double last = last_value(schedule);
    if (schedule.shape != sdk::Schedule::Shape::step || !outside(last, range))
        return {};
    return to_text(schedule.factor) + " every " + to_text(schedule.every) + " of the stage makes " + to_text(last) +
           " of " + to_text(schedule.value) + " in the end; allowed: what leaves " + range_text(range);
}

} // namespace retort::framework
