// SPDX-License-Identifier: Apache-2.0
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

struct Case {
    Words settings;
    int exit_code;
    Words parts; ///< of what is printed on stderr
};

/// Everything goes wrong on purpose: the exit code, the words, and that nothing was written.
void check(const Place &place, const Case &expected) {
    BOOST_TEST_CONTEXT(expected.settings.back()) {
        const Outcome outcome = place.run("output", tiny(expected.settings), {"--quiet"});
        BOOST_TEST(outcome.exit_code == expected.exit_code);
        BOOST_TEST(outcome.out == "");
        for (const std::string &part : expected.parts)
            BOOST_TEST(contains(outcome.err, part), "no '" << part << "' in: " << outcome.err);
        BOOST_TEST(!fs::exists(place.path("output")));
    }
}

const std::string main_adversary = "/stages/distil/adversaries/main/";

const std::vector<Case> mistakes{
    {{"/models/student/type=mpl"}, 4, {"error: /models/student/type: there is no model \"mpl\"", "\"mlp\""}},
    {{"/data/mnist/type=cifar"}, 4, {"error: /data/mnist/type: there is no dataset \"cifar\"", "Available: idx"}},
    {{main_adversary + "discriminator/type=patch"},
     4,
     {"error: /stages/2/adversaries/0/discriminator/type: there is no discriminator \"patch\"", "mlp, paired"}},
    {{R"(/observers=[{"type": "telegraph"}])"}, 4, {"error: /observers/0/type: ", "\"telegraph\"", "csv, figures"}},
    {{"/models/student/hiden=[3]"}, 3, {"error: /models/student/hiden: ", "did you mean \"hidden\"?"}},
    {{"/stages/distil/optimizer/learning_rte=1"},
     3,
     {"error: /stages/2/optimizer/learning_rte: ", "did you mean \"learning_rate\"?"}},
    {{main_adversary + "lambada=1"}, 3, {"error: /stages/2/adversaries/0/lambada: ", "did you mean \"lambda\"?"}},
    {{"/stage=1"}, 3, {"error: /stage: ", "\"stages\""}},
    {{"/stages/destil/epochs=1"}, 3, {"/stages/destil", "distil"}},
    {{"/models/student/hidden=wide"}, 3, {"error: /models/student/hidden: ", "\"wide\"", "allowed: an array"}},
    {{"/models/student/hidden=[3.5]"}, 3, {"error: /models/student/hidden/0: ", "3.5"}},
    {{"/stages/teach/epochs=\"ten\""}, 3, {"error: /stages/0/epochs: ", "\"ten\"", "a whole number"}},
    {{"/seed=-1"}, 3, {"error: /seed: ", "-1"}},
    {{"/models/teacher/dropout=1.5"}, 3, {"error: /models/teacher/dropout: 1.5 is out of range; allowed: 0 to 0.99"}},
    {{"/stages/distil/epochs=0"}, 3, {"error: /stages/2/epochs: 0 is out of range; allowed: 1 to "}},
    {{"/stages/teach/optimizer/learning_rate=-1"},
     3,
     {"error: /stages/0/optimizer/learning_rate", "-1 is out of range"}},
    {{"/models/student/activation=rleu"}, 3, {"error: /models/student/activation: ", "relu, leaky_relu, tanh, gelu"}},
    {{"/data/mnist/validation=4000"}, 3, {"error: /data/mnist/validation: ", "4000"}},
    {{"/stages/distil/pairs/logits/teacher_tap=hidden.7"},
     3,
     {"error: /stages/2/pairs/logits/teacher_tap: there is no tap \"hidden.7\"; did you mean \"hidden.0\"? Available: "
      "hidden.0, hidden.1, logits"}},
    {{"/stages/distil/pairs/logits/student_tap=logit"},
     3,
     {"error: /stages/2/pairs/logits/student_tap: there is no tap \"logit\"", "did you mean \"logits\"?"}},
    {{R"(/stages/distil/losses=[{"type": "distillation", "temperature": {"schedule": "linear", "value": 4}}])"},
     3,
     {"error: /stages/2/losses/0/temperature/final: missing, and its default 0 is out of range; allowed: a number, "}},
    {{"/stages/distil/pairs/logits/condition/tap=hidden.2"}, 3, {"error: /stages/2/pairs/logits/condition/tap: "}},
    {{main_adversary + "pair=logit"}, 3, {"error: /stages/2/adversaries/0/pair: there is no pair \"logit\""}},
    {{"/stages/distil/student=studnt"}, 3, {"error: /stages/2/student: there is no model \"studnt\"", "\"student\"?"}},
    {{"/stages/teach/data=minst"}, 3, {"error: /stages/0/data: there is no ", "\"minst\"", "mnist"}},
    {{"/models/labels_alone/initialise_as=nobody"}, 3, {"error: /models/labels_alone/initialise_as: ", "\"nobody\""}},
    {{"/data/mnist/directory=nowhere"}, 5, {"error: /data/mnist/directory: ", "/nowhere: there is no such folder"}},
    {{"/models/teacher/weights=nowhere.safetensors"},
     5,
     {"error: /models/teacher/weights: ", "/nowhere.safetensors: "}},
    {{"/models/teacher/weights=data/NOTICE.md"}, 5, {"error: /models/teacher/weights: ", "no safetensors file"}},
};

/// A copy of the example's data in which one file is spoilt.
class Data {
  public:
    Data() { fs::copy(example / "data", folder_.path(), fs::copy_options::recursive); }

    [[nodiscard]] fs::path file(const std::string &name) const { return folder_.path() / name; }

    [[nodiscard]] std::string setting() const { return "/data/mnist/directory=" + folder_.path().string(); }

  private:
    TemporaryFolder folder_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(test_bad_input)

BOOST_AUTO_TEST_CASE(every_mistake_in_a_manifest_is_found_before_anything_is_written) {
    const Place place;
    for (const Case &mistake : mistakes)
        check(place, mistake);
}

BOOST_AUTO_TEST_CASE(all_mistakes_are_told_at_once) {
    const Place place;
    const Outcome outcome = place.run("output", tiny({"/models/student/hiden=[3]", "/stages/teach/epochs=0",
                                                      main_adversary + "objective/type=maximin"}));
    BOOST_TEST(outcome.exit_code == 3);
    for (const char *pointer :
         {"/models/student/hiden: ", "/stages/0/epochs: ", "/stages/2/adversaries/0/objective/type: "})
        BOOST_TEST(contains(outcome.err, pointer), outcome.err);
}

BOOST_AUTO_TEST_CASE(one_mistake_is_told_once) {
    const Place place;
    const Outcome outcome = place.run("output", tiny({"/stages/distil/pairs/logits/condition/tap=hidden.2"}));
    const std::size_t first = outcome.err.find("error: ");
    BOOST_TEST(first == 0U);
    BOOST_TEST(outcome.err.find("error: ", first + 1) == std::string::npos, outcome.err);
}

BOOST_AUTO_TEST_CASE(syntax_errors_have_line_and_column) {
    const Place place;
    for (const auto &[text, where] : std::vector<std::pair<std::string, std::string>>{
             {"{\n  \"format\": 1,\n  \"seed\": }", "broken.json:3:11"},
             {"{\"format\": 1,\n \"seed\": 1, \"seed\": 2}", "broken.json:2:"}}) {
        write_file(place.path("broken.json"), text);
        const Outcome outcome = place.run_file(place.path("broken.json"), "output", {});
        BOOST_TEST(outcome.exit_code == 3);
        BOOST_TEST(contains(outcome.err, where), outcome.err);
        BOOST_TEST(!fs::exists(place.path("output")));
    }
}

BOOST_AUTO_TEST_CASE(damaged_data_is_found_before_anything_is_written) {
    const Place place;
    const std::string images = "train-images-idx3-ubyte.gz";
    const std::string labels = "t10k-labels-idx1-ubyte.gz";
    {
        const Data data;
        fs::remove(data.file(labels));
        check(place, {{data.setting()}, 5, {"error: /data/mnist/test_labels: ", "there is no such file"}});
    }
    {
        const Data data;
        fs::resize_file(data.file(images), 100000);
        check(place, {{data.setting()}, 5, {"error: /data/mnist/train_images: ", data.file(images).string()}});
    }
    {
        const Data data; // one byte in the middle: headers and sizes are right, the content is not
        std::string bytes = read_file(data.file(images));
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
        write_file(data.file(images), bytes);
        check(place,
              {{data.setting()}, 5, {"error: /data/mnist/train_images: ", data.file(images).string(), "damaged"}});
    }
    {
        const Data data; // images and labels changed places
        fs::copy_file(data.file(labels), data.file(images), fs::copy_options::overwrite_existing);
        check(place, {{data.setting()}, 5, {"error: /data/mnist/train_images: ", data.file(images).string()}});
    }
}

BOOST_AUTO_TEST_CASE(damaged_weights_are_found_before_anything_is_written) {
    const Place &place = tiny_place();
    const fs::path cut = place.path("cut.safetensors");
    fs::copy_file(place.path("tiny/weights/teacher.last.safetensors"), cut);
    fs::resize_file(cut, fs::file_size(cut) - 4);
    check(place, {{"/models/teacher/weights=" + cut.string()},
                  5,
                  {"error: /models/teacher/weights: " + cut.string(), "layers.2.bias"}});
    const std::string other = place.path("tiny/weights/student.last.safetensors").string();
    check(place, {{"/models/teacher/weights=" + other},
                  5,
                  {"error: /models/teacher/weights: " + other, "layers.0.weight", "[32, 784]", "[64, 784]"}});
}

BOOST_AUTO_TEST_CASE(somebody_elses_folder_is_left_alone) {
    const Place place;
    fs::create_directory(place.path("thesis"));
    write_file(place.path("thesis/result.json"), "mine");
    const Outcome outcome = place.run("thesis", tiny());
    BOOST_TEST(outcome.exit_code == 7);
    BOOST_TEST(contains(outcome.err, "/thesis: the folder is neither empty nor an earlier run of Retort"), outcome.err);
    BOOST_TEST(read_file(place.path("thesis/result.json")) == "mine");
    BOOST_TEST(std::distance(fs::directory_iterator(place.path("thesis")), fs::directory_iterator()) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
