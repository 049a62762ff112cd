// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <plugins/observers/figures/events.hpp>
#include <string>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_events)

using namespace retort::test;
using namespace retort::observer_figures;

BOOST_AUTO_TEST_CASE(a_table_of_events_is_read_with_its_quotes) {
    const TemporaryFolder folder;
    BOOST_TEST(read_events(folder.path() / "none.csv").empty());
    write_file(folder.path() / "e.csv", "step,epoch,kind,message\n14,2,change,\"/a: \"\"x\"\" -> \"\"y, z\"\"\"\n"
                                        "20,3,alarm,the loss rose\n21,3,change,cut o");
    const auto events = read_events(folder.path() / "e.csv");
    BOOST_TEST_REQUIRE(events.size() == 2U);
    BOOST_TEST(events[0].step == 14U);
    BOOST_TEST(events[0].kind == "change");
    BOOST_TEST(events[0].message == "/a: \"x\" -> \"y, z\"");
    BOOST_TEST(events[1].step == 20U);
    BOOST_TEST(events[1].message == "the loss rose");
}

BOOST_AUTO_TEST_CASE(a_label_says_what_changed_and_from_what_to_what) {
    const std::pair<const char *, const char *> cases[] = {
        {"/stages/distil/adversaries/main/discriminator/type: \"mlp\" -> \"paired\"",
         "discriminator: mlp \u2192 paired"},
        {"/stages/distil/adversaries/main/lambda: 0.1 -> 0.2", "lambda: 0.1 \u2192 0.2"},
        {"/stages/distil/adversaries/other/lambda: 0.1 -> 0.2", "adversaries other lambda: 0.1 \u2192 0.2"},
        {"/stages/distil/adversaries/main2/lambda: 0.1 -> 0.2", "adversaries main2 lambda: 0.1 \u2192 0.2"},
        {"/stages/distil/losses/0/weight: 1 -> 2", "losses 0 weight: 1 \u2192 2"},
        {"something else", "something else"},
    };
    for (const auto &[message, label] : cases)
        BOOST_TEST(label_of({1, "change", message}, "distil", "main") == label);
    BOOST_TEST(label_of({1, "change", "/stages/distil/losses/0/weight: " + std::string(100, 'y') + " -> 1"}, "distil",
                        "main") == "losses 0 weight"); // which is to fit into a figure
}

BOOST_AUTO_TEST_CASE(an_alarm_is_labelled_without_its_figures) {
    const std::pair<const char *, const char *> cases[] = {
        {"adversary main: its discriminator has won: accuracy 1 over steps 1 to 6", "its discriminator has won"},
        {"student: its logits have collapsed: they spread by 0", "student: its logits have collapsed"},
        {"the loss rose", "the loss rose"},
    };
    for (const auto &[message, label] : cases)
        BOOST_TEST(label_of({1, "alarm", message}, "distil", "main") == label);
}

BOOST_AUTO_TEST_CASE(alarms_of_this_adversary_and_of_the_student_are_marked) {
    const Event events[] = {
        {10, "alarm", "adversary main: a: b"}, {20, "alarm", "adversary main2: a: b"}, {30, "alarm", "student: c: d"}};
    const std::string marks = event_marks(events, "distil", "main", 100.0);
    BOOST_TEST((marks.find("from 10, ") != std::string::npos));
    BOOST_TEST((marks.find("from 20, ") == std::string::npos));
    BOOST_TEST((marks.find("from 30, ") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(other_events_are_not_marked_and_labels_stay_inside) {
    const Event events[] = {{10, "news", "rose"}, {20, "change", "/a: 1 -> 2"}, {90, "change", "it's"}};
    const std::string marks = event_marks(events, "distil", "main", 100.0);
    for (const char *part : {"from 20, graph 0 to 20, graph 1 nohead", "'a: 1 \u2192 2' at 20, graph 0.95 left",
                             "'it''s' at 90, graph 0.87 right", "set style textbox"})
        BOOST_TEST((marks.find(part) != std::string::npos), part);
    BOOST_TEST((marks.find("rose") == std::string::npos));
    BOOST_TEST(event_marks({events, 1}, "distil", "main", 100.0) == "");
}

BOOST_AUTO_TEST_SUITE_END()
