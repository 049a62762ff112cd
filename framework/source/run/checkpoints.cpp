// SPDX-License-Identifier: Apache-2.0
#include "checkpoints.hpp"

#include "../files/atomic_file.hpp"
#include "../files/sha256.hpp"
#include "../support/json_parse.hpp"
#include "result.hpp"
#include "run_directory.hpp"
#include "stage_key.hpp"

#include <retort/framework/error.hpp>
#include <retort/framework/json_text.hpp>

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <system_error>

namespace retort::framework {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::string_view extension = ".checkpoint";

/// "<stage>.000000469.checkpoint": nine digits sort as numbers.
std::string name_of(const std::string &stage, std::uint64_t step) {
    const std::string digits = std::to_string(step);
    return stage + "." + std::string(9 - std::min<std::size_t>(9, digits.size()), '0') + digits +
           std::string(extension);
}

/// Splits such a name; nothing if it is none.
std::optional<std::pair<std::string, std::uint64_t>> split_name(const std::string &name) {
    if (!name.ends_with(extension))
        return {};
    const std::string stem = name.substr(0, name.size() - extension.size());
    const std::size_t dot = stem.rfind('.');
    std::uint64_t step = 0;
    if (dot == stem.npos || std::from_chars(stem.data() + dot + 1, stem.data() + stem.size(), step).ec != std::errc{})
        return {};
    return std::pair{stem.substr(0, dot), step};
}

std::vector<std::string> strings_of(const json::value &array) {
    std::vector<std::string> result;
    for (const json::value &text : array.as_array())
        result.emplace_back(text.as_string());
    return result;
}

json::array array_of(const std::vector<std::string> &texts) {
    json::array array(texts.begin(), texts.end());
    return array;
}

std::vector<fs::path> entries_of(const fs::path &folder) {
    std::vector<fs::path> result;
    std::error_code error;
    for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::end(entry); entry.increment(error))
        result.push_back(entry->path());
    std::sort(result.begin(), result.end());
    return result;
}

void remove_file(const fs::path &file) {
    std::error_code error;
    fs::remove(file, error);
    if (error)
        throw Error(ErrorCode::output, file.string(), "the file cannot be removed: " + error.message());
}

} // namespace

Checkpoints::Checkpoints(fs::path run, std::uint64_t keep, RunLog &log)
    : run_(std::move(run)), folder_(run_.empty() ? fs::path() : run_ / "checkpoints"), keep_(keep), log_(log) {}

fs::path Checkpoints::record_of(const std::string &stage) const {
    return folder_ / (stage + ".json");
}

/// Newest first.
std::vector<Checkpoints::Found> Checkpoints::list(const std::string &stage) const {
    std::vector<Found> found;
    for (const fs::path &entry : entries_of(folder_))
        if (const auto parts = split_name(entry.filename().string()); parts && parts->first == stage)
            found.push_back({parts->second, entry});
    std::sort(found.begin(), found.end(), [](const Found &a, const Found &b) { return a.step > b.step; });
    return found;
}

StageRemains Checkpoints::find(const std::string &stage, const json::object &key) const {
    StageRemains remains;
    if (run_.empty())
        return remains;
    find_complete(stage, key, remains);
    if (!remains.complete)
        find_checkpoint(stage, key, remains);
    if (remains.complete || remains.checkpoint)
        remains.differences.clear();
    return remains;
}

void Checkpoints::find_complete(const std::string &stage, const json::object &key, StageRemains &remains) const {
    const fs::path path = record_of(stage);
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return;
    try {
        const json::value record = parse_json(std::string(std::istreambuf_iterator<char>(in), {}), path.string());
        const json::object &then = record.at("key").as_object();
        if (then != key) {
            remains.differences = differences(then, key);
            return;
        }
        for (const auto &[file, digest] : record.at("weights").as_object()) {
            if (!stays_inside(fs::path(std::string(file))))
                throw std::runtime_error("its weights would lie outside the run directory");
            if (sha256_of(run_ / std::string(file)) != std::string(digest.as_string()))
                throw std::runtime_error("its weights " + std::string(file) + " are missing or damaged");
            remains.weights.emplace_back(file);
        }
        remains.files = strings_of(record.at("files"));
        remains.complete = record_from_json(record.at("stage").as_object());
    } catch (const std::exception &error) {
        remains.weights.clear();
        log_.write(LogLevel::warning,
                   "stage " + stage + " is complete in " + path.string() + ", but cannot be loaded: " + error.what());
    }
}

void Checkpoints::find_checkpoint(const std::string &stage, const json::object &key, StageRemains &remains) const {
    for (const Found &found : list(stage)) {
        try {
            StateFile file(found.path);
            const json::object &then = file.header().at("key").as_object();
            const json::object now = key_of_epochs(key, file.header().at("epochs").to_number<std::uint64_t>());
            if (then != now) {
                remains.differences = differences(then, now);
                return;
            }
            remains.files = strings_of(file.header().at("files"));
            remains.checkpoint.emplace(std::move(file));
            return;
        } catch (const std::exception &error) {
            log_.write(LogLevel::warning, std::string(error.what()) + "; the checkpoint before it is taken");
        }
    }
}

void Checkpoints::remove(const std::string &stage, bool complete) const {
    for (const Found &found : list(stage))
        remove_file(found.path);
    if (!run_.empty() && !complete)
        remove_file(record_of(stage));
}

void Checkpoints::remove_others(const std::vector<std::string> &stages) const {
    for (const fs::path &entry : entries_of(folder_)) {
        const auto parts = split_name(entry.filename().string());
        const std::string stage = parts ? parts->first : entry.stem().string();
        const bool ours = parts || entry.extension() == ".json" || entry.extension() == ".partial";
        if (ours && std::find(stages.begin(), stages.end(), stage) == stages.end())
            remove_file(entry);
    }
}

void Checkpoints::write(const std::string &stage, const json::object &key, const std::vector<std::string> &files,
                        StageLoop &loop) const {
    if (run_.empty())
        return;
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error)
        throw Error(ErrorCode::output, folder_.string(), "the folder cannot be made: " + error.message());
    write_state(folder_ / name_of(stage, loop.done()),
                {{"stage", stage},
                 {"step", loop.done()},
                 {"epochs", loop.epochs_begun()},
                 {"key", key_of_epochs(key, loop.epochs_begun())},
                 {"files", array_of(files)}},
                [&](sdk::StateVisitor &visitor) { loop.visit_state(visitor); });
    prune(stage, loop.done(), loop.selected_step());
}

/// Those that are newer than the one just written are damaged, or of another key: nobody will go on with them.
void Checkpoints::prune(const std::string &stage, std::uint64_t newest, std::uint64_t selected) const {
    std::uint64_t kept = 0;
    for (const Found &found : list(stage)) {
        const bool latest = found.step <= newest && kept < keep_;
        kept += latest ? 1 : 0;
        if (!latest && found.step != selected)
            remove_file(found.path);
    }
}

void Checkpoints::complete(const StageRecord &stage, const json::object &key, const std::vector<std::string> &files,
                           const std::vector<std::string> &weights) const {
    if (run_.empty())
        return;
    std::error_code error;
    fs::create_directories(folder_, error);
    json::object digests;
    for (const std::string &file : weights)
        digests[file] = sha256_of(run_ / file);
    AtomicFile out(record_of(stage.name));
    out.write(to_text(json::object{{"stage", record_to_json(stage)},
                                   {"weights", std::move(digests)},
                                   {"files", array_of(files)},
                                   {"key", key}},
                      JsonLayout::pretty));
    out.commit();
    remove(stage.name, true);
}

} // namespace retort::framework
