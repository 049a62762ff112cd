// SPDX-License-Identifier: Apache-2.0
// The step in libtorch, as fast as its C++ interface allows: no gradient that nobody reads, activations in place,
// gradients handed over instead of added, Adam in place.
#include "contest.hpp"

#include <fstream>
#include <iterator>
#include <torch/torch.h>

using retort::benchmark::Contest;
using torch::Tensor;

namespace {

/// Fully connected with ReLU between.
class Network {
  public:
    explicit Network(const std::vector<std::int64_t> &widths) {
        for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
            const double deviation = std::sqrt(2.0 / static_cast<double>(widths[i]));
            parameters.push_back((torch::randn({widths[i + 1], widths[i]}) * deviation).requires_grad_(true));
            parameters.push_back(torch::zeros({widths[i + 1]}).requires_grad_(true));
        }
    }

    /// `learns`: whether gradients of the parameters will be read.
    [[nodiscard]] Tensor forward(Tensor x, bool learns = true) const {
        for (std::size_t i = 0; i < parameters.size(); i += 2) {
            const Tensor weight = learns ? parameters[i] : parameters[i].detach();
            const Tensor bias = learns ? parameters[i + 1] : parameters[i + 1].detach();
            x = torch::linear(x, weight, bias);
            if (i + 2 < parameters.size())
                x.relu_();
        }
        return x;
    }

    std::vector<Tensor> parameters;
};

/// Adam (Kingma and Ba 2015), nothing allocated.
class Adam {
  public:
    explicit Adam(Network &network) {
        for (const Tensor &parameter : network.parameters)
            states_.push_back({parameter, torch::zeros_like(parameter), torch::zeros_like(parameter),
                               torch::empty_like(parameter).detach()});
    }

    void step() {
        const torch::NoGradGuard none;
        const double steps = static_cast<double>(++steps_);
        for (State &state : states_) {
            const Tensor gradient = state.parameter.grad();
            state.mean.lerp_(gradient, 1.0 - 0.9);
            state.square.mul_(0.999).addcmul_(gradient, gradient, 1.0 - 0.999);
            torch::sqrt_out(state.root, state.square);
            state.root.div_(std::sqrt(1.0 - std::pow(0.999, steps))).add_(1e-8);
            state.parameter.addcdiv_(state.mean, state.root, -0.001 / (1.0 - std::pow(0.9, steps)));
            state.parameter.mutable_grad().reset(); // backward then hands its own tensor over instead of adding to this
        }
    }

  private:
    struct State {
        Tensor parameter, mean, square, root;
    };

    std::vector<State> states_;
    std::int64_t steps_ = 0;
};

Tensor read_bytes(const std::string &file, std::int64_t skip, torch::IntArrayRef shape) {
    std::ifstream in(file, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
    Tensor result = torch::empty(shape, torch::kUInt8);
    TORCH_CHECK(static_cast<std::int64_t>(bytes.size()) == skip + result.numel(), file, " is not as it should be");
    std::copy(bytes.begin() + skip, bytes.end(), static_cast<char *>(result.data_ptr()));
    return result;
}

class Distillation {
  public:
    explicit Distillation(const Contest &contest)
        : contest_(contest), batch_(static_cast<std::int64_t>(contest.batch)), teacher_({784, 1200, 1200, 10}),
          student_({784, static_cast<std::int64_t>(contest.width), static_cast<std::int64_t>(contest.width), 10}),
          discriminator_({10, 256, 256, 1}), student_optimizer_(student_), discriminator_optimizer_(discriminator_),
          images_(read_bytes(contest.data + "/train-images-idx3-ubyte", 16, {examples, 784})),
          labels_(read_bytes(contest.data + "/train-labels-idx1-ubyte", 8, {examples}).to(torch::kInt64)) {
        const torch::NoGradGuard none;
        if (!contest.teacher_runs)
            teacher_logits_ = teacher_.forward(images_.to(torch::kFloat32).mul_(1.0 / 255.0), false);
    }

    void operator()() {
        if (next_ % examples == 0 || next_ + batch_ > examples)
            order_ = torch::randperm(examples), next_ = 0;
        const Tensor rows = order_.narrow(0, next_, batch_);
        next_ += batch_;
        const Tensor inputs = images_.index_select(0, rows).to(torch::kFloat32).mul_(1.0 / 255.0);
        const Tensor labels = labels_.index_select(0, rows);
        const Tensor logits = student_.forward(inputs);
        learn(teacher_of(inputs, rows), logits.detach());
        const Tensor fooled = torch::sigmoid(discriminator_.forward(logits, false)).mean();
        (torch::nn::functional::cross_entropy(logits, labels) - 0.3 * fooled).backward();
        student_optimizer_.step();
    }

  private:
    static constexpr std::int64_t examples = Contest::examples;

    Tensor teacher_of(const Tensor &inputs, const Tensor &rows) {
        const torch::NoGradGuard none;
        return contest_.teacher_runs ? teacher_.forward(inputs, false) : teacher_logits_.index_select(0, rows);
    }

    /// -E log D(t) - E log(1 - D(s))
    void learn(const Tensor &teacher, const Tensor &student) {
        const Tensor scores = discriminator_.forward(torch::cat({teacher, student}));
        const Tensor loss = torch::softplus(-scores.narrow(0, 0, batch_)).mean() +
                            torch::softplus(scores.narrow(0, batch_, batch_)).mean();
        loss.backward();
        discriminator_optimizer_.step();
    }

    Contest contest_;
    std::int64_t batch_;
    Network teacher_, student_, discriminator_;
    Adam student_optimizer_, discriminator_optimizer_;
    Tensor images_, labels_, teacher_logits_, order_;
    std::int64_t next_ = 0;
};

} // namespace

int main(int count, char **values) try {
    const Contest contest = retort::benchmark::contest_from(count, values);
    torch::set_num_threads(static_cast<int>(contest.threads));
    torch::set_num_interop_threads(1);
    torch::manual_seed(1);
    Distillation distillation(contest);
    retort::benchmark::time_steps(contest, distillation);
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
