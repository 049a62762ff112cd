// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/pass.hpp>
#include <retort/sdk/random.hpp>
#include <retort/sdk/services.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <plugins/shared/dense_network.hpp>
#include <plugins/shared/matmul.hpp>
#include <plugins/shared/noise.hpp>
#include <span>
#include <vector>

namespace retort::plugin_support {

/// d loss / d output of a layer (after its activation, before dropout), [rows, output width].
struct LayerGradient {
    std::size_t layer;
    sdk::ConstMatrix gradient;
};

struct DensePassSpec {
    sdk::PassSpec pass;             ///< `taps` are numbers of layers whose outputs will be read
    std::size_t offset_columns = 0; ///< see DensePass::forward
};

/// One forward/backward in flight through a DenseNetwork. Whether there is dropout is the PassSpec's mode; whatever the
/// spec does not ask for is neither kept nor computed. Buffers and products are made in the constructor.
class DensePass {
  public:
    /// `network` and `services` must outlive the pass. Throws sdk::Error when oneDNN fails.
    DensePass(const DenseNetwork &network, sdk::Services &services, const DensePassSpec &spec);
    ~DensePass();

    /// Runs the network on `input` [rows, input width], which must stay as it is until after `backward`. Dropout of row
    /// r draws from `streams[r]` alone; the streams may be empty where there is none. Weights that were written are
    /// read once the network was told that they changed.
    ///
    /// With `offset_columns` set, `input` lacks that many trailing columns, and row r of `offset` (r counted modulo its
    /// rows) stands for their part of the first layer: W_offset c + b.
    void forward(sdk::ConstMatrix input, std::span<const sdk::Random> streams, sdk::ConstMatrix offset = {});

    /// Output of a layer: after its activation, before dropout. For the last layer and those named in the spec.
    [[nodiscard]] sdk::ConstMatrix output(std::size_t layer) const { return layers_[layer].output.view(rows_); }

    /// Gradients of the last forward from the sum of `gradients`, which stand at the last layer or those named in the
    /// spec, as `write` says. Throws sdk::Error when the spec did not ask for parameter gradients. With offset columns,
    /// their part of the first weight's gradient is left to the caller.
    void backward(std::span<const LayerGradient> gradients, sdk::Write write);

    /// Parameter gradients of sum_r <direction_r, d a_r / d input_r> with a_r = <seed_r, output_r>, exact to second
    /// order, dropout as in the last forward. `seed`: [rows, output width], taken as constant; `direction`: [rows,
    /// input width]. Of the pass's results, `first_gradient` is overwritten. Products are of float32; they and their
    /// buffers are made when a number of rows is seen first. Throws as `backward`, and leaves offset columns to the
    /// caller.
    void second_backward(sdk::ConstMatrix seed, sdk::ConstMatrix direction, sdk::Write write);

    /// d output / d input times the direction of the last `second_backward`, [rows, output width].
    [[nodiscard]] sdk::ConstMatrix output_tangent() const;

    /// Of the last backward: d loss / d (W_0 x + b_0), if that went down to the first layer; of the last
    /// second_backward: the same of its sum, if that is not 0 for all networks with this activation. Else empty.
    [[nodiscard]] sdk::ConstMatrix first_gradient() const { return first_gradient_; }

    /// d loss / d input of the last backward; empty unless asked for.
    [[nodiscard]] sdk::ConstMatrix input_gradient() const { return input_gradient_.view(rows_); }

  private:
    enum class Derivative { first, second };

    struct SecondOrder;

    /// The products of a layer for one number of rows.
    struct Products {
        std::optional<Matmul> forward;
        std::optional<Matmul> input_gradient;
        std::optional<Matmul> weight_replace;
        std::optional<Matmul> weight_add;
    };

    struct Layer {
        std::vector<sdk::Bfloat16> rounded_input;  ///< where the product's own could not be it
        std::vector<sdk::Bfloat16> rounded_output; ///< instead of `output`, where nobody reads that
        Products full;
        Products tail;
        sdk::MatrixBuffer input_of_activation; ///< of gelu, when its derivative will be wanted
        sdk::MatrixBuffer output;
        sdk::MatrixBuffer dropped; ///< empty where dropout works in place
    };

    /// Whether products leave the layer's output in bfloat16 alone, ready for the next: nobody reads it as a tap, and
    /// nothing is done to it by hand.
    [[nodiscard]] bool rounds_output(std::size_t layer, const sdk::PassSpec &spec) const;

    [[nodiscard]] bool rounds() const { return network_.shape().precision == sdk::Precision::bf16; }

    void make_layer(std::size_t layer, const sdk::PassSpec &spec);
    void make_gradients(const sdk::PassSpec &spec);

    struct Cuts {
        Cut forward = Cut::none;
        Cut weight_gradient = Cut::none;
        Cut input_gradient = Cut::none;
    };

    [[nodiscard]] Cuts cuts(std::size_t rows, std::size_t in, std::size_t out, const sdk::PassSpec &spec) const;
    [[nodiscard]] Products make_products(std::size_t layer, std::size_t rows, const sdk::PassSpec &spec) const;

    /// Whether full batches are multiplied by packed copies of the weights. They pay where weights stay as they are for
    /// many batches, as those of what is only evaluated do.
    [[nodiscard]] static bool packs_weights(const sdk::PassSpec &spec) {
        return spec.mode == sdk::Mode::evaluate && !spec.parameter_gradients && !spec.input_gradients;
    }

    [[nodiscard]] bool drops(std::size_t layer) const { return network_.hidden(layer) && dropout_.active(); }

    void pack_weights();
    void take_input(sdk::ConstMatrix input, std::span<const sdk::Random> streams);
    void multiply(std::size_t layer, sdk::ConstMatrix offset);
    void multiply_rounded(std::size_t layer, float *result);
    void round_input(std::size_t layer);
    void finish_rows(std::size_t layer, std::span<const sdk::Random> streams);
    void clear_parameter_gradients(std::size_t first_layer);
    void gradient_of_layer(std::size_t layer, std::span<const LayerGradient> gradients, bool from_above,
                           sdk::Write write);
    void gradient_of_row(std::size_t layer, std::size_t row, std::span<const LayerGradient> gradients, bool from_above,
                         std::span<float> sum);
    void transpose_gradient(std::size_t layer, std::size_t begin, std::size_t end);
    void multiply_by_rounded(Derivative derivative, const Layer &made, std::size_t row, std::span<float> values) const;
    void multiply_by(Derivative derivative, std::size_t layer, std::size_t row, std::span<float> values) const;
    void multiply_by(Derivative derivative, std::size_t layer, sdk::Matrix values);
    void multiply_gradients(std::size_t layer, sdk::Write write);
    void finish_input_gradient();
    void check_parameter_gradients() const;
    void push(sdk::ConstMatrix direction);
    void pull(sdk::ConstMatrix seed);
    void bend(std::size_t layer);
    [[nodiscard]] sdk::ConstMatrix unrounded_input(std::size_t layer);

    [[nodiscard]] const Products &products(std::size_t layer) const;
    [[nodiscard]] sdk::ConstMatrix layer_input(std::size_t layer) const;
    [[nodiscard]] const std::vector<sdk::Bfloat16> &rounded_input(std::size_t layer) const;
    [[nodiscard]] sdk::Matrix passed_on(std::size_t layer) const;
    [[nodiscard]] sdk::Matrix gradient(std::size_t layer) const;
    [[nodiscard]] std::span<sdk::Bfloat16> rounded_gradient(std::size_t layer) { return rounded_gradients_[layer % 2]; }

    [[nodiscard]] std::size_t product_width(std::size_t layer) const;
    template <class Body> void for_each_row(std::size_t width, Body &&body) {
        services_.parallel_for(rows_, grain(width), [&](std::size_t begin, std::size_t end) {
            for (std::size_t row = begin; row < end; ++row)
                body(row);
        });
    }

    /// Items of so many elements that are worth a thread: fewer run on one, as waking the others costs more.
    [[nodiscard]] static std::size_t grain(std::size_t elements_per_item) {
        return std::max<std::size_t>(1, 16384 / std::max<std::size_t>(1, elements_per_item));
    }

    const DenseNetwork &network_;
    sdk::Services &services_;
    const std::size_t full_rows_;
    const std::size_t tail_rows_;
    const std::size_t offset_columns_;
    const bool packs_weights_;
    Dropout dropout_;
    Dropout input_dropout_;
    std::vector<Layer> layers_;
    sdk::MatrixBuffer own_input_;
    sdk::Buffer gradients_[2]; ///< of layers with even and odd number
    sdk::Buffer bias_sums_;    ///< of the layer at hand, by each thread
    std::vector<sdk::Bfloat16> rounded_gradients_[2];
    std::vector<sdk::Bfloat16> transposed_gradient_; ///< of the layer at hand, for its weight's: products want it so
    sdk::MatrixBuffer input_gradient_;
    std::optional<std::uint64_t> packed_; ///< of which of the network's changes the packed weights are
    std::size_t rows_ = 0;
    sdk::ConstMatrix input_;
    sdk::ConstMatrix first_gradient_;
    std::unique_ptr<SecondOrder> second_order_; ///< once wanted
};

} // namespace retort::plugin_support
