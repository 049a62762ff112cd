// SPDX-License-Identifier: Apache-2.0
// What the contestant in libtorch is made of. Of what was tried this is the fastest: gradients by hand instead of
// autograd, results into tensors made beforehand, all parameters of a network in one tensor, so that Adam is seven
// operations. Adam in pieces that fit the cache was slower.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <torch/torch.h>
#include <vector>

namespace retort::benchmark {

using torch::Tensor;

/// Fully connected with ReLU between.
struct Network {
    explicit Network(const std::vector<std::int64_t> &widths) {
        std::int64_t size = 0;
        for (std::size_t i = 0; i + 1 < widths.size(); ++i)
            size += widths[i + 1] * (widths[i] + 1);
        values = torch::zeros({size});
        gradients = torch::zeros({size});
        std::int64_t begin = 0;
        const auto take = [&](std::vector<Tensor> &value, std::vector<Tensor> &gradient, torch::IntArrayRef shape) {
            const std::int64_t count = c10::multiply_integers(shape);
            value.push_back(values.narrow(0, begin, count).view(shape));
            gradient.push_back(gradients.narrow(0, begin, count).view(shape));
            begin += count;
        };
        for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
            take(weights, weight_gradients, {widths[i + 1], widths[i]});
            weights[i].normal_(0.0, std::sqrt(2.0 / static_cast<double>(widths[i])));
            take(biases, bias_gradients, {widths[i + 1]});
        }
    }

    Tensor values, gradients; ///< of all parameters; the others are parts of them
    std::vector<Tensor> weights, weight_gradients, biases, bias_gradients;
};

/// Adam (Kingma and Ba 2015), both bias corrections in the rate and in epsilon, nothing allocated.
class Adam {
  public:
    explicit Adam(Network &network)
        : network_(network), mean_(torch::zeros_like(network.values)), square_(torch::zeros_like(network.values)),
          root_(torch::empty_like(network.values)) {}

    void step() {
        const double steps = static_cast<double>(++steps_);
        const double correction = std::sqrt(1.0 - std::pow(0.999, steps));
        const Tensor &gradient = network_.gradients;
        mean_.mul_(0.9).add_(gradient, 1.0 - 0.9); // lerp_ was slower
        square_.mul_(0.999).addcmul_(gradient, gradient, 1.0 - 0.999);
        torch::sqrt_out(root_, square_).add_(1e-8 * correction);
        network_.values.addcdiv_(mean_, root_, -0.001 * correction / (1.0 - std::pow(0.9, steps)));
    }

  private:
    Network &network_;
    Tensor mean_, square_, root_;
    std::int64_t steps_ = 0;
};

/// A forward and, if it is wanted, a backward of a network on `rows` rows.
class Pass {
  public:
    /// `learns`, `to_input`: which gradients a backward writes.
    Pass(Network &network, std::int64_t rows, bool learns, bool to_input) : network_(network), learns_(learns) {
        for (const Tensor &weight : network.weights) {
            outputs_.push_back(torch::empty({rows, weight.size(0)}));
            gradients_.push_back(learns || to_input ? torch::empty_like(outputs_.back()) : Tensor());
        }
        if (to_input)
            input_gradient = torch::empty({rows, network.weights[0].size(1)});
    }

    const Tensor &forward(const Tensor &input) {
        input_ = input;
        for (std::size_t i = 0; i < outputs_.size(); ++i) {
            torch::addmm_out(outputs_[i], network_.biases[i], input_of(i), network_.weights[i].t());
            if (i + 1 < outputs_.size())
                outputs_[i].relu_();
        }
        return outputs_.back();
    }

    /// Of the last layer's output; to be written before backward.
    Tensor &output_gradient() { return gradients_.back(); }

    void backward() {
        for (std::size_t i = outputs_.size(); i-- > 0;) {
            Tensor &gradient = gradients_[i];
            if (i + 1 < outputs_.size())
                at::threshold_backward_out(gradient, gradient, outputs_[i], 0);
            if (learns_) {
                torch::mm_out(network_.weight_gradients[i], gradient.t(), input_of(i));
                torch::sum_out(network_.bias_gradients[i], gradient, 0);
            }
            Tensor &below = i > 0 ? gradients_[i - 1] : input_gradient;
            if (below.defined())
                torch::mm_out(below, gradient, network_.weights[i]);
        }
    }

    Tensor input_gradient;

  private:
    const Tensor &input_of(std::size_t layer) const { return layer > 0 ? outputs_[layer - 1] : input_; }

    Network &network_;
    bool learns_;
    Tensor input_;
    std::vector<Tensor> outputs_, gradients_;
};

} // namespace retort::benchmark
