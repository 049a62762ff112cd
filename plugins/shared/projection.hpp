// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/pass.hpp>
#include <retort/sdk/random.hpp>
#include <retort/sdk/roles/head.hpp>
#include <retort/sdk/settings.hpp>

#include <cstddef>
#include <optional>
#include <plugins/shared/matmul.hpp>
#include <span>
#include <vector>

namespace retort::plugin_support {

struct ProjectionSettings {
    bool always_project = false;

    void fields(sdk::Fields &fields);
};

/// u = W h + b: the way of a student's head from its tap h into the teacher head's space. Its tensors lie in the head's
/// arena, so it is trained with the student; it belongs to no model and is never exported.
class Projection {
  public:
    /// Adds "projection.weight" [outputs, inputs] and "projection.bias" [outputs] to `arena`, which must outlive this,
    /// as `services` must.
    Projection(sdk::Arena &arena, std::size_t inputs, std::size_t outputs, sdk::Services &services);

    /// W normal with variance 1 / inputs, b zero. After the arena was allocated.
    void initialise(sdk::Random random) const;

    [[nodiscard]] std::size_t inputs() const { return inputs_; }

    [[nodiscard]] std::size_t outputs() const { return outputs_; }

    [[nodiscard]] sdk::Services &services() const { return services_; }

    [[nodiscard]] std::span<float> weight() const { return arena_.values(weight_); }

    [[nodiscard]] std::span<float> bias() const { return arena_.values(bias_); }

    [[nodiscard]] std::span<float> weight_gradient() const { return arena_.gradients(weight_); }

    [[nodiscard]] std::span<float> bias_gradient() const { return arena_.gradients(bias_); }

  private:
    sdk::Arena &arena_;
    std::size_t inputs_;
    std::size_t outputs_;
    std::size_t weight_; ///< index in the arena, as of `bias_`
    std::size_t bias_;
    sdk::Services &services_;
};

/// The projection that a head needs: none on the teacher's side, and none where the student's tap is as wide as the
/// space, unless the settings ask for it. Throws sdk::Error when the teacher's space is of another kind than the
/// head's.
[[nodiscard]] std::optional<Projection> make_projection(const ProjectionSettings &settings,
                                                        const sdk::HeadContext &context, sdk::Arena &arena,
                                                        sdk::Space::Kind kind = sdk::Space::Kind::real);

/// One forward/backward in flight through a head's projection, for every member; without one, it hands on what it is
/// given. Buffers and products are made in the constructor.
class ProjectionPass {
  public:
    /// `projection` (null: none) must outlive the pass.
    ProjectionPass(const Projection *projection, std::size_t members, const sdk::PassSpec &spec);

    /// u of every member, [rows, outputs]. Valid until the next forward.
    std::span<const sdk::ConstMatrix> forward(std::span<const sdk::ConstMatrix> members);

    /// Where the caller writes d loss / d u of every member before `backward`.
    [[nodiscard]] std::span<const sdk::Matrix> gradients(std::span<const sdk::Matrix> member_gradients) const;

    /// Turns what stands in `gradients` into `member_gradients`, and into the gradients of W and b as `write` says.
    void backward(std::span<const sdk::Matrix> member_gradients, sdk::Write write);

  private:
    /// The products for one number of rows.
    struct Products {
        Products(const Projection &projection, std::size_t rows, const sdk::PassSpec &spec);

        Matmul forward;
        std::optional<Matmul> input_gradient;
        std::optional<Matmul> weight_replace;
        std::optional<Matmul> weight_add;
    };

    /// The products know dense rows only, so that taps and their gradients are copied.
    struct Member {
        sdk::MatrixBuffer tap;
        sdk::MatrixBuffer result;
        sdk::MatrixBuffer gradient;
    };

    [[nodiscard]] const Products &products() const { return rows_ == full_rows_ ? *full_ : *tail_; }

    void backward(const Member &member, sdk::Matrix tap_gradient, sdk::Write write);

    const Projection *projection_;
    std::size_t full_rows_;
    std::size_t rows_ = 0; ///< of the last forward
    std::optional<Products> full_;
    std::optional<Products> tail_;
    std::vector<Member> members_;
    sdk::MatrixBuffer tap_gradient_;
    std::vector<sdk::ConstMatrix> results_;
    std::vector<sdk::Matrix> gradients_;
};

} // namespace retort::plugin_support
