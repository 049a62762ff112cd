// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/checks/ranges.hpp>
#include <retort/sdk/conformance/checks/table.hpp>
#include <retort/sdk/conformance/draws.hpp>
#include <retort/sdk/conformance/finding.hpp>
#include <retort/sdk/conformance/options.hpp>
#include <retort/sdk/conformance/trial.hpp>
#include <retort/sdk/error.hpp>
#include <retort/sdk/roles/trainer.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::sdk::conformance {

/// Carries out all checks on one component.
class ComponentCheck {
  public:
    ComponentCheck(std::string component, const AnyFactory &factory, std::vector<Situation> situations,
                   const Options &options, LeafWalker::Bind bind)
        : component_(std::move(component)), factory_(factory), situations_(std::move(situations)), options_(options),
          bind_(std::move(bind)) {}

    [[nodiscard]] std::vector<Finding> findings() {
        findings_.clear();
        add("settings_ranges", "", [&] {
            const std::unique_ptr<AnySettings> all = settings();
            (void)filled().apply(*all, {});
            return ranges(*all, options_);
        });
        Finding &construction = finding("construction");
        (void)try_in_all({});
        Draw begin = filled();
        if (!begin.values.empty() && !try_in_all(begin))
            begin = {};
        for (const Draw &draw : draws(begin))
            (void)try_in_all(draw);
        if (construction.trials == 0 && construction.reason.empty())
            construction.reason = refusal_;
        for (const Check &check : checks)
            if (Finding &entry = finding(check.name); entry.trials == 0 && entry.reason.empty())
                entry.reason = "it could not be made: " + construction.reason;
        judge_output();
        return {findings_.begin(), findings_.end()};
    }

  private:
    [[nodiscard]] std::unique_ptr<AnySettings> settings() const {
        std::unique_ptr<AnySettings> made = options_.settings ? options_.settings() : factory_.make_settings();
        LeafWalker walker([](Leaf &) {});
        walker.texts = options_.texts;
        made->fields(walker);
        return made;
    }

    /// What the kit puts into lists of records where it chooses the settings; nothing where there are none.
    [[nodiscard]] Draw filled() const { return options_.settings ? Draw{} : filled_lists(*settings()); }

    /// What is tried beside the defaults and `begin`, from which these start.
    [[nodiscard]] std::vector<Draw> draws(const Draw &begin) const {
        std::vector<Draw> result = edges(*settings(), begin);
        for (std::size_t i = 0; i < options_.draws; ++i)
            result.push_back(random_draw(*settings(), Random{options_.seed}.at("settings").at(i), begin));
        return result;
    }

    /// Whether it could be made in any situation.
    bool try_in_all(const Draw &draw) {
        bool made = false;
        for (const Situation &situation : situations_)
            made = try_all(draw, situation) || made;
        return made;
    }

    bool try_all(const Draw &draw, const Situation &situation) {
        const std::unique_ptr<AnySettings> drawn = settings();
        const bool only_new = options_.settings != nullptr;
        if (const std::string unbound = draw.apply(*drawn, bind_, only_new); !unbound.empty()) {
            refusal_ = "its settings name other components, " + unbound + ", for which the kit has no stand-in";
            return false;
        }
        const Trial trial{situation, *drawn, options_};
        const std::string where = draw.text() + "; " + situation.name;
        bool made = false;
        add("construction", where, [&] {
            try {
                made = trial.fresh() != nullptr;
            } catch (const Refusal &refusal) {
                refusal_ = refusal.reason;
                return skipped("refused: " + refusal.reason);
            }
            return passed();
        });
        std::string failures;
        for (const Check &check : checks)
            if (made && !add(check.name, where, [&] { return carry_out(check, trial, failures); }))
                failures.append(check.name).append(" ");
        return made;
    }

    static Result carry_out(const Check &check, const Trial &trial, const std::string &failures) {
        for (std::size_t begin = 0; begin < failures.size();) {
            const std::string name = failures.substr(begin, failures.find(' ', begin) - begin);
            if (check.needs.find(name) != std::string_view::npos)
                return skipped("it says nothing where " + name + " failed");
            begin += name.size() + 1;
        }
        return check.carry_out(trial);
    }

    /// Carries out one check and enters what it came to; false where it failed.
    bool add(std::string_view check, const std::string &where, const std::function<Result()> &carry_out) {
        if (options_.progress)
            options_.progress(component_, check);
        Finding &entry = finding(check);
        const auto begin = std::chrono::steady_clock::now();
        const Result result = guarded(carry_out);
        entry.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        if (result.outcome == Outcome::skipped) {
            if (entry.trials == 0)
                entry.reason = result.reason;
            return true;
        }
        if (entry.trials++ == 0 || (result.failed() && entry.outcome != Outcome::failed)) {
            entry.outcome = result.failed() || entry.outcome == Outcome::failed ? Outcome::failed : Outcome::passed;
            entry.reason = result.reason;
            entry.settings = result.failed() ? where : "";
        }
        return !result.failed();
    }

    Result guarded(const std::function<Result()> &carry_out) {
        if (options_.instruments != nullptr)
            options_.instruments->catch_output();
        Result result;
        try {
            result = carry_out();
        } catch (const Error &error) {
            const bool diverged = error.kind() == ErrorKind::training && component_.starts_with(Trainer::role);
            result = diverged ? skipped(std::string("training diverged with these settings: ") + error.what())
                              : failed(std::string("it threw: ") + error.what());
        } catch (const std::exception &error) {
            result = failed(std::string("it threw: ") + error.what());
        } catch (const Refusal &refusal) {
            result = failed("a second object with the same settings was refused: " + refusal.reason);
        } catch (...) {
            result = failed("it threw something that is no std::exception");
        }
        if (options_.instruments != nullptr) {
            (void)options_.instruments->stop(); // where an exception came before that
            const std::string printed = options_.instruments->release_output();
            output_ = output_.empty() ? printed : output_;
        }
        return result;
    }

    void judge_output() {
        Finding &entry = finding("no_output");
        if (options_.instruments == nullptr) {
            entry.reason = "only `retort check` catches what is printed";
            return;
        }
        entry.trials = 1;
        entry.outcome = output_.empty() ? Outcome::passed : Outcome::failed;
        if (!output_.empty())
            entry.reason = "it prints: \"" + output_.substr(0, output_.find('\n')) +
                           "\"; a plugin prints nothing, Services::warn and info are for that";
    }

    Finding &finding(std::string_view check) {
        for (Finding &entry : findings_)
            if (entry.check == check)
                return entry;
        findings_.push_back({component_, std::string(check), Outcome::skipped, {}, {}, 0, 0.0});
        return findings_.back();
    }

    std::string component_;
    const AnyFactory &factory_;
    std::vector<Situation> situations_;
    const Options &options_;
    LeafWalker::Bind bind_;
    std::deque<Finding> findings_;
    std::string refusal_;
    std::string output_;
};

} // namespace retort::sdk::conformance
