// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/replicas.hpp>

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <support/thread_replicas.hpp>

BOOST_AUTO_TEST_SUITE(test_replicas)

using namespace retort;
using framework::Error;
using framework::ErrorCode;
using framework::Replicas;
using test::run_replicas;

namespace {

using Texts = std::vector<std::string>;

/// What each of three replicas makes of its call.
template <class Call> Texts of_three(Call &&call) {
    Texts results(3);
    const Texts errors = run_replicas(3, [&](Replicas &replicas) { results[replicas.index()] = call(replicas); });
    for (std::size_t i = 0; i < 3; ++i)
        BOOST_TEST(errors[i] == "");
    return results;
}

/// A link that breaks when something is summed.
class BrokenLink final : public framework::ReplicaLink {
  public:
    [[nodiscard]] std::size_t count() const override { return 2; }

    [[nodiscard]] std::size_t index() const override { return 0; }

    [[nodiscard]] std::size_t threads() const override { return 1; }

    void sum(std::span<float>) override { throw std::runtime_error("the cable was pulled"); }

    void sum(std::span<double>) override {}

    void maximum(std::span<std::int64_t>) override {}

    void copy(std::span<char>, std::size_t) override {}
};

} // namespace

BOOST_AUTO_TEST_CASE(what_is_exchanged_is_the_same_at_all) {
    const auto same = [](const std::string &text) { return Texts{text, text, text}; };
    BOOST_TEST(of_three([](Replicas &replicas) {
                   std::vector<float> values{1.0F, static_cast<float>(replicas.index())};
                   replicas.sum(std::span(values));
                   std::vector<double> doubles{0.5};
                   replicas.sum(std::span(doubles));
                   return std::to_string(values[0]) + " " + std::to_string(values[1]) + " " +
                          std::to_string(doubles[0]);
               }) == same("3.000000 3.000000 1.500000"),
               boost::test_tools::per_element());
    BOOST_TEST(of_three([](Replicas &replicas) {
                   const bool one = replicas.any(replicas.index() == 2);
                   const bool none = replicas.any(false);
                   return std::string(one ? "one" : "") + (none ? "none" : "");
               }) == same("one"),
               boost::test_tools::per_element());
    BOOST_TEST(of_three([](Replicas &replicas) {
                   return replicas.of_first(std::string(replicas.index() + 1, 'a') + std::to_string(replicas.index()));
               }) == same("a0"),
               boost::test_tools::per_element());
    BOOST_TEST(of_three([](Replicas &replicas) { return std::to_string(replicas.threads()); }) == same("2"),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_first_number_that_differs_is_found) {
    const auto differences = [](std::int64_t third) {
        return of_three([&](Replicas &replicas) {
            const std::int64_t numbers[] = {std::numeric_limits<std::int64_t>::min(), -7,
                                            replicas.index() == 1 ? third : 5};
            const auto found = replicas.first_difference(numbers);
            return found ? std::to_string(*found) : "none";
        })[2];
    };
    BOOST_TEST(differences(5) == "none");
    BOOST_TEST(differences(4) == "2");
    BOOST_TEST(differences(std::numeric_limits<std::int64_t>::max()) == "2");
}

BOOST_AUTO_TEST_CASE(one_that_fails_tells_the_others_whatever_they_do) {
    std::vector<ErrorCode> codes(3, ErrorCode::internal);
    std::vector<std::string> later(3);
    const Texts errors = run_replicas(3, [&](Replicas &replicas) {
        if (replicas.index() == 1)
            return replicas.fail({ErrorCode::training, {{"/stages/0", "it is nan", "a_plugin", "teach"}}});
        try {
            float values[] = {1.0F, 2.0F};
            replicas.index() == 0 ? replicas.sum(std::span(values)) : (void)replicas.any(false);
        } catch (const Error &error) {
            codes[replicas.index()] = error.code();
            try {
                (void)replicas.any(false);
            } catch (const Error &second) {
                later[replicas.index()] = second.what();
            }
            throw;
        }
    });
    const std::string told = "/stages/0: replica 1: it is nan [plugin a_plugin, stage teach]";
    BOOST_TEST(errors == (Texts{told, "", told}), boost::test_tools::per_element());
    BOOST_TEST((codes[0] == ErrorCode::training && codes[2] == ErrorCode::training));
    BOOST_TEST(later[2] == "the replicas ended with an error and exchange nothing any more");
}

BOOST_AUTO_TEST_CASE(of_several_that_fail_the_first_is_told) {
    const Texts errors = run_replicas(4, [&](Replicas &replicas) {
        if (replicas.index() % 2 == 1)
            return replicas.fail({ErrorCode::data, {}, "number " + std::to_string(replicas.index())});
        (void)replicas.of_first("text");
    });
    BOOST_TEST(errors == (Texts{"replica 1: number 1", "", "replica 1: number 1", ""}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_that_an_exception_destroys_has_failed) {
    const Texts errors = run_replicas(2, [&](Replicas &replicas) {
        if (replicas.index() == 1)
            throw std::runtime_error("out of here");
        (void)replicas.any(false);
    });
    BOOST_TEST(errors == (Texts{"replica 1: it ended by an exception that nobody reported", "out of here"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(replicas_that_are_not_in_step_are_told) {
    const auto check = [](const std::function<void(Replicas &)> &body, const std::string &begin) {
        for (const std::string &error : run_replicas(2, body))
            BOOST_TEST(error.substr(0, begin.size()) == begin, error);
    };
    const std::string begin = "the replicas are not in step: one exchanges ";
    check(
        [](Replicas &replicas) {
            std::vector<float> own(3 + replicas.index());
            replicas.sum(std::span(own));
        },
        begin + "3 numbers where another exchanges 4");
    const Texts errors = run_replicas(2, [](Replicas &replicas) {
        if (replicas.index() == 0)
            (void)replicas.any(true);
    });
    const std::string one_has_ended = begin + "0 numbers where another exchanges 0, or does something else";
    BOOST_TEST(errors[0].substr(0, one_has_ended.size()) == one_has_ended);
    BOOST_TEST(errors[1] == ""); // what it had to do is done
}

BOOST_AUTO_TEST_CASE(a_link_that_breaks_is_told_once_and_left_alone) {
    Replicas replicas(std::make_unique<BrokenLink>());
    float value = 1.0F;
    BOOST_CHECK_EXCEPTION(replicas.sum({&value, 1}), Error, [](const Error &error) {
        return error.code() == ErrorCode::internal &&
               std::string(error.what()) == "the other replicas cannot be reached: the cable was pulled";
    });
    BOOST_TEST(replicas.failed());
}

BOOST_AUTO_TEST_SUITE_END()
