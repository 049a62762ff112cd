// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/settings.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <plugins/shared/dense_network.hpp>
#include <span>
#include <string>
#include <vector>

namespace retort::model_mlp {

/// Fully connected network x -> hidden.0 -> hidden.1 -> ... -> logits, see plugin_support::DenseNetwork for formulas,
/// initialisation and the names of its tensors. Noise of a row is dropout on the input and on hidden outputs.
class Mlp final : public sdk::Model {
  public:
    struct Settings {
        std::vector<std::size_t> hidden{256};
        plugin_support::Activation activation = plugin_support::Activation::relu;
        double negative_slope = 0.01;
        double dropout = 0.0;
        double input_dropout = 0.0;
        double max_norm = 0.0;
        plugin_support::Initialisation initialisation = plugin_support::Initialisation::he;

        void fields(sdk::Fields &fields);
    };

    Mlp(const Settings &settings, const sdk::ModelContext &context);

    [[nodiscard]] std::span<const sdk::Tap> taps() const override { return taps_; }

    sdk::Parameters parameters() override { return network_.parameters(); }

    void initialise(sdk::Random random) override { network_.initialise(random); }

    /// After a step: shortens the incoming weights of every hidden unit to the norm `max_norm`, if they are longer
    /// (Srivastava et al. 2014, section 5.1).
    void parameters_changed(sdk::Change change) override;

    [[nodiscard]] std::unique_ptr<sdk::ModelPass> make_pass(const sdk::PassSpec &spec) override;

    [[nodiscard]] bool has_noise() const override {
        return network_.shape().dropout > 0.0 || network_.shape().input_dropout > 0.0;
    }

  private:
    void clip_units(std::size_t layer);

    plugin_support::DenseNetwork network_;
    float max_norm_; ///< 0: any
    sdk::Services &services_;
    std::deque<std::string> tap_names_; // a deque: the taps' string_views must stay valid while names are added
    std::vector<sdk::Tap> taps_;        ///< tap i is the output of layer i
};

} // namespace retort::model_mlp
