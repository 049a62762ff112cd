// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/random.hpp>
#include <retort/sdk/services.hpp>
#include <retort/sdk/trainable.hpp>

#include <cstddef>
#include <cstdint>
#include <plugins/shared/bfloat16.hpp>
#include <plugins/shared/kernels.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort::plugin_support {

/// How initial weights are drawn; biases begin at 0.
///   he      normal with variance gain / fan_in; gain is 2 / (1 + negative_slope^2) before a hidden activation, with
///           negative_slope 0 unless it is leaky_relu, and 1 in the output layer             (He et al. 2015)
///   xavier  uniform in +- sqrt(6 / (fan_in + fan_out))                                      (Glorot and Bengio 2010)
enum class Initialisation { he, xavier };

inline std::span<const std::string_view> names_of(Initialisation) {
    static constexpr std::string_view names[] = {"he", "xavier"};
    return names;
}

struct DenseShape {
    std::size_t input_width = 0;
    std::vector<std::size_t> hidden; ///< may be empty: a linear map
    std::size_t output_width = 0;
    ActivationFunction activation;
    Initialisation initialisation = Initialisation::he;
    double dropout = 0.0;                           ///< after each hidden activation
    double input_dropout = 0.0;                     ///< of the input
    sdk::Precision precision = sdk::Precision::f32; ///< of its products
};

/// A matrix of parameters that a network's owner keeps in the same arena, after the layers.
struct ExtraTensor {
    std::string name;
    std::size_t rows = 0;
    std::size_t columns = 0;
    bool decays = true;
};

/// A matrix of parameters and its gradient.
struct TensorView {
    sdk::Matrix values;
    sdk::Matrix gradients;
};

/// Parameters of a fully connected network: y_0 = x, y_l+1 = activation(W_l y_l + b_l), the last layer without
/// activation. Tensors are "layers.<l>.weight" [out, in] and "layers.<l>.bias" [out].
class DenseNetwork {
  public:
    explicit DenseNetwork(DenseShape shape, std::span<const ExtraTensor> more = {});

    [[nodiscard]] const DenseShape &shape() const { return shape_; }

    /// Hidden layers and the output layer.
    [[nodiscard]] std::size_t layers() const { return shape_.hidden.size() + 1; }

    [[nodiscard]] bool hidden(std::size_t layer) const { return layer < shape_.hidden.size(); }

    [[nodiscard]] std::size_t input_width(std::size_t layer) const;
    [[nodiscard]] std::size_t output_width(std::size_t layer) const;

    [[nodiscard]] sdk::Parameters parameters() const { return arena_.parameters(); }

    [[nodiscard]] std::span<float> weight(std::size_t layer) const { return arena_.values(2 * layer); }

    [[nodiscard]] std::span<float> bias(std::size_t layer) const { return arena_.values(2 * layer + 1); }

    [[nodiscard]] std::span<float> weight_gradient(std::size_t layer) const { return arena_.gradients(2 * layer); }

    [[nodiscard]] std::span<float> bias_gradient(std::size_t layer) const { return arena_.gradients(2 * layer + 1); }

    /// Extra tensor `index`, in the order in which they were given.
    [[nodiscard]] TensorView extra(std::size_t index) const { return tensor(2 * layers() + index); }

    /// The weight of a layer as a matrix [out, in].
    [[nodiscard]] TensorView weights(std::size_t layer) const { return tensor(2 * layer); }

    /// Draws weights; extra tensors are their owner's.
    void initialise(sdk::Random random);

    /// Where products are bfloat16, their copy of the weights.
    [[nodiscard]] const sdk::Bfloat16 *rounded_weight(std::size_t layer) const {
        const sdk::Parameters all = arena_.parameters();
        return all.rounded->values.data() + all.table[2 * layer].offset;
    }

    /// To be called when parameters changed: copies of them are no longer current. The rounded one is made anew, on the
    /// framework's threads, unless the optimizer has.
    void weights_changed(sdk::Change change, sdk::Services &services);

    /// How often `weights_changed` was called.
    [[nodiscard]] std::uint64_t changes() const { return changes_; }

  private:
    [[nodiscard]] TensorView tensor(std::size_t index) const;
    void initialise_he(std::size_t layer, sdk::Random random);
    void initialise_xavier(std::size_t layer, sdk::Random random);

    DenseShape shape_;
    sdk::Arena arena_;
    std::uint64_t changes_ = 0;
};

} // namespace retort::plugin_support
