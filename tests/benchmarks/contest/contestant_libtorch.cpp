// SPDX-License-Identifier: Apache-2.0
// The step in libtorch, as fast as its C++ interface allows.
#include "contest.hpp"
#include "libtorch_network.hpp"

#include <ATen/Parallel.h>
#include <fstream>

using retort::benchmark::Adam;
using retort::benchmark::Contest;
using retort::benchmark::Network;
using retort::benchmark::Pass;
using torch::Tensor;

namespace {

Tensor read_bytes(const std::string &file, std::int64_t skip, torch::IntArrayRef shape) {
    Tensor result = torch::empty(shape, torch::kUInt8);
    std::ifstream in(file, std::ios::binary);
    in.seekg(skip).read(static_cast<char *>(result.data_ptr()), result.numel());
    TORCH_CHECK(in && in.peek() == std::ifstream::traits_type::eof(), file, " is not as it should be");
    return result;
}

/// Of MNIST; where gradients are checked, made up, so that no data is needed.
Tensor images_of(const Contest &contest) {
    if (contest.check)
        return torch::randint(0, 256, {Contest::examples, Contest::input}, torch::kUInt8);
    return read_bytes(contest.data + "/train-images-idx3-ubyte", 16, {Contest::examples, Contest::input});
}

Tensor labels_of(const Contest &contest) {
    if (contest.check)
        return torch::randint(0, Contest::classes, {Contest::examples}, torch::kInt64);
    return read_bytes(contest.data + "/train-labels-idx1-ubyte", 8, {Contest::examples}).to(torch::kInt64);
}

class Distillation {
  public:
    explicit Distillation(const Contest &contest)
        : rows_(static_cast<std::int64_t>(contest.batch)), teacher_({784, 1200, 1200, 10}),
          student_({784, static_cast<std::int64_t>(contest.width), static_cast<std::int64_t>(contest.width), 10}),
          discriminator_({10, 256, 256, 1}), student_adam_(student_), discriminator_adam_(discriminator_),
          images_(images_of(contest)), labels_(labels_of(contest)), teacher_pass_(teacher_, rows_, false, false),
          student_pass_(student_, rows_, true, false), learning_(discriminator_, 2 * rows_, true, false),
          fooled_(discriminator_, rows_, false, true) {
        if (!contest.teacher_runs)
            cache_teacher();
    }

    void operator()() {
        forward();
        learn();
        discriminator_adam_.step();
        study();
        student_adam_.step();
    }

    /// The largest difference, relative to the largest gradient, between the step's gradients and those of autograd.
    double difference_from_autograd();

  private:
    static constexpr std::int64_t examples = Contest::examples;
    static constexpr double lambda = 0.3;

    /// In pieces: the images as float would take 188 MB.
    void cache_teacher() {
        teacher_logits_ = torch::empty({examples, 10});
        for (std::int64_t begin = 0; begin < examples; begin += 1000) {
            Pass pass(teacher_, 1000, false, false);
            const Tensor inputs = images_.narrow(0, begin, 1000).to(torch::kFloat32).mul_(1.0 / 255.0);
            teacher_logits_.narrow(0, begin, 1000).copy_(pass.forward(inputs));
        }
    }

    void forward() {
        if (!order_.defined() || next_ + rows_ > examples)
            order_ = torch::randperm(examples), next_ = 0;
        const Tensor rows = order_.narrow(0, next_, rows_);
        next_ += rows_;
        torch::index_select_out(bytes_, images_, 0, rows);
        inputs_.copy_(bytes_).mul_(1.0 / 255.0);
        torch::index_select_out(chosen_, labels_, 0, rows);
        if (teacher_logits_.defined())
            torch::index_select_out(samples_of_teacher_, teacher_logits_, 0, rows);
        else
            samples_of_teacher_.copy_(teacher_pass_.forward(inputs_));
        logits_ = student_pass_.forward(inputs_);
        samples_of_student_.copy_(logits_);
    }

    /// -E log D(t) - E log(1 - D(s)), its value and the gradients of the discriminator
    void learn() {
        const Tensor scores = learning_.forward(samples_);
        const Tensor of_teacher = scores.narrow(0, 0, rows_);
        discriminator_loss_ =
            torch::softplus(-of_teacher).mean() + torch::softplus(scores.narrow(0, rows_, rows_)).mean();
        Tensor &gradient = learning_.output_gradient();
        torch::sigmoid_out(gradient, scores);
        gradient.narrow(0, 0, rows_).sub_(1.0);
        gradient.mul_(1.0 / static_cast<double>(rows_));
        learning_.backward();
    }

    /// Cross-entropy - lambda E D(s), its value and the gradients of the student
    void study() {
        const Tensor believed = torch::sigmoid(fooled_.forward(logits_));
        torch::mul_out(fooled_.output_gradient(), believed,
                       (1.0 - believed).mul_(-lambda / static_cast<double>(rows_)));
        fooled_.backward();
        const Tensor log_probabilities = torch::log_softmax(logits_, 1);
        loss_ = -log_probabilities.gather(1, chosen_.unsqueeze(1)).mean() - lambda * believed.mean();
        Tensor &gradient = student_pass_.output_gradient();
        torch::exp_out(gradient, log_probabilities);
        gradient.scatter_add_(1, chosen_.unsqueeze(1), minus_one_);
        gradient.mul_(1.0 / static_cast<double>(rows_)).add_(fooled_.input_gradient);
        student_pass_.backward();
    }

    std::int64_t rows_;
    Network teacher_, student_, discriminator_;
    Adam student_adam_, discriminator_adam_;
    Tensor images_, labels_, teacher_logits_, order_;
    std::int64_t next_ = 0;
    Pass teacher_pass_, student_pass_, learning_, fooled_;
    Tensor bytes_ = torch::empty({rows_, 784}, torch::kUInt8);
    Tensor inputs_ = torch::empty({rows_, 784});
    Tensor chosen_ = torch::empty({rows_}, torch::kInt64); // labels of the batch
    Tensor samples_ = torch::empty({2 * rows_, 10});
    Tensor samples_of_teacher_ = samples_.narrow(0, 0, rows_);
    Tensor samples_of_student_ = samples_.narrow(0, rows_, rows_);
    Tensor minus_one_ = torch::full({rows_, 1}, -1.0);
    Tensor logits_, discriminator_loss_, loss_;
};

std::vector<Tensor> leaves_of(const Network &network) {
    std::vector<Tensor> leaves;
    for (std::size_t i = 0; i < network.weights.size(); ++i) {
        leaves.push_back(network.weights[i].clone().requires_grad_(true));
        leaves.push_back(network.biases[i].clone().requires_grad_(true));
    }
    return leaves;
}

Tensor output_of(const std::vector<Tensor> &leaves, Tensor x) {
    for (std::size_t i = 0; i < leaves.size(); i += 2) {
        x = torch::linear(x, leaves[i], leaves[i + 1]);
        x = i + 2 < leaves.size() ? torch::relu(x) : x;
    }
    return x;
}

double difference(const std::vector<Tensor> &leaves, const Network &network) {
    const torch::NoGradGuard none;
    std::vector<Tensor> parts;
    for (const Tensor &leaf : leaves)
        parts.push_back(leaf.grad().flatten());
    const Tensor expected = torch::cat(parts);
    return ((expected - network.gradients).abs().max() / expected.abs().max()).item<double>();
}

double Distillation::difference_from_autograd() {
    {
        const torch::NoGradGuard none;
        forward();
        learn();
        study();
    }
    const std::vector<Tensor> discriminator = leaves_of(discriminator_);
    const std::vector<Tensor> student = leaves_of(student_);
    const Tensor logits = output_of(student, inputs_);
    const Tensor believed = torch::sigmoid(output_of(discriminator, logits));
    const Tensor loss = torch::nn::functional::cross_entropy(logits, chosen_) - lambda * believed.mean();
    loss.backward();
    for (const Tensor &leaf : discriminator)
        leaf.mutable_grad().reset();
    const Tensor scores = torch::sigmoid(output_of(discriminator, samples_.clone()));
    const Tensor discriminator_loss =
        -scores.narrow(0, 0, rows_).log().mean() - (1.0 - scores.narrow(0, rows_, rows_)).log().mean();
    discriminator_loss.backward();
    const double of_losses =
        (loss - loss_).abs().item<double>() + (discriminator_loss - discriminator_loss_).abs().item<double>();
    return std::max({of_losses, difference(student, student_), difference(discriminator, discriminator_)});
}

/// What each thread has to be told itself.
void flush_denormal(int threads) {
    at::globalContext().setFlushDenormal(true);
    at::parallel_for(0, threads, 1, [](std::int64_t, std::int64_t) { at::globalContext().setFlushDenormal(true); });
}

int check(Distillation &distillation) {
    const double difference = distillation.difference_from_autograd();
    std::printf("%.2g\n", difference);
    return difference < 1e-5 ? 0 : 1;
}

int compete(const Contest &contest) {
    const c10::InferenceMode none(!contest.check); // its tensors keep no account for autograd
    torch::manual_seed(1);
    Distillation distillation(contest);
    if (contest.check)
        return check(distillation);
    retort::benchmark::time_steps(contest, distillation);
    return 0;
}

} // namespace

int main(int count, char **values) try {
    const Contest contest = retort::benchmark::contest_from(count, values);
    // BLIS multiplies on one thread unless it is told otherwise, before it is first used.
    setenv("BLIS_NUM_THREADS", std::to_string(contest.threads).c_str(), 0);
    torch::set_num_threads(static_cast<int>(contest.threads));
    torch::set_num_interop_threads(1);
    flush_denormal(static_cast<int>(contest.threads));
    return compete(contest);
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
