// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/components/construction.hpp>
#include <stdexcept>
#include <support/context.hpp>
#include <support/fake_plan.hpp>

BOOST_AUTO_TEST_SUITE(test_construction)

using namespace retort;
using framework::ErrorCode;

namespace {

/// A plan of fakes whose model is made by `make`, under construction.
struct Fixture {
    explicit Fixture(test::FakeBuilder<sdk::Model>::Make make) {
        fakes.make_model = std::move(make);
        plan = fakes.plan();
        construction.emplace(services);
    }

    framework::Built<sdk::Model> build(const std::string &stage = {}) {
        const sdk::Context context = construction->context(sdk::Random{3});
        return construction->build(plan.models[0], {context, 2, {}, 2}, stage);
    }

    /// The code of what was kept, and the mistakes, a line each.
    std::string mistakes() const {
        try {
            construction->throw_problems();
            return {};
        } catch (const framework::Error &error) {
            return std::to_string(static_cast<int>(error.code())) + "\n" + error.what();
        }
    }

    test::FakePlan fakes;
    test::FakeServices services;
    framework::Plan plan;
    std::optional<framework::Construction> construction;
};

} // namespace

BOOST_AUTO_TEST_CASE(what_could_be_built_knows_its_origin) {
    sdk::Random random{};
    Fixture fixture([&](const sdk::ModelContext &context) {
        random = context.random;
        context.services.info("made");
        return std::make_unique<test::FakeModel>();
    });
    const auto built = fixture.build("teach");
    BOOST_TEST(built.component != nullptr);
    BOOST_TEST(built.name == "net");
    BOOST_TEST(built.origin.plugin == "fake_model");
    BOOST_TEST(built.origin.pointer == "/models/net");
    BOOST_TEST(built.origin.stage == "teach");
    BOOST_TEST((random == sdk::Random{3}));
    BOOST_TEST(fixture.services.infos.size() == 1U);
    BOOST_TEST(fixture.mistakes() == "");
}

BOOST_AUTO_TEST_CASE(what_a_constructor_throws_is_kept) {
    Fixture fixture([](const auto &) -> std::unique_ptr<sdk::Model> {
        throw sdk::Error(sdk::ErrorKind::data, "the file is damaged", "/file");
    });
    BOOST_TEST(fixture.build("teach").component == nullptr);
    BOOST_TEST(fixture.mistakes() == "5\n/models/net/file: the file is damaged [plugin fake_model, stage teach]");
}

BOOST_AUTO_TEST_CASE(a_component_with_a_problem_is_none) {
    Fixture fixture([](const sdk::ModelContext &context) {
        context.problems.add("/models/net/hidden", "is odd");
        context.problems.add("/models/net/depth", "is too small");
        return std::make_unique<test::FakeModel>();
    });
    BOOST_TEST(fixture.build().component == nullptr);
    BOOST_TEST(
        fixture.mistakes() ==
        "3\n/models/net/hidden: is odd [plugin fake_model]\n/models/net/depth: is too small [plugin fake_model]");
}

BOOST_AUTO_TEST_CASE(mistakes_are_kept_in_order_under_the_code_of_the_first) {
    Fixture fixture([](const auto &) { return std::make_unique<test::FakeModel>(); });
    const framework::Origin origin{"toys", "/models/net"};
    BOOST_TEST(fixture.construction->check(origin, [] {}));
    BOOST_TEST(!fixture.construction->check(origin, [] { throw std::runtime_error("first"); }));
    BOOST_TEST(!fixture.construction->check(origin, [] {
        throw framework::Error(ErrorCode::data, {{"/a", "second"}, {"/b", "third"}});
    }));
    BOOST_TEST(fixture.construction->check(origin, [] {}));
    BOOST_TEST(fixture.mistakes() == "4\n/models/net: first [plugin toys]\n/a: second\n/b: third");
}

BOOST_AUTO_TEST_SUITE_END()
