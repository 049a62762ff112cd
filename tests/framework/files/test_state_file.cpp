// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/error.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <framework/source/files/sha256.hpp>
#include <framework/source/files/state_file.hpp>
#include <support/process.hpp>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_state_file)

using namespace retort;
using framework::StateFile;

namespace {

/// Arrays of every type, and a component in it.
class Inner final : public sdk::Component {
  public:
    void visit_state(sdk::StateVisitor &visitor) override { visitor.value("count", count); }

    void state_restored() override { ++restored; }

    std::uint64_t count = 7;
    int restored = 0;
};

struct Outer {
    void show(sdk::StateVisitor &visitor) {
        visitor.array("weights", std::span<float>(weights));
        visitor.child("inner", inner);
        visitor.value("loss", loss);
        visitor.array("nothing", std::span<float>());
    }

    std::array<float, 3> weights{1.5F, -2.0F, 0.25F};
    Inner inner;
    double loss = 0.1;
};

framework::ShowState showing(Outer &outer) {
    return [&outer](sdk::StateVisitor &visitor) { outer.show(visitor); };
}

std::string error_of(const std::function<void()> &call) {
    try {
        call();
    } catch (const framework::Error &error) {
        BOOST_TEST((error.code() == framework::ErrorCode::data));
        return error.what();
    }
    return "no error";
}

struct Written {
    Written() { framework::write_state(file, {{"step", 12}}, showing(outer)); }

    test::TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "state";
    Outer outer;
};

} // namespace

BOOST_AUTO_TEST_CASE(state_comes_back) {
    const Written written;
    const StateFile file(written.file);
    BOOST_TEST(file.header().at("step").to_number<int>() == 12);
    BOOST_TEST(file.header().at("arrays").at(1).at("name").as_string() == "inner/count");
    Outer other;
    other.weights = {};
    other.inner.count = 0;
    other.loss = 0.0;
    file.restore(showing(other));
    BOOST_TEST(other.weights == written.outer.weights, boost::test_tools::per_element());
    BOOST_TEST(other.inner.count == 7U);
    BOOST_TEST(other.loss == 0.1);
    BOOST_TEST(other.inner.restored == 1);
    BOOST_TEST(written.outer.inner.restored == 0);
}

BOOST_AUTO_TEST_CASE(every_flipped_byte_and_every_cut_is_noticed) {
    const Written written;
    const std::string bytes = test::read_file(written.file);
    const auto damage = written.folder.path() / "damaged";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 4);
        test::write_file(damage, damaged);
        BOOST_TEST(error_of([&] { StateFile file(damage); }).find("the checkpoint is damaged: ") != std::string::npos);
        test::write_file(damage, bytes.substr(0, i));
        BOOST_TEST(error_of([&] { StateFile file(damage); }).find("the checkpoint is damaged: ") != std::string::npos);
    }
    BOOST_TEST(error_of([&] { StateFile file(written.folder.path() / "none"); }).find("it cannot be opened") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(state_of_another_shape_is_refused) {
    const Written written;
    const StateFile file(written.file);
    Outer outer;
    const auto refused = [&](const framework::ShowState &show) { return error_of([&] { file.restore(show); }); };
    BOOST_TEST(test::contains(
        refused([&](sdk::StateVisitor &visitor) { visitor.array("weights", std::span(outer.weights).first(2)); }),
        R"(found {"name": "weights", "type": "f32", "count": 3}, expected {"name": "weights", "type": "f32", "count": 2})"));
    BOOST_TEST(
        test::contains(refused([&](sdk::StateVisitor &visitor) { visitor.array("bias", std::span(outer.weights)); }),
                       R"(expected {"name": "bias")"));
    BOOST_TEST(test::contains(refused([&](sdk::StateVisitor &visitor) {
                                  outer.show(visitor);
                                  visitor.value("more", outer.loss);
                              }),
                              R"(found "nothing", expected {"name": "more")"));
    BOOST_TEST(test::contains(refused([](sdk::StateVisitor &) {}), "expected nothing"));
    std::string bytes = test::read_file(written.file);
    bytes.resize(bytes.size() - sizeof(framework::Digest));
    bytes += "more";
    framework::Sha256 hash;
    hash.update(bytes.data(), bytes.size());
    const framework::Digest digest = hash.finish();
    test::write_file(written.file, bytes.append(reinterpret_cast<const char *>(digest.data()), digest.size()));
    BOOST_TEST(test::contains(error_of([&] { StateFile(written.file).restore(showing(outer)); }),
                              "found 4 bytes more, expected nothing"));
}

BOOST_AUTO_TEST_SUITE_END()
