// SPDX-License-Identifier: Apache-2.0
#include "random_projection.hpp"

#include <retort/sdk/plugin.hpp>

#include <plugins/shared/point_pass.hpp>
#include <string>
#include <vector>

namespace retort::head_random_projection {

namespace {

/// Projects every member; the rest is that of points.
class Pass final : public plugin_support::PointPass {
  public:
    Pass(RandomProjection &head, std::size_t members, std::size_t rows)
        : PointPass(head, members, rows), head_(head), projected_(members) {
        for (std::size_t k = 0; k < members; ++k)
            buffers_.emplace_back(rows, head.space().width);
    }

    void forward(std::span<const sdk::ConstMatrix> members, const sdk::Batch &batch) override {
        for (std::size_t k = 0; k < members.size(); ++k) {
            const sdk::Matrix u = buffers_[k].view(members[k].rows);
            head_.project(members[k], u);
            projected_[k] = u;
        }
        PointPass::forward(projected_, batch);
    }

    void backward(const sdk::HeadGradient &, std::span<const sdk::Matrix>, sdk::Write) override {
        throw sdk::Error(sdk::ErrorKind::plugin, "a random projection is on the teacher's side, where nothing trains");
    }

  private:
    RandomProjection &head_;
    std::vector<sdk::MatrixBuffer> buffers_;
    std::vector<sdk::ConstMatrix> projected_;
};

constexpr std::size_t grain = 32; ///< rows per part

} // namespace

void RandomProjection::Settings::fields(sdk::Fields &fields) {
    fields("width", width, "Dimensions that are kept; at most the width of the tap.", {1, 65536});
    standardisation.fields(fields);
}

RandomProjection::RandomProjection(const Settings &settings, const sdk::HeadContext &context)
    : width_(settings.width), tap_width_(context.tap_width), members_(context.members), random_(context.random),
      services_(context.services), standardisation_(settings.standardisation, settings.width) {
    if (context.teacher != nullptr)
        throw sdk::Error(sdk::ErrorKind::settings,
                         "a random projection is fitted to the teacher and cannot be a student's head; use \"point\"");
    if (width_ > tap_width_)
        throw sdk::Error(sdk::ErrorKind::settings,
                         std::to_string(width_) + " dimensions of a tap that is " + std::to_string(tap_width_) +
                             " wide; allowed: 1 to " + std::to_string(tap_width_),
                         "/width");
}

void RandomProjection::project(sdk::ConstMatrix h, sdk::Matrix u) {
    if (!projection_)
        projection_ = std::make_unique<const Projection>(width_, tap_width_, random_.at("projection"));
    services_.parallel_for(h.rows, grain, [&](std::size_t begin, std::size_t end) {
        projection_->apply(h.slice(begin, end - begin), u.slice(begin, end - begin));
    });
}

void RandomProjection::fit(std::span<const sdk::ConstMatrix> members) {
    for (const sdk::ConstMatrix &member : members) {
        if (fitted_.view().rows < member.rows)
            fitted_ = sdk::MatrixBuffer(member.rows, width_);
        const sdk::Matrix u = fitted_.view(member.rows);
        project(member, u);
        standardisation_.add(u);
    }
}

bool RandomProjection::end_fit() {
    standardisation_.finish();
    fitted_ = {};
    return false;
}

std::unique_ptr<sdk::HeadPass> RandomProjection::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<Pass>(*this, members_, spec.rows);
}

} // namespace retort::head_random_projection

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Head, retort::head_random_projection::RandomProjection>(
        "random_projection", "A fixed random orthonormal projection of the teacher's tap, standardised over the "
                             "training data; for conditions.");
}
