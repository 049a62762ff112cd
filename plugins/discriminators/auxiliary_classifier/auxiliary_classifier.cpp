// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/plugin.hpp>

#include <algorithm>
#include <plugins/discriminators/auxiliary_classifier/auxiliary_classifier.hpp>
#include <vector>

namespace retort::discriminator_auxiliary_classifier {

class AuxiliaryClassifier::Pass final : public plugin_support::DenseDiscriminatorPass {
  public:
    Pass(const AuxiliaryClassifier &owner, const sdk::PassSpec &spec)
        : DenseDiscriminatorPass(owner.network(), owner.noise(), owner.services(), spec), scores_(spec.rows),
          gradient_(spec.rows, owner.network().shape().output_width) {}

    void forward(std::size_t rows, const sdk::Condition &condition, sdk::Random random,
                 sdk::Progress progress) override {
        rows_ = rows;
        score(rows, condition, random, progress, {});
        for (std::size_t row = 0; row < rows; ++row)
            scores_[row] = output().row(row)[0];
    }

    [[nodiscard]] std::span<const float> scores() const override { return std::span(scores_).first(rows_); }

    [[nodiscard]] sdk::ConstMatrix class_logits() const override {
        const sdk::ConstMatrix all = output();
        return {all.data + 1, all.rows, all.columns - 1, all.stride};
    }

    void backward(std::span<const float> scores, sdk::ConstMatrix class_logits, sdk::Write write) override {
        const sdk::Matrix gradient = gradient_.view(rows_);
        for (std::size_t row = 0; row < rows_; ++row) {
            gradient.row(row)[0] = scores[row];
            if (class_logits.empty())
                std::ranges::fill(gradient.row(row).subspan(1), 0.0F);
            else
                std::ranges::copy(class_logits.row(row), gradient.row(row).begin() + 1);
        }
        backward_from(gradient, write);
    }

    void second_backward(sdk::ConstMatrix direction, sdk::Write write) override {
        const sdk::Matrix seed = gradient_.view(rows_);
        for (std::size_t row = 0; row < rows_; ++row) {
            std::ranges::fill(seed.row(row), 0.0F);
            seed.row(row)[0] = 1.0F;
        }
        second_backward_from(seed, direction, write);
    }

  private:
    std::vector<float> scores_;
    sdk::MatrixBuffer gradient_; ///< with respect to the network's output
    std::size_t rows_ = 0;
};

std::unique_ptr<sdk::DiscriminatorPass> AuxiliaryClassifier::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<Pass>(*this, spec);
}

} // namespace retort::discriminator_auxiliary_classifier

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Discriminator, retort::discriminator_auxiliary_classifier::AuxiliaryClassifier>(
        "auxiliary_classifier",
        "Fully connected network that judges a sample alone and tells its class besides, which the student then has to "
        "show (Odena et al. 2017, Xu et al. 2017).");
}
