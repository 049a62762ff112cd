// SPDX-License-Identifier: Apache-2.0
#include "run_implementation.hpp"
#include "stage_key.hpp"

#include <retort/framework/json_text.hpp>

#include <boost/json/parse.hpp>

#include <utility>

namespace retort::framework {

/// Takes the run directory; returns whether anything in it is kept. Of several replicas the first finds out what is
/// there, and clears away the rest, before the others look.
bool Run::Implementation::look_back(std::vector<boost::json::object> keys) {
    Replicas *replicas = services_.all_replicas();
    if (replicas != nullptr)
        check_start(*replicas, keys);
    directory_.lock();
    const bool keeps = writes_ && history_.look_back(keys);
    if (replicas == nullptr)
        return keeps;
    const std::string first = replicas->of_first(history_.found());
    if (!writes_)
        history_.follow(std::move(keys));
    if (history_.found() != first)
        throw Error(ErrorCode::output, directory_.path().string(),
                    "here the stages are " + history_.found() + ", and for the first replica " + first +
                        "; all replicas must read the same run directory");
    return keeps;
}

/// All replicas must be about to do the same.
void Run::Implementation::check_start(Replicas &replicas, const std::vector<boost::json::object> &keys) const {
    const boost::json::value all(boost::json::array(keys.begin(), keys.end()));
    const boost::json::value first = boost::json::parse(replicas.of_first(to_text(all)));
    if (first.as_array().size() != keys.size())
        throw Error(ErrorCode::usage, {}, "the first replica has another number of stages");
    for (std::size_t i = 0; i < keys.size(); ++i)
        if (const std::string found = differences(first.at(i).as_object(), keys[i]); !found.empty())
            throw Error(ErrorCode::usage, {},
                        "stage " + plan_.stages[i].name + " is not the first replica's: " + found +
                            "; all replicas need the same manifest, data and plugins");
}

} // namespace retort::framework
