// SPDX-License-Identifier: Apache-2.0
// The smallest useful discriminator: logistic regression on a sample z of teacher or student, a(z) = w z + b.
#include <retort/sdk/sdk.hpp>

#include <algorithm>
#include <numeric>
using namespace retort::sdk;

namespace {
constexpr std::size_t weight = 0, bias = 1; // places in the arena

class Pass final : public DiscriminatorPass { // one forward and backward in flight, with memory of its own
  public:
    Pass(const Arena &arena, std::size_t width, const PassSpec &spec)
        : arena_(arena), input_(spec.rows, width), input_gradient_(spec.input_gradients ? spec.rows : 0, width),
          scores_(spec.rows) {}

    Matrix input() override { return input_.view(); } // where the trainer writes the samples
    std::span<const float> scores() const override { return scores_.span().first(rows_); }
    ConstMatrix input_gradient() const override { return input_gradient_.view(rows_); }

    void forward(std::size_t rows, const Condition &, Random, Progress) override {
        rows_ = rows;
        const auto w = arena_.values(weight), b = arena_.values(bias);
        for (std::size_t r = 0; r < rows; ++r)
            scores_.span()[r] = std::inner_product(w.begin(), w.end(), input_.view().row(r).begin(), b[0]);
    }

    /// With g_r = d loss / d a_r: dw = sum g_r z_r, db = sum g_r, d loss / d z_r = g_r w.
    void backward(std::span<const float> g, ConstMatrix, Write write) override {
        const auto w = arena_.values(weight), dw = arena_.gradients(weight), db = arena_.gradients(bias);
        if (write == Write::replace)
            std::ranges::fill(arena_.parameters().gradients, 0.0F);
        for (std::size_t r = 0; r < rows_ && write != Write::none; ++r) {
            db[0] += g[r];
            for (std::size_t i = 0; i < w.size(); ++i)
                dw[i] += g[r] * input_.view().row(r)[i];
        }
        for (std::size_t r = 0; r < input_gradient().rows; ++r) // none unless they were asked for
            std::ranges::transform(w, input_gradient_.view().row(r).begin(), [&](float x) { return g[r] * x; });
    }

  private:
    const Arena &arena_; // of the discriminator, which outlives its passes
    MatrixBuffer input_, input_gradient_;
    Buffer scores_;
    std::size_t rows_ = 0; // of the last forward
};

class Linear final : public Discriminator {
  public:
    explicit Linear(const DiscriminatorContext &context) {
        arena_.add("weight", {1, context.space.width}, true);
        arena_.add("bias", {1}, false);
        arena_.allocate();
    }
    Parameters parameters() override { return arena_.parameters(); }
    void initialise(Random random) override { fill_normal(random, arena_.values(weight)); }
    std::unique_ptr<DiscriminatorPass> make_pass(const PassSpec &spec) override {
        return std::make_unique<Pass>(arena_, arena_.values(weight).size(), spec);
    }

  private:
    Arena arena_;
};
} // namespace

RETORT_PLUGIN(registrar) {
    registrar.add<Discriminator, Linear>("linear", "Logistic regression on the sample.");
}
