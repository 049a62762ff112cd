// SPDX-License-Identifier: Apache-2.0
#include "manifest_texts.hpp"
#include "workbench.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/loader.hpp>
#include <retort/framework/plan.hpp>

#include <boost/test/unit_test.hpp>

#include <map>
#include <support/schema_check.hpp>

BOOST_AUTO_TEST_SUITE(test_schema)

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

constexpr const char *elsewhere = "the name is defined, or not, elsewhere in the manifest";
constexpr const char *same_twice = "a schema compares whole elements, not one member of each";
constexpr const char *taps = "the taps are known when the model is built";
constexpr const char *widths = "the widths are known when models and data are there";
constexpr const char *of_parts = "what a loss or discriminator asks of its pair, it says when it is built";
constexpr const char *by_all = "what a change makes of the manifest is told by all of it";
constexpr const char *reads = "whose files an observer reads, it says when it is built";
constexpr const char *comes_to = "a schema does not compute what a schedule comes to";
constexpr const char *in_files = "a schema cannot look into files";

/// Manifests that only Retort refuses, and why no schema can. By what is set, as the page of errors has it.
const std::map<std::string, const char *> beyond_a_schema{
    {"`/stages/labels_alone/name=teach`", same_twice},
    {"`/stages/distil/adversaries=[{\"name\": \"main\", \"pair\": \"logits\", \"discriminator\": {\"type\": "
     "\"paired\"}}, {\"name\": \"main\", \"pair\": \"logits\", \"discriminator\": {\"type\": \"mlp\"}}]`",
     same_twice},
    {"`/stages/teach/losses=[]`", "the declaration of a list does not say that it must hold something"},
    {"`/stages/teach/losses=[{\"type\": \"distillation\"}]`",
     "whether a loss wants a teacher, it says when it is built"},
    {"`/models/student/initialise_as=labels_alone`", elsewhere},
    {"`/models/labels_alone/initialise_as=nobody`", elsewhere},
    {"`/stages/teach/augmentation/shift=28`", in_files},
    {"`/models={}`", elsewhere},
    {"`/data={}`", elsewhere},
    {"`/stages/distil/student=studnt`", elsewhere},
    {"`/stages/distil/student=teacher`", "a schema cannot compare two settings"},
    {"`/stages/teach/data=minst`", elsewhere},
    {"`/stages/distil/adversaries/main/pair=logit`", elsewhere},
    {"`/stages/distil/losses=[]` `/stages/distil/adversaries=[]`", "one list may be empty if the other is not"},
    {"`/stages/distil/pairs/logits/teacher_tap=hidden.7`", taps},
    {"`/stages/distil/pairs/logits/student_tap=logit`", taps},
    {"`/stages/distil/pairs/logits/condition/tap=hidden.2`", taps},
    {"`/stages/distil/pairs/logits/teacher_head={\"type\": \"random_projection\", \"width\": 11}`", widths},
    {"`/data/mnist/classes=5`", widths},
    {"`/stages/distil/pairs/logits/student_head/type=random_projection`", "a head knows its side when it is built"},
    {"`/stages/distil/losses=[{\"type\": \"distribution_cross_entropy\", \"pair\": \"logits\"}]`", of_parts},
    {"`/stages/distil/losses=[{\"type\": \"feature_mse\"}]`", of_parts},
    {"`/stages/distil/losses=[{\"type\": \"cross_entropy\", \"pair\": \"logits\"}]`", of_parts},
    {"`/stages/distil/pairs/logits={\"teacher_tap\": \"logits\", \"student_tap\": \"logits\"}`", of_parts},
    {"`/stages/distil/losses=[{\"type\": \"distillation\", \"temperature\": {\"schedule\": \"step\", \"value\": 4, "
     "\"factor\": 0}}]`",
     comes_to},
    {"`/stages/distil/pairs/logits/teacher_head={\"type\": \"categorical\", \"relaxation\": {\"schedule\": \"step\", "
     "\"value\": 0.5}}`",
     comes_to},
    {"`/changes=[{\"epoch\": 2, \"set\": {\"/stages/distil/adversaries/main/lambda\": 2}}]`", by_all},
    {"`/changes=[{\"epoch\": 1, \"set\": {\"/stages/distil/adversaries/main/lambda\": 2, \"/stages/teach/batch\": "
     "50}}]`",
     by_all},
    {"`/changes=[{\"epoch\": 1, \"set\": {\"/stages/distil/adversaries/main/discriminator/type\": \"pared\"}}]`",
     by_all},
    {"`/changes=[{\"epoch\": 1, \"set\": {\"/stages/distil/adversaries/mian/lambda\": 2}}]`", by_all},
    {"`/changes=[{\"epoch\": 1, \"set\": {\"/stages/distil/adversaries/main/objective/type\": \"non_saturating\", "
     "\"/stages/distil/losses/0/weight\": -1}}]`",
     by_all},
    {"`/changes=[{\"epoch\": 1, \"set\": {\"/stages/distil/losses/0/weight\": 1}}]`", by_all},
    {"`/changes=[{\"epoch\": 1, \"set\": {\"/stages/distil/optimizer/beta1\": 0.8}}]`", by_all},
    {"`/changes=[{\"epoch\": 1, \"set\": {\"/stages/distil/type\": \"supervised\"}}]`", by_all},
    {"`/changes=[{\"epoch\": 1, \"set\": {\"/stages/distil/pairs/logits/condition\": null}}]`", by_all},
    {"`/changes=[{\"epoch\": 1, \"set\": {\"/stages/teach/optimizer/beta1\": 0.8}}]` `/stages/teach/epochs=2`", by_all},
    {"`/observers=[{\"type\": \"figures\"}]`", reads},
    {"`/observers=[{\"type\": \"figures\"}, {\"type\": \"csv\"}]`", reads},
    {"`/report/out_of_distribution=[\"minst\"]`", elsewhere},
    {"`/data/points={\"type\": \"spirals\"}` `/report/out_of_distribution=[\"points\"]`", widths},
    {"`/data/points={\"type\": \"spirals\", \"test\": 0}` `/report/out_of_distribution=[\"points\"]`",
     "a schema does not know what data another part of the manifest makes"},
    {"`/data/mnist/validation=4000`", in_files},
    {"`/data/mnist/train=3501`", in_files},
    {"`/data/mnist/directory=nowhere`", in_files},
    {"`/models/teacher/weights=nowhere.safetensors`", in_files},
    {"`/models/teacher/weights=data/NOTICE.md`", in_files},
};

/// The plugins that the command finds by itself.
const framework::Registry &registry() {
    static const framework::Registry loaded = [] {
        framework::Registry all;
        framework::load_plugins(all, {fs::path(RETORT_COMMAND).parent_path().parent_path() / "lib/retort/plugins"});
        return all;
    }();
    return loaded;
}

std::string printed_schema(const Words &words = {}) {
    const Workbench bench;
    Words all{RETORT_COMMAND, "schema"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = Process(all, bench.path("")).wait();
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(outcome.err == "");
    return outcome.out;
}

/// Where the lines "error: WHERE: ..." say that something is wrong.
std::vector<std::string> places_of(const std::string &err) {
    std::vector<std::string> places;
    std::istringstream lines(err);
    for (std::string line; std::getline(lines, line);)
        if (const std::string start = "error: "; line.starts_with(start)) {
            const std::string where = line.substr(start.size(), line.find(": ", start.size()) - start.size());
            places.push_back(where.starts_with('/') ? where : "");
        }
    return places;
}

/// What Retort's reader says of a manifest that is right but for its data.
Judged read_by_retort(const fs::path &file) {
    const framework::Manifest manifest = framework::Manifest::read(file);
    return {file.string(), framework::to_text(read_plan(manifest, registry()).resolved), {}, {}};
}

/// The quick example with a row's settings; nothing where a setting has no place to go.
std::vector<Judged> set_by(const Row &row) {
    framework::Manifest manifest = framework::Manifest::read(example / "quick.json");
    try {
        for (const std::string &setting : tiny(values_of(row.cause)))
            manifest.set(setting, registry());
    } catch (const framework::Error &) {
        return {};
    }
    const auto beyond = beyond_a_schema.find(row.cause);
    return {{row.cause, framework::to_text(manifest.root()), places_of(row.err),
             beyond == beyond_a_schema.end() ? "" : beyond->second}};
}

std::vector<fs::path> files_below(const fs::path &folder, const std::string &ending) {
    std::vector<fs::path> files;
    for (const fs::directory_entry &entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ending)
            files.push_back(entry.path());
    return files;
}

/// The blocks of a Markdown page that are manifests.
std::vector<std::string> manifests_in(const fs::path &page) {
    std::vector<std::string> found;
    const std::string text = read_file(page);
    const std::string begin = "\n```json\n";
    for (std::size_t at = text.find(begin); at != text.npos; at = text.find(begin, at + 1)) {
        const std::size_t start = at + begin.size();
        const std::string block = text.substr(start, text.find("\n```", start) - start);
        if (contains(block, "\"format\""))
            found.push_back(block);
    }
    return found;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_validator_refuses_what_the_page_of_errors_has) {
    std::vector<Judged> manifests;
    std::size_t elsewhere_too = 0;
    const std::vector<Row> rows = rows_of("Settings");
    for (const Row &row : rows)
        for (Judged &judged : set_by(row)) {
            elsewhere_too += judged.beyond.empty() ? 0 : 1;
            manifests.push_back(std::move(judged));
        }
    BOOST_TEST(manifests.size() == rows.size() - 1); // the stage "destil", to which no setting finds its way
    BOOST_TEST(elsewhere_too == beyond_a_schema.size());
    for (const Row &row : rows_of("Text of a manifest"))
        for (const auto &[name, text] : manifest_texts)
            if (name == row.cause)
                manifests.push_back({name, text, places_of(row.err), {}});
    check_agreement(printed_schema(), manifests);
}

BOOST_AUTO_TEST_CASE(a_validator_accepts_the_examples_and_what_becomes_of_them) {
    std::vector<Judged> manifests;
    for (const fs::path &file : files_below(example.parent_path(), ".json")) {
        if (!contains(read_file(file), "\"format\""))
            continue; // it is no manifest
        manifests.push_back({file.string(), read_file(file), {}, {}});
        manifests.push_back(read_by_retort(file));
    }
    BOOST_TEST(manifests.size() >= 8U);
    check_agreement(printed_schema(), manifests);
}

BOOST_AUTO_TEST_CASE(a_validator_accepts_the_manifests_of_the_documentation) {
    std::vector<Judged> manifests;
    for (const fs::path &page : files_below(example.parent_path().parent_path() / "docs", ".md"))
        for (const std::string &text : manifests_in(page))
            manifests.push_back({page.string(), text, {}, {}});
    BOOST_TEST(!manifests.empty());
    check_agreement(printed_schema(), manifests);
}

BOOST_AUTO_TEST_CASE(the_schema_is_that_of_the_plugins_present) {
    const Workbench bench;
    bench.add_plugin("fixture_good");
    bench.add_plugin("fixture_faulty");
    const std::string schema = printed_schema({"--plugin-path", bench.path("plugins")});
    BOOST_TEST(contains(schema, "\"observer.silent\""));
    BOOST_TEST(contains(schema, "fixture_faulty 9.9"));
    BOOST_TEST(!contains(printed_schema(), "silent"));
}

BOOST_AUTO_TEST_CASE(the_schema_is_printed_to_the_same_bytes) {
    BOOST_TEST((printed_schema() == printed_schema()));
}

BOOST_AUTO_TEST_SUITE_END()
