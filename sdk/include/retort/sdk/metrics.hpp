// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/matrix.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace retort::sdk {

/// How well predicted distributions over classes fit labels. Means are over the labelled rows.
struct ClassificationReport {
    std::uint64_t size = 0;   ///< labelled rows
    std::uint64_t errors = 0; ///< rows whose most probable class (the first of equals) is not the label
    double accuracy = 0.0;    ///< 1 - errors / size
    double nll = 0.0;         ///< mean of -log p(label), in nats
    double brier = 0.0;       ///< mean over rows of the sum over classes of (p - [class == label])^2 (Brier 1950)
    double ece = 0.0;         ///< expected calibration error of the top class over equal-width bins (Guo et al. 2017)
};

/// Of a reliability diagram (Niculescu-Mizil and Caruana 2005): the labelled rows whose confidence, the probability of
/// their most probable class, lies in one of the equal parts of (0, 1].
struct ReliabilityBin {
    std::uint64_t count = 0;
    double confidence = 0.0; ///< mean; 0 where there are no rows
    double accuracy = 0.0;   ///< part of the rows whose most probable class is the label; 0 where there are none
};

/// Gathers a ClassificationReport and its reliability diagram batch by batch, of the distributions
/// softmax(logits / temperature).
class ClassificationMetrics {
  public:
    explicit ClassificationMetrics(std::size_t classes, std::size_t bins = 15, double temperature = 1.0)
        : temperature_(temperature), probabilities_(classes), bins_(bins) {}

    /// `logits` [rows, classes]; `labels` one per row, negative ones are skipped.
    void add(ConstMatrix logits, std::span<const std::int32_t> labels) {
        for (std::size_t row = 0; row < logits.rows; ++row)
            if (labels[row] >= 0)
                add_row(logits.row(row), static_cast<std::size_t>(labels[row]));
    }

    /// The bins in order, empty ones too.
    [[nodiscard]] std::vector<ReliabilityBin> reliability() const {
        std::vector<ReliabilityBin> result;
        for (const Bin &bin : bins_) {
            const auto count = static_cast<double>(std::max<std::uint64_t>(bin.count, 1));
            result.push_back({bin.count, bin.confidence / count, bin.correct / count});
        }
        return result;
    }

    [[nodiscard]] ClassificationReport report() const {
        const auto size = static_cast<double>(std::max<std::uint64_t>(size_, 1));
        ClassificationReport result{size_,       errors_,       1.0 - static_cast<double>(errors_) / size,
                                    nll_ / size, brier_ / size, 0.0};
        for (const Bin &bin : bins_)
            result.ece += std::abs(bin.confidence - bin.correct) / size;
        return result;
    }

  private:
    struct Bin {
        std::uint64_t count = 0;
        double confidence = 0.0; ///< sum
        double correct = 0.0;
    };

    /// Of a logit from the largest, after scaling.
    [[nodiscard]] double distance(float logit, float largest) const {
        return (static_cast<double>(logit) - static_cast<double>(largest)) / temperature_;
    }

    void add_row(std::span<const float> logits, std::size_t label) {
        const auto top = static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
        double sum = 0.0;
        for (std::size_t c = 0; c < logits.size(); ++c)
            sum += probabilities_[c] = std::exp(distance(logits[c], logits[top]));
        for (std::size_t c = 0; c < logits.size(); ++c) {
            probabilities_[c] /= sum;
            const double difference = probabilities_[c] - (c == label ? 1.0 : 0.0);
            brier_ += difference * difference;
        }
        ++size_;
        errors_ += top == label ? 0 : 1;
        nll_ += std::log(sum) - distance(logits[label], logits[top]);
        const double confidence = probabilities_[top];
        // Bin k holds confidences in (k / bins, (k + 1) / bins]. NaN, of logits that diverged, must not become a place:
        // fmax leaves it out.
        const double place = std::fmax(std::ceil(confidence * static_cast<double>(bins_.size())) - 1.0, 0.0);
        Bin &bin = bins_[std::min(static_cast<std::size_t>(place), bins_.size() - 1)];
        ++bin.count;
        bin.confidence += confidence;
        bin.correct += top == label ? 1.0 : 0.0;
    }

    double temperature_;
    std::vector<double> probabilities_; ///< of the row that is added
    std::vector<Bin> bins_;
    std::uint64_t size_ = 0;
    std::uint64_t errors_ = 0;
    double nll_ = 0.0;
    double brier_ = 0.0;
};

} // namespace retort::sdk
