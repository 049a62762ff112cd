// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/safetensors.hpp>
#include <retort/sdk/arena.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <functional>
#include <support/temporary_folder.hpp>
#include <sys/stat.h>

BOOST_AUTO_TEST_SUITE(test_safetensors)

using namespace retort;
using framework::ErrorCode;

namespace {

/// Two tensors with a gap between them in the arena: five weights, padded to sixteen, and two biases.
sdk::Arena make_arena() {
    sdk::Arena arena;
    arena.add("layers.0.weight", {5, 1}, true);
    arena.add("layers.0.bias", {2}, false);
    arena.allocate();
    for (std::size_t i = 0; i < 5; ++i)
        arena.values(0)[i] = 1.5F + static_cast<float>(i);
    arena.values(1)[0] = -1.0F;
    arena.values(1)[1] = -2.0F;
    return arena;
}

std::string with_length(const std::string &header, const std::string &values) {
    const std::uint64_t length = header.size();
    std::string bytes(sizeof(length), '\0');
    std::memcpy(bytes.data(), &length, sizeof(length));
    return bytes + header + values;
}

constexpr auto good_header = R"({"layers.0.weight":{"dtype":"F32","shape":[5,1],"data_offsets":[0,20]},)"
                             R"("layers.0.bias":{"dtype":"F32","shape":[2],"data_offsets":[20,28]}})";

std::string replaced(std::string text, const std::string &from, const std::string &to) {
    return text.replace(text.find(from), from.size(), to);
}

struct Damage {
    const char *name;
    std::string bytes;
    std::string message; ///< part of it
};

const std::string values(28, '\0');

const std::vector<Damage> damages{
    {"empty", "", "0 bytes: too short"},
    {"five bytes", "12345", "5 bytes: too short"},
    {"huge header", std::string(8, '\xff') + good_header, "would be 18446744073709551615 bytes long"},
    {"header beyond the end", with_length(good_header, "").substr(0, 50), "truncated"},
    {"no JSON", with_length("{\"a\":", values), "is no JSON"},
    {"no object", with_length("[1]", values), "is no JSON object"},
    {"truncated values", with_length(good_header, values.substr(1)), "within the file's 27"},
    {"trailing bytes", with_length(good_header, values + "x"), "leave bytes that belong to none"},
    {"wrong dtype", with_length(replaced(good_header, "F32", "F16"), values),
     "'layers.0.weight': dtype is \"F16\", expected \"F32\""},
    {"no dtype", with_length(replaced(good_header, "dtype", "kind"), values), "dtype is missing"},
    {"wrong shape", with_length(replaced(good_header, "[5,1]", "[1,5]"), values),
     "shape is [1, 5], the model has [5, 1]"},
    {"shape of text", with_length(replaced(good_header, "[5,1]", "\"x\""), values), "shape is missing or malformed"},
    {"negative offset", with_length(replaced(good_header, "[0,20]", "[-20,0]"), values), "data_offsets is missing or"},
    {"three offsets", with_length(replaced(good_header, "[0,20]", "[0,20,21]"), values), "expected two whole numbers"},
    {"offset past the end", with_length(replaced(good_header, "[20,28]", "[24,32]"), values), "[24, 32], expected 8"},
    {"too few bytes", with_length(replaced(good_header, "[0,20]", "[0,16]"), values), "[0, 16], expected 20 bytes"},
    {"overlap", with_length(replaced(good_header, "[20,28]", "[16,24]"), values), "overlap"},
    {"missing tensor", with_length(replaced(good_header, "layers.0.bias", "layers.9.bias"), values),
     "'layers.0.bias': missing; the model has it with shape [2]"},
    {"unknown tensor", with_length(replaced(good_header, "layers.0.bias", "layers.9.bias"), values),
     "'layers.9.bias' is unknown"},
    {"entry is a number", with_length(R"({"layers.0.weight":1,"layers.0.bias":2})", values), "is no JSON object"},
};

std::string error_text(const std::function<void()> &call) {
    try {
        call();
    } catch (const framework::Error &error) {
        BOOST_TEST((error.code() == ErrorCode::data));
        return error.what();
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_CASE(file_is_laid_out_as_the_format_says) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "w.safetensors";
    const sdk::Arena arena = make_arena();
    framework::write_safetensors(file, arena.parameters());
    const std::string bytes = test::read_file(file);

    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof(length));
    BOOST_TEST(length % 8 == 0U);
    BOOST_TEST_REQUIRE(bytes.size() == 8 + length + 28);
    std::string header = bytes.substr(8, length);
    header.erase(header.find_last_not_of(' ') + 1);
    BOOST_TEST(header == R"({"__metadata__":{"format":"pt"},)" + std::string(good_header).substr(1));
    float found[7];
    std::memcpy(found, bytes.data() + 8 + length, sizeof(found));
    const float expected[] = {1.5F, 2.5F, 3.5F, 4.5F, 5.5F, -1.0F, -2.0F};
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(values_come_back) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "w.safetensors";
    const sdk::Arena written = make_arena();
    framework::write_safetensors(file, written.parameters());
    const sdk::Arena read = make_arena();
    for (float &value : read.parameters().values)
        value = 0.0F;
    framework::read_safetensors(file, read.parameters());
    BOOST_TEST(read.parameters().values == written.parameters().values, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tensors_may_stand_in_any_order) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "w.safetensors";
    const float stored[] = {-1.0F, -2.0F, 1.5F, 2.5F, 3.5F, 4.5F, 5.5F};
    test::write_file(file, with_length(R"({"layers.0.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                       R"("layers.0.weight":{"dtype":"F32","shape":[5,1],"data_offsets":[8,28]}})",
                                       {reinterpret_cast<const char *>(stored), sizeof(stored)}));
    const sdk::Arena read = make_arena();
    const std::vector<float> expected(read.parameters().values.begin(), read.parameters().values.end());
    for (float &value : read.parameters().values)
        value = 0.0F;
    framework::read_safetensors(file, read.parameters());
    BOOST_TEST(read.parameters().values == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(damaged_files_are_refused) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "w.safetensors";
    const sdk::Arena arena = make_arena();
    test::write_file(file, with_length(good_header, values));
    BOOST_TEST(error_text([&] { framework::check_safetensors(file, arena.parameters()); }) == "");
    for (const Damage &damage : damages)
        BOOST_TEST_CONTEXT(damage.name) {
            test::write_file(file, damage.bytes);
            const std::string text = error_text([&] { framework::check_safetensors(file, arena.parameters()); });
            BOOST_TEST(text.find(file.string()) != std::string::npos);
            BOOST_TEST(text.find(damage.message) != std::string::npos, "found: " << text);
            BOOST_TEST(error_text([&] { framework::read_safetensors(file, arena.parameters()); }) == text);
        }
}

BOOST_AUTO_TEST_CASE(values_that_are_no_numbers_are_refused) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "w.safetensors";
    const sdk::Arena arena = make_arena();
    for (const auto &[value, name] : {std::pair{std::nanf(""), "nan"}, {-INFINITY, "infinity"}}) {
        const sdk::Arena written = make_arena();
        written.values(1)[1] = value;
        framework::write_safetensors(file, written.parameters());
        BOOST_TEST(error_text([&] { framework::read_safetensors(file, arena.parameters()); }) ==
                   file.string() + ": tensor 'layers.0.bias' holds " + name + " at element 1; allowed: finite numbers");
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_an_error) {
    const sdk::Arena arena = make_arena();
    const auto read = [&] { framework::read_safetensors("/nowhere/w.safetensors", arena.parameters()); };
    BOOST_TEST(error_text(read).find("/nowhere/w.safetensors: the file cannot be read") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_pipe_is_refused_instead_of_waited_for) {
    const test::TemporaryFolder folder;
    const std::string pipe = (folder.path() / "pipe").string();
    BOOST_TEST_REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    const sdk::Arena arena = make_arena();
    const auto check = [&] { framework::check_safetensors(pipe, arena.parameters()); };
    BOOST_TEST(error_text(check).find("the file cannot be read: ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_written_is_an_error) {
    const sdk::Arena arena = make_arena();
    BOOST_CHECK_EXCEPTION(framework::write_safetensors("/nowhere/w.safetensors", arena.parameters()), framework::Error,
                          [](const framework::Error &error) { return error.code() == ErrorCode::output; });
}

BOOST_AUTO_TEST_SUITE_END()
