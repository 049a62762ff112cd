// SPDX-License-Identifier: Apache-2.0
// What runs of several replicas compute, with the real plugins.
#include "replica_runs.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_replica_numbers)

using namespace retort::test;

namespace {

using retort::test::largest_difference;

/// The largest difference between numbers at the same places of two texts, relative where they are larger than 1.
double largest_difference(const std::string &one, const std::string &other) {
    const auto numbers = [](std::string text) {
        std::replace(text.begin(), text.end(), ',', ' ');
        std::istringstream words(text);
        std::vector<double> found;
        for (std::string word; words >> word;)
            if (word.find_first_not_of("-+.0123456789e") == word.npos)
                found.push_back(std::stod(word));
        return found;
    };
    const std::vector<double> a = numbers(one);
    const std::vector<double> b = numbers(other);
    BOOST_TEST_REQUIRE(a.size() == b.size());
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(a[i] - b[i]) / std::max(1.0, std::abs(a[i])));
    return largest;
}

const std::string &adversary = replica_adversary;
const std::string pair = "/stages/distil/pairs/logits/";

struct Case {
    std::string name;
    Texts settings;
};

const Case cases[] = {
    {"the shipped shape", {}},
    {"batches of 10 rows, the last of an epoch too", {"/stages/teach/batch=10", "/stages/distil/batch=10"}},
    {"fewer rows than replicas",
     {"/stages/teach/batch=3", "/stages/distil/batch=3", "/stages/distil/epochs=1",
      "/stages/distil/optimizer/learning_rate=0.01", adversary + "optimizer/learning_rate=0.01"}},
    {"noise everywhere",
     {"/models/student/dropout=0.3", "/models/student/input_dropout=0.1", adversary + "discriminator/noise=0.2",
      adversary + "discriminator/dropout=0.2"}},
    {"heads that are trained, and the cross-entropy of their distributions",
     {"/stages/distil/optimizer/learning_rate=0.01", adversary + "optimizer/learning_rate=0.01",
      pair + R"(teacher_head={"type": "gaussian"})",
      pair + R"(student_head={"type": "gaussian", "always_project": true})",
      R"(/stages/distil/losses=[{"type": "cross_entropy"}, {"type": "distribution_cross_entropy", "pair": "logits", "weight": 0.1},
                                {"type": "distillation"}])"}},
    {"several steps of the discriminator on batches of their own",
     {adversary + "discriminator_steps=3", adversary + "fresh_batches=true"}},
    {"the teacher on every batch", {"/stages/distil/teacher_cache=0"}},
    {"spectral norm and labels",
     {adversary + "discriminator/type=spectral_norm_mlp", adversary + "discriminator/labels=true"}},
    {"the Wasserstein game, its penalty between the samples",
     {adversary + R"(objective={"type": "wasserstein"})", adversary + "optimizer/learning_rate=0.01",
      adversary + "discriminator/activation=tanh"}},
    {"R1 on a projection",
     {adversary + R"(objective={"type": "hinge", "r1": 1})", adversary + "discriminator/type=projection",
      adversary + "optimizer/learning_rate=0.01"}},
    {"a balanced gradient, labels by an embedding",
     {adversary + "balance=0.5", adversary + "discriminator/type=conditional_mlp"}},
    {"class logits of few labels",
     {adversary + "discriminator/type=auxiliary_classifier", "/data/octants/type=few_labels",
      adversary + "class_weight=0.5"}},
    {"few labels", {"/data/octants/type=few_labels"}},
    {"few labels, and fewer rows than replicas",
     {"/data/octants/type=few_labels", "/stages/teach/batch=2", "/stages/distil/batch=2", "/stages/distil/epochs=1",
      "/stages/teach/optimizer/learning_rate=0.01", "/stages/distil/optimizer/learning_rate=0.01"}},
};

} // namespace

BOOST_AUTO_TEST_CASE(any_number_of_replicas_trains_as_one_process) {
    for (const Case &c : cases) {
        const TemporaryFolder folder;
        const Left alone = left_by(0, c.settings, folder.path() / "0");
        for (const std::size_t count : {1U, 2U, 3U, 4U})
            BOOST_TEST_CONTEXT(c.name << ", " << count << " replicas") {
                const Left left = left_by(count, c.settings, folder.path() / std::to_string(count));
                check_sound(left);
                BOOST_TEST(largest_difference(alone.weights[0], left.weights[0]) <= (count == 1 ? 0.0 : 1e-5));
                for (const char *file :
                     {"teach.steps.csv", "teach.epochs.csv", "distil.steps.csv", "distil.epochs.csv"})
                    BOOST_TEST(largest_difference(alone.contents.at(file), left.contents.at(file)) <=
                                   (count == 1 ? 0.0 : 5e-5), // scores are sums over many such weights
                               file);
            }
    }
}

BOOST_AUTO_TEST_CASE(the_same_replicas_give_the_same_bytes) {
    const TemporaryFolder folder;
    const Left first = left_by(3, {}, folder.path() / "first");
    const Left second = left_by(3, {}, folder.path() / "second");
    BOOST_TEST((first.contents == second.contents));
}

BOOST_AUTO_TEST_SUITE_END()
