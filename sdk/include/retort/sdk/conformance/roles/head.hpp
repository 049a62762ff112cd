// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/conformance/flow_bench.hpp>
#include <retort/sdk/conformance/numeric.hpp>
#include <retort/sdk/conformance/roles/head_flow.hpp>
#include <retort/sdk/roles/head.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace retort::sdk::conformance {

/// Where a head stands.
struct HeadPlace {
    bool student = false;
    std::size_t tap_width = 4;
    std::size_t members = 1;
};

/// A head on the teacher's side, or on the student's with a fitted teacher's head of the same kind.
class HeadBench final : public FlowBench {
  public:
    HeadBench(const Factory<Head> &factory, const BenchSpec &spec, const HeadPlace &place)
        : FlowBench(spec.random.at("steps")), place_(place), dead_(spec.dead), random_(spec.random) {
        if (place.student)
            teacher_ = made(factory, spec, {4, 1}, nullptr);
        head_ = made(factory, spec, {place.tap_width, place.members}, teacher_.get());
        if (teacher_ != nullptr)
            fit(*teacher_, 4, 1); // whose state is not this head's
    }

    [[nodiscard]] Component &component() override { return *head_; }

    [[nodiscard]] Trainable *trainable() override { return head_.get(); }

    void prepare(Random random) override {
        FlowBench::prepare(random);
        if (!place_.student)
            fit(*head_, place_.tap_width, place_.members);
    }

    [[nodiscard]] std::unique_ptr<Flow> flow(const FlowSpec &spec) override {
        return std::make_unique<HeadFlow>(*head_, spec, place_.tap_width, place_.members);
    }

    [[nodiscard]] std::string no_backward() const override {
        return place_.student ? "" : "on the teacher's side a head has nothing to train";
    }

    [[nodiscard]] std::string broken_promise() override {
        if (!place_.student && !head_->parameters().table.empty())
            return "a teacher's head has parameters: mapping both sides to a constant would win the game";
        if (teacher_ != nullptr && !(head_->space() == teacher_->space()))
            return "the space of a student's head is not that of the teacher's head";
        return {};
    }

  private:
    struct Shape {
        std::size_t width;
        std::size_t members;
    };

    static std::unique_ptr<Head> made(const Factory<Head> &factory, const BenchSpec &spec, Shape shape,
                                      const Head *teacher) {
        return built(spec.surroundings, [&] {
            return factory.build(spec.settings,
                                 {spec.surroundings.context(spec.random), shape.width, shape.members, teacher});
        });
    }

    /// Shows three batches, in order, as often as the head wants to see them.
    void fit(Head &head, std::size_t width, std::size_t members) const {
        if (!head.needs_fit())
            return;
        std::vector<MatrixBuffer> buffers(members);
        std::vector<ConstMatrix> views(members);
        for (bool again = true; again; again = head.end_fit())
            for (std::size_t batch = 0; batch < 3; ++batch) {
                for (std::size_t k = 0; k < members; ++k) {
                    buffers[k] = MatrixBuffer(batch == 2 ? tail : examples, width);
                    fill_data(buffers[k].view(), random_.at("fit").at(batch).at(k), dead_);
                    views[k] = buffers[k].view();
                }
                head.fit(views);
            }
    }

    HeadPlace place_;
    bool dead_;
    Random random_;
    std::unique_ptr<Head> teacher_;
    std::unique_ptr<Head> head_;
};

[[nodiscard]] inline std::vector<Situation> situations(const Factory<Head> &factory) {
    const auto with = [&factory](std::string name, const HeadPlace &place) {
        return Situation{std::move(name), [&factory, place](const BenchSpec &spec) -> std::unique_ptr<Bench> {
                             return std::make_unique<HeadBench>(factory, spec, place);
                         }};
    };
    return {with("on the teacher's side", {false, 4, 1}),
            with("on the teacher's side, three members", {false, 4, 3}),
            with("on the teacher's side, a wide tap", {false, 72, 1}),
            with("on the student's side", {true, 4, 1}),
            with("on the student's side, projecting", {true, 6, 1}),
            with("on the student's side, two members", {true, 4, 2})};
}

} // namespace retort::sdk::conformance
