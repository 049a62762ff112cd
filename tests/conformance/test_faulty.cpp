// SPDX-License-Identifier: Apache-2.0
// Each fault is caught by the check that is there for it, and by no other, with the reason in words.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <conformance/kit.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_faulty)

using namespace retort;
using sdk::conformance::Finding;
using sdk::conformance::Outcome;

extern "C" {
extern const sdk::Plugin retort_plugin_faulty_passes;
extern const sdk::Plugin retort_plugin_faulty_components;
extern const sdk::Plugin retort_plugin_faulty_others;
extern const sdk::Plugin retort_plugin_faulty_stages;
}

namespace {

/// The check that must fail, and words of its reason; empty: none may.
struct Expected {
    std::string_view component;
    std::string_view check;
    std::string_view words;
};

const std::vector<Expected> passes{
    {"discriminator/right", "", ""},
    {"discriminator/wrong_input_gradient", "input_gradient", "but finite differences give"},
    {"discriminator/wrong_parameter_gradient", "parameter_gradient", "the gradient of parameter 'b'"},
    {"discriminator/forgets_to_add", "write_modes", "Write::add does not add"},
    {"discriminator/forgets_short_batch", "short_batch",
     "after a full batch a short one has other parameter gradients"},
    {"discriminator/stale_evaluation", "stale_copies", "a copy of them is stale, in passes without gradients"},
    {"discriminator/shares_scratch", "interleaved", "passes share what each must own"},
    {"discriminator/global_random", "determinism", "two objects with the same seed give other bytes"},
    {"discriminator/right_twice", "", ""},
    {"discriminator/forgets_to_add_twice", "second_order", "second_backward with Write::add does not add"},
    {"discriminator/ignores_first_row", "row_streams", "the noise of a row is not that of its own stream"},
    {"discriminator/looks_at_others", "row_streams", "other outputs in a batch of their own than among others"},
    {"discriminator/swallows_nan", "not_finite", "NaN in an input leaves outputs and gradients finite"},
    {"discriminator/divides_by_zero", "dead_data", "a row and a column of zeros in the data"},
    {"discriminator/allocates", "allocations", "allocates memory 2 times; a steady step allocates nothing"},
    {"discriminator/prints", "no_output", "it prints: \"forward!\""},
};

const std::vector<Expected> components{
    {"discriminator/forgets_state", "resume", "is another than without the break"},
    {"discriminator/stale_copy", "stale_copies", "parameters_changed(restore) was called"},
    {"discriminator/leaks", "leaks", "every object leaves 1 block of memory behind"},
    {"discriminator/no_range", "settings_ranges", "/margin declares no range"},
    {"discriminator/default_outside", "settings_ranges", "lies outside its own range"},
    {"discriminator/breaks_at_edge", "ordinary_data", "numbers that are not finite"},
    {"discriminator/breaks_in_between", "ordinary_data", "numbers that are not finite"},
    {"discriminator/wrong_second_order", "second_order", "but finite differences give"},
    {"discriminator/thread_order", "determinism", "with the parts of its loops in another order"},
    {"discriminator/writes_gaps", "parameter_table", "gaps between its tensors do not hold zeros"},
    {"discriminator/throws", "construction", "it threw: the graphics card is on fire"},
};

const std::vector<Expected> others{
    {"optimizer/right", "", ""},
    {"optimizer/forgets_momentum", "resume", "is another than without the break"},
    {"optimizer/divides_by_norm", "dead_data", "steps whose gradients are zeros"},
    {"optimizer/rounds_before", "ordinary_data", "it calls a rounded copy current that is not that of the values"},
    {"optimizer/writes_everywhere", "ordinary_data", "it writes into the gaps between tensors"},
    {"loss/overwrites", "input_gradient", "but finite differences give"},
    {"loss/sums", "means", "the same rows given twice make its value"},
    {"loss/ignores_strides", "strides", "where the rows of a matrix lie apart its outputs are others"},
    {"objective/sums", "means", "it is no mean over rows"},
    {"objective/skips_nan", "not_finite", "NaN in an input leaves outputs and gradients finite"},
    {"head/no_floor", "dead_data", "a row and a column of zeros in the data"},
};

const std::vector<Expected> stages{
    {"dataset/wrong_label", "ordinary_data", "the label 3 is none of its classes, row 5 of train"},
    {"trainer/right", "", ""},
    {"trainer/forgets_optimizer", "resume", "is another than without the break"},
    {"trainer/renames_metrics", "ordinary_data", "it does not report the same names at every step"},
    {"trainer/reads_test", "ordinary_data", "the test split was read"},
    {"trainer/forgets_critics", "resume", "steps give other bytes than without the break"},
    {"model/own_tap", "ordinary_data", "the last of its taps is not called \"logits\""},
    {"trainer/touches_model", "change", "a change touches the parameters of a model"},
    {"observer/chatters", "no_output", "it prints: \"epoch 1 is over\""},
};

void check_faults(const sdk::Plugin &plugin, const std::vector<Expected> &expected) {
    std::map<std::string, std::vector<Finding>, std::less<>> failures;
    for (Finding &finding : test::findings_of(plugin)) {
        std::vector<Finding> &of_component = failures[finding.component];
        if (finding.outcome == Outcome::failed)
            of_component.push_back(std::move(finding));
    }
    BOOST_TEST(failures.size() == expected.size());
    for (const Expected &fault : expected) {
        BOOST_TEST_CONTEXT(fault.component) {
            const auto found = failures.find(fault.component);
            BOOST_TEST_REQUIRE((found != failures.end()));
            bool caught = false;
            for (const Finding &finding : found->second) {
                caught = caught || finding.check == fault.check;
                BOOST_TEST(finding.check == fault.check, test::text_of(finding));
                BOOST_TEST(finding.reason.find(fault.words) != std::string::npos, test::text_of(finding));
            }
            const bool unseen = !test::counts_allocations() && (fault.check == "allocations" || fault.check == "leaks");
            BOOST_TEST(caught == (!fault.check.empty() && !unseen), "not caught by " << fault.check);
        }
    }
}

/// What becomes of a component that a fault makes impossible, or that has none.
Outcome outcome_of(const std::vector<Finding> &findings, std::string_view component, std::string_view check) {
    const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding &finding) {
        return finding.component == component && finding.check == check;
    });
    BOOST_TEST_REQUIRE((found != findings.end()), component << " was not checked for " << check);
    return found->outcome;
}

} // namespace

BOOST_AUTO_TEST_CASE(faults_of_passes) {
    check_faults(retort_plugin_faulty_passes, passes);
}

BOOST_AUTO_TEST_CASE(faults_of_components) {
    check_faults(retort_plugin_faulty_components, components);
}

BOOST_AUTO_TEST_CASE(faults_of_other_roles) {
    check_faults(retort_plugin_faulty_others, others);
}

BOOST_AUTO_TEST_CASE(faults_of_what_stages_are_made_of) {
    check_faults(retort_plugin_faulty_stages, stages);
}

BOOST_AUTO_TEST_CASE(every_check_has_a_fault_that_it_catches) {
    std::set<std::string_view> caught;
    for (const std::vector<Expected> *faults : {&passes, &components, &others, &stages})
        for (const Expected &fault : *faults)
            caught.insert(fault.check);
    for (const sdk::conformance::Check &check : sdk::conformance::checks)
        BOOST_TEST(caught.count(check.name) == 1U, check.name);
    for (const char *check : {"settings_ranges", "construction", "no_output"})
        BOOST_TEST(caught.count(check) == 1U, check);
}

BOOST_AUTO_TEST_CASE(every_check_is_carried_out_or_skipped_for_a_reason) {
    const std::vector<Finding> all = test::findings_of(retort_plugin_faulty_passes);
    for (const sdk::conformance::Check &check : sdk::conformance::checks) {
        const bool unseen = !test::counts_allocations() && (check.name == "allocations" || check.name == "leaks");
        const bool of_others = check.name == "change" || check.name == "means"; // trainers; losses and objectives
        const Outcome expected = of_others ? Outcome::skipped : Outcome::passed;
        BOOST_TEST((outcome_of(all, "discriminator/right_twice", check.name) == expected || unseen), check.name);
    }
    BOOST_TEST((outcome_of(all, "discriminator/right", "second_order") == Outcome::skipped));
    const std::vector<Finding> others = test::findings_of(retort_plugin_faulty_components);
    for (const sdk::conformance::Check &check : sdk::conformance::checks)
        BOOST_TEST((outcome_of(others, "discriminator/throws", check.name) == Outcome::skipped), check.name);
    for (const std::vector<Finding> &findings : {all, others})
        for (const Finding &finding : findings)
            BOOST_TEST((finding.outcome != Outcome::skipped || !finding.reason.empty()), test::text_of(finding));
}

BOOST_AUTO_TEST_SUITE_END()
