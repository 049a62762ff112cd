// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/observer.hpp>
#include <retort/sdk/settings.hpp>

#include <filesystem>
#include <plugins/observers/figures/script.hpp>
#include <span>
#include <string>
#include <string_view>

namespace retort::observer_figures {

/// Draws the figures of a stage when it ends, from the tables that the observer `csv` wrote before it: into `figures/`
/// of the run directory, as `<stage>.discriminator.<adversary>` and `<stage>.accuracy`; and when the run ends those of
/// its report, `<weights>.reliability`. Each is an .svg, a .png and the .gnuplot script that made them, data included.
/// gnuplot draws; where it is missing or fails, a warning says what to do, the scripts stay, and the run goes on.
class Figures final : public sdk::Observer {
  public:
    struct Settings {
        std::string program = "gnuplot";

        void fields(sdk::Fields &field) {
            field("program", program, "The gnuplot that draws: a name on PATH, or a path.");
        }
    };

    Figures(const Settings &settings, const sdk::ObserverContext &context)
        : program_(settings.program), services_(context.services), directory_(context.directory) {}

    void end_stage(const sdk::StageInfo &stage, bool complete) override;
    void end_run() override;

    [[nodiscard]] std::span<const std::string_view> reads() const override { return tables; }

  private:
    static constexpr std::string_view tables[] = {"csv"};

    void draw(const Script &script);

    std::string program_;
    sdk::Services &services_;
    std::filesystem::path directory_;
};

} // namespace retort::observer_figures
