// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/models/ensemble/mixture.hpp>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <vector>

using namespace retort;
using model_ensemble::Mixture;

namespace {

constexpr std::size_t count = 40; // more than one part
constexpr std::size_t width = 4;

std::vector<double> softmax(std::span<const float> logits) {
    std::vector<double> result;
    double sum = 0.0;
    for (const float logit : logits)
        sum += result.emplace_back(std::exp(static_cast<double>(logit)));
    for (double &value : result)
        value /= sum;
    return result;
}

struct Mixed {
    test::FakeServices services;
    sdk::MatrixBuffer a = test::normal_matrix(count, width, sdk::Random{1});
    sdk::MatrixBuffer b = test::normal_matrix(count, width, sdk::Random{2});
    sdk::MatrixBuffer c = test::normal_matrix(count, width, sdk::Random{3});
    sdk::MatrixBuffer result{count, width};
    std::vector<sdk::ConstMatrix> members{a.view(), b.view(), c.view()};
    Mixture mixture{services, 3, count};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(test_mixture, Mixed)

BOOST_AUTO_TEST_CASE(the_softmax_of_the_result_is_the_mean_of_softmaxes) {
    services.parts = 3;
    mixture.mix(members, result.view());
    for (std::size_t r = 0; r < count; ++r) {
        const std::vector<double> found = softmax(result.view().row(r));
        for (std::size_t k = 0; k < width; ++k) {
            double mean = 0.0;
            for (const sdk::ConstMatrix &member : members)
                mean += softmax(member.row(r))[k] / 3.0;
            BOOST_TEST(found[k] == mean, boost::test_tools::tolerance(1e-6));
        }
    }
}

BOOST_AUTO_TEST_CASE(equal_members_give_their_own_bytes) {
    const std::vector<sdk::ConstMatrix> equal(3, a.view());
    for (const bool mixes : {true, false}) {
        mixes ? mixture.mix(equal, result.view()) : mixture.average(equal, result.view());
        for (std::size_t r = 0; r < count; ++r)
            BOOST_TEST(std::ranges::equal(result.view().row(r), a.view().row(r)));
    }
}

BOOST_AUTO_TEST_CASE(the_average_is_the_mean) {
    mixture.average(members, result.view());
    for (std::size_t r = 0; r < count; ++r)
        for (std::size_t k = 0; k < width; ++k)
            BOOST_TEST(result.view().row(r)[k] == (a.view().row(r)[k] + b.view().row(r)[k] + c.view().row(r)[k]) / 3.0F,
                       boost::test_tools::tolerance(1e-5F));
}

// Of probabilities 1, e^-1000 and e^-2000 a float knows but the first; their logits say all.
BOOST_AUTO_TEST_CASE(logits_far_apart_stay_finite) {
    const std::vector<float> sure{1000.0F, 0.0F, -1000.0F, 0.0F};
    const std::vector<float> otherwise{-1000.0F, 0.0F, 1000.0F, 0.0F};
    const std::vector<sdk::ConstMatrix> both{{sure.data(), 1, width, width}, {otherwise.data(), 1, width, width}};
    Mixture(services, 2, 1).mix(both, result.view(1));
    const std::span<const float> found = result.view().row(0);
    BOOST_TEST(found[0] - found[2] == 0.0F); // a half each
    BOOST_TEST(found[0] - found[1] == 1000.0F - std::log(2.0F), boost::test_tools::tolerance(1e-5F));
}

BOOST_AUTO_TEST_SUITE_END()
