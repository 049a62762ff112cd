// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fake discriminators, objectives, losses and optimizers, and what hands them to a trainer.

#include "fakes.hpp"

namespace retort::test {

/// a = <w, z> (+ <v, c>); remembers what its passes were asked for.
class FakeDiscriminator final : public sdk::Discriminator {
  public:
    FakeDiscriminator(bool conditioned, const sdk::DiscriminatorContext &context)
        : width_(context.space.width), condition_width_(context.condition_width), conditioned_(conditioned) {
        arena_.add("weight", {1, width_}, true);
        if (conditioned_ && condition_width_ > 0)
            arena_.add("condition", {1, condition_width_}, true);
        arena_.allocate();
    }

    sdk::Parameters parameters() override { return arena_.parameters(); }

    void initialise(sdk::Random random) override { sdk::fill_normal(random, arena_.values(0)); }

    void parameters_changed(sdk::Change change) override { steps += change == sdk::Change::step ? 1 : 0; }

    [[nodiscard]] sdk::Needs needs() const override { return {false, false, conditioned_}; }

    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &spec) override {
        return std::make_unique<Pass>(*this, spec);
    }

    std::uint64_t steps = 0;                ///< optimizer steps it saw
    std::vector<sdk::ConstMatrix> features; ///< of the last forward, at most one
    std::vector<float> last_sample;         ///< row 0 of the last forward

  private:
    class Pass final : public sdk::DiscriminatorPass {
      public:
        Pass(FakeDiscriminator &owner, const sdk::PassSpec &spec)
            : owner_(owner), spec_(spec), input_(spec.rows, owner.width_), gradient_(spec.rows, owner.width_),
              scores_(spec.rows) {
            owner.features.reserve(1);
            owner.last_sample.resize(owner.width_);
        }

        [[nodiscard]] sdk::Matrix input() override { return input_.view(); }

        void forward(std::size_t rows, const sdk::Condition &condition, sdk::Random, sdk::Progress) override {
            rows_ = rows;
            owner_.features.assign(1, condition.features);
            std::copy_n(input_.view().row(0).begin(), owner_.width_, owner_.last_sample.begin());
            for (std::size_t r = 0; r < rows; ++r) {
                scores_[r] = dot(owner_.arena_.values(0), input_.view().row(r));
                if (owner_.conditioned_)
                    scores_[r] += dot(owner_.arena_.values(1), condition.features.row(r % condition.features.rows));
            }
        }

        [[nodiscard]] std::span<const float> scores() const override { return {scores_.data(), rows_}; }

        void backward(std::span<const float> scores, sdk::ConstMatrix, sdk::Write write) override {
            const std::span<float> own = owner_.arena_.gradients(0);
            if (write == sdk::Write::replace)
                std::fill(own.begin(), own.end(), 0.0F);
            for (std::size_t r = 0; r < rows_; ++r)
                for (std::size_t c = 0; c < owner_.width_; ++c) {
                    if (write != sdk::Write::none)
                        own[c] += scores[r] * input_.view().row(r)[c];
                    gradient_.view().row(r)[c] = scores[r] * owner_.arena_.values(0)[c];
                }
        }

        [[nodiscard]] sdk::ConstMatrix input_gradient() const override {
            return spec_.input_gradients ? sdk::ConstMatrix(gradient_.view(rows_)) : sdk::ConstMatrix{};
        }

      private:
        static float dot(std::span<const float> a, std::span<const float> b) {
            float sum = 0.0F;
            for (std::size_t i = 0; i < a.size(); ++i)
                sum += a[i] * b[i];
            return sum;
        }

        FakeDiscriminator &owner_;
        sdk::PassSpec spec_;
        std::size_t rows_ = 0;
        sdk::MatrixBuffer input_, gradient_;
        std::vector<float> scores_;
    };

    std::size_t width_;
    std::size_t condition_width_;
    bool conditioned_;
    sdk::Arena arena_;
};

/// Discriminator: sign * (-E log D(t) - E log(1 - D(s))); student: sign_student * (-E D(s)).
class FakeObjective final : public sdk::Objective {
  public:
    struct Options {
        float student_sign = 1.0F;
        Score score = Score::logit;
        Penalty penalty = Penalty::none;
        bool compares = false;
    };

    explicit FakeObjective(Options options) : options_(options) {}

    [[nodiscard]] Score score() const override { return options_.score; }

    [[nodiscard]] Penalty penalty_at() const override { return options_.penalty; }

    [[nodiscard]] bool compares_scores() const override { return options_.compares; }

    double discriminator_loss(std::span<const float> t, std::span<const float> s, std::span<float> t_gradient,
                              std::span<float> s_gradient, sdk::Progress) override {
        double loss = 0.0;
        const auto count = static_cast<float>(t.size());
        for (std::size_t i = 0; i < t.size(); ++i) {
            loss -= std::log(sigmoid(t[i])) + std::log(1.0F - sigmoid(s[i]));
            t_gradient[i] = -(1.0F - sigmoid(t[i])) / count;
            s_gradient[i] = sigmoid(s[i]) / count;
        }
        return loss / static_cast<double>(t.size());
    }

    double student_loss(std::span<const float> t, std::span<const float> s, float scale, std::span<float> s_gradient,
                        sdk::Progress) override {
        teacher_scores = t.size();
        double loss = 0.0;
        for (std::size_t i = 0; i < s.size(); ++i) {
            const float d = sigmoid(s[i]);
            loss -= static_cast<double>(options_.student_sign * d);
            s_gradient[i] = -options_.student_sign * scale * d * (1.0F - d) / static_cast<float>(s.size());
        }
        return loss / static_cast<double>(s.size());
    }

    std::size_t teacher_scores = 0; ///< how many the last student_loss was given

  private:
    static float sigmoid(float a) { return 1.0F / (1.0F + std::exp(-a)); }

    Options options_;
};

/// Half the mean squared distance: of the logits from the one-hot label, from the teacher's, or of the locations.
class FakeLoss final : public sdk::Loss {
  public:
    explicit FakeLoss(On kind) : kind_(kind) {}

    [[nodiscard]] On on() const override { return kind_; }

    double evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                    sdk::Progress) override {
        if (kind_ == On::distributions)
            return distance(input.q_student.parameters[0], input.q_teacher.parameters[0], {}, scale,
                            gradient.q_student[0]);
        return distance(input.student, kind_ == On::logits ? input.teacher : sdk::ConstMatrix{}, input.labels, scale,
                        gradient.student);
    }

  private:
    static double distance(sdk::ConstMatrix from, sdk::ConstMatrix to, std::span<const std::int32_t> labels,
                           float scale, sdk::Matrix gradient) {
        double sum = 0.0;
        const auto rows = static_cast<float>(from.rows);
        for (std::size_t r = 0; r < from.rows; ++r)
            for (std::size_t c = 0; c < from.columns; ++c) {
                const float one_hot = !labels.empty() && labels[r] == static_cast<std::int32_t>(c) ? 1.0F : 0.0F;
                const float difference = from.row(r)[c] - (to.empty() ? one_hot : to.row(r)[c]);
                sum += 0.5 * static_cast<double>(difference * difference);
                gradient.row(r)[c] += scale * difference / rows;
            }
        return sum / static_cast<double>(rows);
    }

    On kind_;
};

/// values -= rate * gradients; counts its steps as state.
class FakeOptimizer final : public sdk::Optimizer {
  public:
    explicit FakeOptimizer(float rate) : rate_(rate) {}

    void attach(std::span<const sdk::Parameters> parameters) override {
        attached.assign(parameters.begin(), parameters.end());
    }

    void step(sdk::Progress, sdk::Random) override {
        ++steps;
        for (const sdk::Parameters &arena : attached)
            for (std::size_t i = 0; i < arena.values.size(); ++i)
                arena.values[i] -= rate_ * arena.gradients[i];
    }

    void visit_state(sdk::StateVisitor &visitor) override { visitor.value("steps", steps); }

    std::vector<sdk::Parameters> attached;
    std::uint64_t steps = 0;

  private:
    float rate_;
};

/// Metrics that are remembered by name; a name that is known already is overwritten without allocating.
class FakeMetrics final : public sdk::Metrics {
  public:
    void add(std::string_view name, double value) override {
        const auto found = values.find(name);
        if (found != values.end())
            found->second = value;
        else
            values.emplace(name, value);
    }

    [[nodiscard]] double operator[](std::string_view name) const { return values.find(name)->second; }

    std::map<std::string, double, std::less<>> values;
};

class FakeParts final : public sdk::Parts {
  public:
    [[nodiscard]] sdk::Model &model(std::string_view name) override { return *models.find(name)->second; }

    [[nodiscard]] const sdk::Dataset &dataset(std::string_view) override { return *data; }

    [[nodiscard]] sdk::Random dataset_random(std::string_view) override { return sdk::Random{5}; }

    std::map<std::string, sdk::Model *, std::less<>> models;
    const sdk::Dataset *data = nullptr;
};

/// A component setting that is built by `make(const Role::Context&)`, a std::unique_ptr<Role>.
template <class Role>
sdk::ComponentSpec<Role> spec(std::string type,
                              std::function<std::unique_ptr<Role>(const typename Role::Context &)> make) {
    struct Made final : sdk::Builder<Role> {
        explicit Made(decltype(make) function) : function_(std::move(function)) {}

        [[nodiscard]] std::unique_ptr<Role> build(const typename Role::Context &context) const override {
            return function_(context);
        }

        decltype(make) function_;
    };

    sdk::ComponentSpec<Role> result(std::move(type));
    result.builder = std::make_shared<Made>(std::move(make));
    return result;
}

inline sdk::ComponentSpec<sdk::Optimizer> fake_optimizer(float rate, FakeOptimizer **made = nullptr) {
    return spec<sdk::Optimizer>("sgd", [=](const sdk::OptimizerContext &) {
        auto optimizer = std::make_unique<FakeOptimizer>(rate);
        if (made != nullptr)
            *made = optimizer.get();
        return optimizer;
    });
}

inline sdk::ComponentSpec<sdk::Loss> fake_loss(sdk::Loss::On on) {
    return spec<sdk::Loss>("squares", [=](const sdk::LossContext &) { return std::make_unique<FakeLoss>(on); });
}

inline sdk::ComponentSpec<sdk::Head> fake_head(FakeHead::Options options = {}, FakeHead **made = nullptr) {
    return spec<sdk::Head>("fake", [=](const sdk::HeadContext &context) {
        auto head = std::make_unique<FakeHead>(options, context);
        if (made != nullptr)
            *made = head.get();
        return head;
    });
}

inline sdk::ComponentSpec<sdk::Objective> fake_objective(FakeObjective::Options options = {},
                                                         FakeObjective **made = nullptr) {
    return spec<sdk::Objective>("fake", [=](const sdk::ObjectiveContext &) {
        auto objective = std::make_unique<FakeObjective>(options);
        if (made != nullptr)
            *made = objective.get();
        return objective;
    });
}

inline sdk::ComponentSpec<sdk::Discriminator> fake_discriminator(bool conditioned = false,
                                                                 FakeDiscriminator **made = nullptr) {
    return spec<sdk::Discriminator>("linear", [=](const sdk::DiscriminatorContext &context) {
        auto discriminator = std::make_unique<FakeDiscriminator>(conditioned, context);
        if (made != nullptr)
            *made = discriminator.get();
        return discriminator;
    });
}

} // namespace retort::test
