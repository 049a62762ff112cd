// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/conformance/flow_bench.hpp>
#include <retort/sdk/conformance/numeric.hpp>
#include <retort/sdk/roles/loss.hpp>
#include <retort/sdk/training.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::sdk::conformance {

/// Families of a pair's heads; empty: no pair.
struct Families {
    std::string_view teacher = {};
    std::string_view student = {};
};

/// A loss as a function of the student's logits, or of the parameters of the student's distributions.
class LossFlow final : public Flow {
  public:
    LossFlow(Loss &loss, const Families &families, const FlowSpec &spec)
        : loss_(loss), families_(families), labels_(spec.examples) {
        for (SpacedBuffer *buffer :
             {&student_, &teacher_, &student_spread_, &teacher_spread_, &gradient_, &spread_gradient_})
            *buffer = SpacedBuffer(spec.examples, width_of, spec.padding);
    }

    [[nodiscard]] std::vector<Matrix> inputs() override {
        if (spread(families_.student))
            return {student_.view(), student_spread_.view()};
        return {student_.view()};
    }

    void fill(Random random) override {
        fill_first(student_.view(), families_.student, random.at("student"));
        fill_first(teacher_.view(), families_.teacher, random.at("teacher"));
        fill_positive(student_spread_.view(), random.at("student spread"));
        fill_positive(teacher_spread_.view(), random.at("teacher spread"));
        for (std::size_t i = 0; i < labels_.size(); ++i)
            labels_[i] = i == 1 ? unlabelled : static_cast<std::int32_t>(random.at("labels").below(i, width_of));
    }

    [[nodiscard]] bool repeat(std::size_t examples) override {
        for (const SpacedBuffer *buffer : {&student_, &teacher_, &student_spread_, &teacher_spread_})
            repeat_rows(buffer->view(), examples);
        std::copy_n(labels_.begin(), examples, labels_.begin() + static_cast<std::ptrdiff_t>(examples));
        return true;
    }

    void forward(std::size_t examples, Random, Progress progress) override {
        count_ = examples;
        progress_ = progress;
        value_ = loss_.evaluate(input(), 1.0F, {}, progress_);
    }

    [[nodiscard]] std::size_t rows() const override { return 1; }

    [[nodiscard]] std::size_t width() const override { return 1; }

    [[nodiscard]] bool by_row() const override { return false; }

    [[nodiscard]] bool may_be_zero(std::size_t input) const override {
        return input == 0 && !concentrations(families_.student);
    }

    void read(std::span<double> outputs) const override { outputs[0] = value_; }

    /// Gradients are added: what is left of two calls is their sum.
    void backward(std::span<const float> coefficients, Write) override {
        sdk::fill(gradient_.view(), 0.0F);
        sdk::fill(spread_gradient_.view(), 0.0F);
        for (const float share : {0.25F, 0.75F})
            loss_.evaluate(input(), share * coefficients[0], target(), progress_);
    }

    [[nodiscard]] std::vector<ConstMatrix> input_gradients() const override {
        if (spread(families_.student))
            return {gradient_.view(count_), spread_gradient_.view(count_)};
        return {gradient_.view(count_)};
    }

  private:
    static constexpr std::size_t width_of = 3;

    [[nodiscard]] static bool spread(std::string_view family) {
        return family == "diagonal_gaussian" || family == "laplace" || family == "logistic_normal";
    }

    /// Whether the first parameters are positive.
    [[nodiscard]] static bool concentrations(std::string_view family) { return family == "dirichlet"; }

    static void fill_positive(Matrix matrix, Random random) {
        fill_normal(matrix, random);
        for (std::size_t row = 0; row < matrix.rows; ++row)
            for (float &value : matrix.row(row))
                value = 0.5F + std::abs(value);
    }

    static void fill_first(Matrix matrix, std::string_view family, Random random) {
        concentrations(family) ? fill_positive(matrix, random) : fill_normal(matrix, random);
    }

    [[nodiscard]] LossInput input() const {
        if (loss_.on() == Loss::On::distributions)
            return {{},
                    {},
                    {},
                    distribution(families_.student, student_, student_spread_),
                    distribution(families_.teacher, teacher_, teacher_spread_)};
        const bool labels = loss_.on() == Loss::On::labels;
        return {std::span<const std::int32_t>(labels_).first(labels ? count_ : 0),
                student_.view(count_),
                labels ? Matrix{} : teacher_.view(count_),
                {},
                {}};
    }

    [[nodiscard]] Distribution distribution(std::string_view family, const SpacedBuffer &first,
                                            const SpacedBuffer &second) const {
        return {family, {first.view(count_), spread(family) ? second.view(count_) : Matrix{}}};
    }

    [[nodiscard]] LossGradient target() const {
        if (loss_.on() != Loss::On::distributions)
            return {gradient_.view(count_), {}};
        return {{}, {gradient_.view(count_), spread(families_.student) ? spread_gradient_.view(count_) : Matrix{}}};
    }

    Loss &loss_;
    Families families_;
    std::vector<std::int32_t> labels_;
    SpacedBuffer student_, teacher_, student_spread_, teacher_spread_, gradient_, spread_gradient_;
    std::size_t count_ = 0;
    Progress progress_;
    double value_ = 0.0;
};

class LossBench final : public FlowBench {
  public:
    LossBench(const Factory<Loss> &factory, const BenchSpec &spec, const Families &families)
        : FlowBench(spec.random.at("steps")), families_(families), loss_(built(spec.surroundings, [&] {
              return factory.build(spec.settings,
                                   {spec.surroundings.context(spec.random), 3, families.student, families.teacher});
          })) {
        if ((loss_->on() == Loss::On::distributions) == families.student.empty())
            throw Refusal{families.student.empty() ? "it is on a pair's distributions" : "it is on logits"};
    }

    [[nodiscard]] Component &component() override { return *loss_; }

    [[nodiscard]] std::unique_ptr<Flow> flow(const FlowSpec &spec) override {
        return std::make_unique<LossFlow>(*loss_, families_, spec);
    }

  private:
    Families families_;
    std::unique_ptr<Loss> loss_;
};

[[nodiscard]] inline std::vector<Situation> situations(const Factory<Loss> &factory) {
    const auto with = [&factory](std::string name, const Families &families) {
        return Situation{std::move(name), [&factory, families](const BenchSpec &spec) -> std::unique_ptr<Bench> {
                             return std::make_unique<LossBench>(factory, spec, families);
                         }};
    };
    constexpr std::string_view gaussian = "diagonal_gaussian";
    return {with("on logits", {}),
            with("between points", {"point", "point"}),
            with("from points to normal distributions", {"point", gaussian}),
            with("between normal distributions", {gaussian, gaussian}),
            with("from points to Laplace distributions", {"point", "laplace"}),
            with("between Laplace distributions", {"laplace", "laplace"}),
            with("between categorical distributions", {"categorical", "categorical"}),
            with("between Dirichlet distributions", {"dirichlet", "dirichlet"}),
            with("between logistic normal distributions", {"logistic_normal", "logistic_normal"})};
}

} // namespace retort::sdk::conformance
