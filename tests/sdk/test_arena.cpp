// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/arena.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

BOOST_AUTO_TEST_SUITE(test_arena)

using namespace retort::sdk;

BOOST_AUTO_TEST_CASE(a_buffer_is_zeroed_aligned_and_stays_in_place) {
    Buffer buffer(33);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64 == 0U);
    BOOST_TEST(std::count(buffer.span().begin(), buffer.span().end(), 0.0F) == 33);
    buffer.span()[32] = 1.0F;
    const float *before = buffer.data();
    const Buffer moved = std::move(buffer);
    BOOST_TEST(moved.data() == before);
    BOOST_TEST(moved.span()[32] == 1.0F);
    BOOST_TEST(Buffer().span().empty());
    BOOST_TEST(Buffer(0).span().empty());
}

BOOST_AUTO_TEST_CASE(a_matrix_buffer_is_a_dense_matrix) {
    MatrixBuffer buffer(3, 5);
    const Matrix all = buffer.view();
    BOOST_TEST(all.rows == 3U);
    BOOST_TEST(all.columns == 5U);
    BOOST_TEST(all.stride == 5U);
    const Matrix first = buffer.view(2);
    BOOST_TEST(first.rows == 2U);
    BOOST_TEST(first.data == all.data);
    BOOST_TEST(buffer.view(4).rows == 3U);
    BOOST_TEST(MatrixBuffer().view().empty());
    BOOST_TEST(MatrixBuffer(0, 5).view(3).empty());
}

BOOST_AUTO_TEST_CASE(tensors_lie_apart_in_one_arena) {
    Arena arena;
    const std::size_t weight = arena.add("layers.0.weight", {3, 7}, true);
    const std::size_t bias = arena.add("layers.0.bias", {3}, false);
    arena.allocate();
    const Parameters parameters = arena.parameters();
    BOOST_TEST_REQUIRE(parameters.table.size() == 2U);
    const Parameter &first = parameters.table[weight];
    const Parameter &second = parameters.table[bias];
    BOOST_TEST(first.name == "layers.0.weight");
    BOOST_TEST(first.dimensions == 2U);
    BOOST_TEST((first.shape == std::array<std::size_t, 4>{3, 7, 1, 1}));
    BOOST_TEST(first.size == 21U);
    BOOST_TEST(first.decays);
    BOOST_TEST(second.offset == 32U);
    BOOST_TEST(second.size == 3U);
    BOOST_TEST(!second.decays);
    BOOST_TEST(parameters.values.size() == 48U);
    BOOST_TEST(parameters.gradients.size() == 48U);
    BOOST_TEST(arena.values(bias).data() == parameters.values.data() + 32);
    BOOST_TEST(arena.gradients(bias).data() == parameters.gradients.data() + 32);
    BOOST_TEST(arena.values(weight).size() == 21U);
}

BOOST_AUTO_TEST_CASE(names_stay_valid_while_tensors_are_added) {
    Arena arena;
    for (int i = 0; i < 100; ++i)
        arena.add("tensor_number_" + std::to_string(i), {1}, false);
    arena.allocate();
    BOOST_TEST(arena.parameters().table[0].name == "tensor_number_0");
    BOOST_TEST(arena.parameters().table[99].name == "tensor_number_99");
    BOOST_TEST(Arena().parameters().values.empty());
}

BOOST_AUTO_TEST_CASE(a_rounded_copy_is_as_long_as_the_values_and_stays_where_it_is) {
    Arena arena;
    arena.add("weight", {3, 7}, true);
    arena.allocate(true);
    const Parameters before = arena.parameters();
    BOOST_TEST_REQUIRE((before.rounded != nullptr));
    BOOST_TEST(before.rounded->values.size() == before.values.size());
    BOOST_TEST(!before.rounded->current);
    const Arena moved = std::move(arena);
    BOOST_TEST(moved.parameters().rounded == before.rounded);
    Arena plain;
    plain.add("weight", {3, 7}, true);
    plain.allocate();
    BOOST_TEST((plain.parameters().rounded == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
