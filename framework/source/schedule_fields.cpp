// SPDX-License-Identifier: Apache-2.0
#include "schedule_fields.hpp"

namespace retort::framework {

void visit_schedule(sdk::Schedule &schedule, const sdk::Range &range, sdk::Fields &fields) {
    fields("schedule", schedule.shape, "How the value changes over the stage.");
    fields("value", schedule.value, "The first value, reached at the end of the warm-up.", range);
    fields("final", schedule.final_value, "The last value of linear and cosine.", range);
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
    return ends && (schedule.final_value < range.minimum || schedule.final_value > range.maximum);
}

} // namespace retort::framework
