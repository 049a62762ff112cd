// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/arena.hpp>
#include <retort/sdk/finite.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <support/context.hpp>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_finite)

using namespace retort;
using namespace retort::sdk;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

struct Fixture {
    Fixture() {
        arena.add("layers.0.weight", {300, 400}, true);
        arena.add("layers.0.bias", {300}, false);
        arena.allocate();
    }

    Arena arena;
    test::FakeServices services;
};

std::string error_of(const std::function<void()> &call) {
    try {
        call();
    } catch (const Error &error) {
        BOOST_TEST((error.kind() == ErrorKind::training));
        return error.what();
    }
    return {};
}

} // namespace

// By what this processor has, and by what any has.
BOOST_AUTO_TEST_CASE(every_place_is_looked_at) {
    const auto by_any_processor = [](std::span<const float> values) { return detail::all_finite_by_lanes(values); };
    BOOST_TEST(all_finite({}));
    BOOST_TEST(by_any_processor({}));
    std::vector<float> values(205, std::numeric_limits<float>::max());
    values[0] = std::numeric_limits<float>::denorm_min();
    BOOST_TEST(all_finite(values));
    BOOST_TEST(by_any_processor(values));
    for (float &value : values)
        for (const float bad : {not_a_number, -not_a_number, infinity, -infinity}) {
            const float before = std::exchange(value, bad);
            BOOST_TEST(!all_finite(values));
            BOOST_TEST(!by_any_processor(values));
            value = before;
        }
}

BOOST_AUTO_TEST_CASE(a_gradient_is_named_by_its_tensor) {
    const Fixture fixture;
    test::FakeServices services;
    const auto check = [&] { check_gradients("model", "student", fixture.arena.parameters(), services); };
    BOOST_TEST(error_of(check).empty());
    fixture.arena.gradients(1)[299] = infinity;
    BOOST_TEST(error_of(check) ==
               "the gradient of tensor 'layers.0.bias' of model 'student' is infinite at element 299");
    fixture.arena.gradients(0)[70001] = not_a_number;
    BOOST_TEST(error_of(check) ==
               "the gradient of tensor 'layers.0.weight' of model 'student' is nan at element 70001");
}

BOOST_AUTO_TEST_CASE(a_loss_is_traced_to_where_it_began) {
    const Fixture fixture;
    const MatrixBuffer inputs(3, 2);
    const MatrixBuffer logits(3, 2);
    const auto check = [&](double value) {
        return error_of([&] {
            const Suspect before[] = {{"the inputs", inputs.view()}};
            const Suspect after[] = {{"the logits", logits.view()}};
            check_loss("cross_entropy", value, "model", "student", fixture.arena.parameters(), before, after);
        });
    };
    BOOST_TEST(check(1e300).empty());
    BOOST_TEST(check(-std::numeric_limits<double>::infinity()) ==
               "'cross_entropy' is infinite: everything that it is computed from is finite");
    logits.view().row(2)[0] = infinity;
    BOOST_TEST(check(std::nan("")) == "'cross_entropy' is nan: the logits are not finite in row 2");
    fixture.arena.values(0)[5] = not_a_number;
    BOOST_TEST(check(std::nan("")) ==
               "'cross_entropy' is nan: tensor 'layers.0.weight' of model 'student' is nan at element 5");
    inputs.view().row(1)[1] = not_a_number;
    BOOST_TEST(check(std::nan("")) == "'cross_entropy' is nan: the inputs are not finite in row 1");
}

BOOST_AUTO_TEST_SUITE_END()
