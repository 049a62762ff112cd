// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/services.hpp>

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace retort::trainer_adversarial_distillation {

/// The number in at most four digits.
[[nodiscard]] inline std::string short_text(double value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 4).ptr};
}

/// Tells of alarms at the end of a window: each once when it begins, and when it has cleared.
class Bell {
  public:
    /// `first`, `last`: steps of the window, counted from 1.
    Bell(sdk::Services &services, std::uint64_t first, std::uint64_t last)
        : services_(services), first_(first), last_(last) {}

    /// `standing` is 1 from the window in which something is wrong to the one before that in which it is not; it
    /// belongs to whoever is watched. The event reads "<whose>: <what>: <numbers()> over steps ... to ...". Allocates
    /// only where there is something to tell.
    template <class Numbers>
    void judge(std::uint64_t &standing, bool wrong, std::string_view whose, std::string_view what, Numbers &&numbers) {
        any_ = any_ || wrong;
        if (wrong == (standing != 0))
            return;
        standing = wrong ? 1 : 0;
        const std::string alarm = std::string(whose) + ": " + std::string(what);
        if (!wrong)
            return services_.info("the alarm has cleared at step " + std::to_string(last_) + ": " + alarm);
        const std::string text =
            alarm + ": " + numbers() + " over steps " + std::to_string(first_) + " to " + std::to_string(last_);
        services_.event("alarm", text);
        if (first_alarm_.empty())
            first_alarm_ = text;
    }

    /// Whether anything is wrong in this window, told now or before.
    [[nodiscard]] bool any() const { return any_; }

    /// What was told first; empty: nothing.
    [[nodiscard]] const std::string &first_alarm() const { return first_alarm_; }

  private:
    sdk::Services &services_;
    std::uint64_t first_;
    std::uint64_t last_;
    bool any_ = false;
    std::string first_alarm_;
};

} // namespace retort::trainer_adversarial_distillation
