// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/evaluation.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_evaluation)

using namespace retort::sdk;

namespace {

/// Example i of a split has the input i and the label i mod 3.
class Counting final : public Dataset {
  public:
    explicit Counting(std::size_t size) : size_(size) {}

    [[nodiscard]] std::size_t width() const override { return 1; }

    [[nodiscard]] std::size_t classes() const override { return 3; }

    [[nodiscard]] std::size_t size(Split) const override { return size_; }

    void load() override {}

    void read(Split split, std::span<const std::uint64_t> rows, Matrix inputs,
              std::span<std::int32_t> labels) const override {
        BOOST_TEST((split == Split::validation));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            inputs.row(i)[0] = static_cast<float>(rows[i]);
            labels[i] = static_cast<std::int32_t>(rows[i] % 3);
        }
    }

  private:
    std::size_t size_;
};

/// Predicts i mod 3, except for every tenth input.
class Mostly final : public Model {
  public:
    [[nodiscard]] std::span<const Tap> taps() const override { return taps_; }

    Parameters parameters() override { return {}; }

    void initialise(Random) override {}

    [[nodiscard]] std::unique_ptr<ModelPass> make_pass(const PassSpec &spec) override {
        ++passes;
        rows = spec.rows;
        tail = spec.tail_rows;
        BOOST_TEST((spec.mode == Mode::evaluate));
        BOOST_TEST(spec.taps.size() == 1U);
        BOOST_TEST(spec.taps[0] == 1U);
        return std::make_unique<Pass>(*this);
    }

    void predict(const Batch &batch) {
        BOOST_TEST((batch.inputs.rows == rows || batch.inputs.rows == tail));
        logits_ = MatrixBuffer(batch.inputs.rows, 3);
        for (std::size_t i = 0; i < batch.inputs.rows; ++i) {
            const auto input = static_cast<std::size_t>(batch.inputs.row(i)[0]);
            logits_.view().row(i)[(input + (input % 10 == 0 ? 1 : 0)) % 3] = 5.0F;
        }
    }

    int passes = 0;
    std::size_t rows = 0;
    std::size_t tail = 0;

  private:
    struct Pass final : ModelPass {
        explicit Pass(Mostly &model) : model_(model) {}

        void forward(const Batch &batch, Random) override { model_.predict(batch); }

        [[nodiscard]] ConstMatrix tap(std::size_t) const override { return model_.logits_.view(); }

        void backward(std::span<const TapGradient>, Write) override {}

        Mostly &model_;
    };

    Tap taps_[2] = {{"hidden.0", 2}, {"logits", 3}};
    MatrixBuffer logits_;
};

} // namespace

BOOST_AUTO_TEST_CASE(every_example_counts_once_whatever_the_batch) {
    for (const std::size_t rows : {std::size_t{7}, std::size_t{10}, std::size_t{95}, std::size_t{1000}})
        BOOST_TEST_CONTEXT("rows " << rows) {
            Mostly model;
            const Counting dataset(95);
            Evaluator evaluator(model, dataset, Split::validation, rows);
            for (int time = 0; time < 2; ++time) {
                const ClassificationReport report = evaluator.run();
                BOOST_TEST(report.size == 95U);
                BOOST_TEST(report.errors == 10U);
            }
            BOOST_TEST(model.passes == 1);
        }
}

BOOST_AUTO_TEST_CASE(batches_come_in_order_with_their_labels) {
    Mostly model;
    const Counting dataset(95);
    Evaluator evaluator(model, dataset, Split::validation, 10);
    BOOST_TEST(evaluator.size() == 95U);
    BOOST_TEST(evaluator.classes() == 3U);
    std::int32_t count = 0;
    evaluator.each_batch([&](ConstMatrix logits, std::span<const std::int32_t> labels) {
        BOOST_TEST(logits.rows == labels.size());
        BOOST_TEST(logits.columns == 3U);
        for (const std::int32_t label : labels)
            BOOST_TEST(label == count++ % 3);
    });
    BOOST_TEST(count == 95);
}

BOOST_AUTO_TEST_CASE(an_empty_split_is_reported_as_empty) {
    Mostly model;
    BOOST_TEST(Evaluator(model, Counting(0), Split::validation).run().size == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
