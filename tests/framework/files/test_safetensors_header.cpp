// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/safetensors.hpp>
#include <retort/sdk/arena.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <framework/source/files/safetensors_header.hpp>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_safetensors_header)

using namespace retort;
using framework::TensorFile;

namespace {

sdk::Arena make_arena() {
    sdk::Arena arena;
    arena.add("weight", {5, 1}, true);
    arena.add("bias", {2}, false);
    arena.allocate();
    return arena;
}

TensorFile tensor_file(std::string_view header, std::uint64_t values_size) {
    return {"file", boost::json::parse(header).as_object(), 0, values_size};
}

/// The complaints about `header` in a file with `values_size` bytes of values, a line each.
std::string complaints(std::string_view header, std::uint64_t values_size = 28) {
    const sdk::Arena arena = make_arena();
    try {
        (void)framework::find_tensors(tensor_file(header, values_size), arena.parameters().table);
        return {};
    } catch (const framework::Error &error) {
        BOOST_CHECK(error.code() == framework::ErrorCode::data);
        std::string text;
        for (const framework::Problem &problem : error.problems()) {
            BOOST_TEST(problem.where == "file");
            text += problem.message + "\n";
        }
        return text;
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_header_lists_tensors_one_after_the_other) {
    const sdk::Arena arena = make_arena();
    const std::string header = framework::safetensors_header(arena.parameters());
    BOOST_TEST(header.size() % 8 == 0U);
    BOOST_TEST(header.substr(0, header.find_last_not_of(' ') + 1) ==
               R"({"__metadata__":{"format":"pt"},"weight":{"dtype":"F32","shape":[5,1],"data_offsets":[0,20]},)"
               R"("bias":{"dtype":"F32","shape":[2],"data_offsets":[20,28]}})");
}

BOOST_AUTO_TEST_CASE(a_file_is_described_by_its_header) {
    const test::TemporaryFolder folder;
    const sdk::Arena arena = make_arena();
    const auto path = folder.path() / "weights.safetensors";
    framework::write_safetensors(path, arena.parameters());
    const TensorFile file = framework::read_tensor_file(path);
    BOOST_TEST(file.name == path.string());
    BOOST_TEST(file.values_begin == 8 + framework::safetensors_header(arena.parameters()).size());
    BOOST_TEST(file.values_size == 28U);
    BOOST_TEST(file.header.contains("weight"));
    const auto places = framework::find_tensors(file, arena.parameters().table);
    BOOST_TEST_REQUIRE(places.size() == 2U);
    BOOST_TEST(places[0].begin == 0U);
    BOOST_TEST(places[1].begin == 20U);
    BOOST_TEST(places[1].end == 28U);
}

BOOST_AUTO_TEST_CASE(places_are_in_order_of_the_table) {
    const sdk::Arena arena = make_arena();
    const auto places =
        framework::find_tensors(tensor_file(R"({"bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                            R"("weight":{"dtype":"F32","shape":[5,1],"data_offsets":[8,28]}})",
                                            28),
                                arena.parameters().table);
    BOOST_TEST(places[0].begin == 8U);
    BOOST_TEST(places[1].begin == 0U);
}

BOOST_AUTO_TEST_CASE(every_tensor_that_does_not_fit_is_told) {
    BOOST_TEST(complaints(R"({"weight":{"dtype":"F16","shape":[5,1],"data_offsets":[0,20]},"other":{}})") ==
               "tensor 'weight': dtype is \"F16\", expected \"F32\"\n"
               "tensor 'bias': missing; the model has it with shape [2]\n"
               "tensor 'other' is unknown: the model has none\n");
    BOOST_TEST(complaints(R"({"weight":{"dtype":"F32","shape":[1,5],"data_offsets":[0,20]},)"
                          R"("bias":{"dtype":"F32","shape":[2],"data_offsets":[20,32]}})") ==
               "tensor 'weight': shape is [1, 5], the model has [5, 1]\n"
               "tensor 'bias': data_offsets is [20, 32], expected 8 bytes within the file's 28\n");
}

BOOST_AUTO_TEST_CASE(tensors_fill_the_file_without_gap_or_overlap) {
    const auto header = [](const std::string &weight, const std::string &bias) {
        return R"({"weight":{"dtype":"F32","shape":[5,1],"data_offsets":)" + weight +
               R"(},"bias":{"dtype":"F32","shape":[2],"data_offsets":)" + bias + "}}";
    };
    const std::string message = "the tensors' data_offsets overlap, or leave bytes that belong to none\n";
    BOOST_TEST(complaints(header("[0,20]", "[20,28]")) == "");
    BOOST_TEST(complaints(header("[0,20]", "[12,20]")) == message);
    BOOST_TEST(complaints(header("[0,20]", "[24,32]"), 32) == message);
    BOOST_TEST(complaints(header("[0,20]", "[20,28]"), 32) == message);
}

BOOST_AUTO_TEST_SUITE_END()
