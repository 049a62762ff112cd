// SPDX-License-Identifier: Apache-2.0
// What an interrupted run left behind: the checkpoint of a stage, without the digest at its end, which is put there;
// or, if it begins with "{", the record of a stage that is complete.
#include "target.hpp"

#include <retort/framework/json_text.hpp>

#include <boost/json/array.hpp>

#include <cstring>
#include <framework/source/files/sha256.hpp>
#include <framework/source/files/state_file.hpp>
#include <framework/source/run/checkpoints.hpp>
#include <framework/source/support/json_parse.hpp>
#include <support/temporary_folder.hpp>

using namespace retort;
using framework::ErrorCode;
using framework::StateFile;
using fuzz::check;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t header_begin = 16; ///< after the magic and the header's length

fs::path run_folder() {
    fs::create_directories(fuzz::scratch("run") / "checkpoints");
    return fuzz::scratch("run");
}

/// Arrays such as a file claims to have: one of another type, or larger than the file, is left out.
class ClaimedState {
  public:
    ClaimedState(const json::array &entries, std::size_t file_size) {
        for (const json::value &entry : entries)
            if (const auto *object = entry.if_object(); object != nullptr && arrays_.size() < most_arrays)
                add(*object, file_size);
    }

    void show(sdk::StateVisitor &visitor) {
        for (Array &array : arrays_) {
            if (array.type == "f32")
                visitor.array(array.name, std::span(reinterpret_cast<float *>(array.values.data()), array.count));
            else if (array.type == "f64")
                visitor.array(array.name, std::span(reinterpret_cast<double *>(array.values.data()), array.count));
            else
                visitor.array(array.name, std::span(array.values.data(), array.count));
        }
    }

  private:
    static constexpr std::size_t most_arrays = 64;

    struct Array {
        std::string name;
        std::string type;
        std::size_t count;
        std::vector<std::uint64_t> values; ///< room and alignment for each type
    };

    void add(const json::object &entry, std::size_t file_size) {
        const json::value *name = entry.if_contains("name");
        const json::value *type = entry.if_contains("type");
        const json::value *count = entry.if_contains("count");
        if (name == nullptr || !name->is_string() || type == nullptr || count == nullptr || !count->is_int64())
            return;
        const std::int64_t elements = count->get_int64();
        const bool known = *type == "f32" || *type == "f64" || *type == "u64";
        if (!known || elements < 0 || elements > static_cast<std::int64_t>(file_size))
            return;
        const auto size = static_cast<std::size_t>(elements);
        arrays_.push_back(
            {std::string(name->get_string()), std::string(type->get_string()), size, std::vector<std::uint64_t>(size)});
    }

    std::vector<Array> arrays_;
};

std::string sealed(std::string_view bytes) {
    framework::Sha256 hash;
    hash.update(bytes.data(), bytes.size());
    const framework::Digest digest = hash.finish();
    return std::string(bytes).append(reinterpret_cast<const char *>(digest.data()), digest.size());
}

std::string_view arrays_of(std::string_view file) {
    std::uint64_t header = 0;
    std::memcpy(&header, file.data() + header_begin - sizeof(header), sizeof(header));
    return file.substr(header_begin + header);
}

/// What is restored is written to the same arrays, under the same header.
void check_state(const StateFile &file, std::string_view bytes) {
    ClaimedState state(file.header().at("arrays").get_array(), bytes.size());
    const auto show = [&](sdk::StateVisitor &visitor) { state.show(visitor); };
    if (!fuzz::accepts({ErrorCode::data}, [&] { file.restore(show); }))
        return;
    const fs::path path = fuzz::scratch("written");
    framework::write_state(path, file.header(), show);
    const StateFile again(path);
    check(framework::to_text(again.header()) == framework::to_text(file.header()),
          "a checkpoint's header is read otherwise than written");
    again.restore(show);
    const std::string written = test::read_file(path);
    constexpr std::size_t digest_size = sizeof(framework::Digest);
    check(sealed(std::string_view(written).substr(0, written.size() - digest_size)) == written, "a wrong digest");
    check(arrays_of(written) == std::string(arrays_of(bytes)).append(written.substr(written.size() - digest_size)),
          "a checkpoint holds more than is restored of it");
}

/// However it looks, a run starts, and says why it does not go on.
framework::StageRemains remains_of(const json::object &key) {
    framework::RunLog log(framework::LogSink{});
    return framework::Checkpoints(run_folder(), 2, log).find("learn", key);
}

void read_checkpoint(std::string_view bytes) {
    const fs::path path = run_folder() / "checkpoints" / "learn.000000001.checkpoint";
    test::write_file(path, bytes);
    (void)fuzz::accepts({ErrorCode::data}, [&] { const StateFile file(path); });
    test::write_file(path, sealed(bytes));
    std::optional<StateFile> file;
    json::object key;
    if (fuzz::accepts({ErrorCode::data}, [&] { file.emplace(path); })) {
        check_state(*file, bytes);
        if (const json::value *found = file->header().if_contains("key"); found != nullptr && found->is_object())
            key = found->get_object();
    }
    const framework::StageRemains remains = remains_of(key);
    check(!remains.complete && (file || !remains.checkpoint), "a damaged checkpoint is gone on with");
}

void read_record(std::string_view text) {
    const fs::path path = run_folder() / "checkpoints" / "learn.json";
    test::write_file(path, text);
    json::object key;
    (void)fuzz::accepts({ErrorCode::manifest}, [&] {
        const json::value record = framework::parse_json(text, "record");
        const json::value *found = record.is_object() ? record.get_object().if_contains("key") : nullptr;
        if (found != nullptr && found->is_object())
            key = found->get_object();
    });
    const framework::StageRemains remains = remains_of(key);
    check(remains.weights.empty() || remains.complete.has_value(), "weights of a stage that is not complete");
    fs::remove(path);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view bytes = fuzz::text_of(data, size);
    const fuzz::Allowance allowance(fuzz::in_proportion(size, 1000));
    bytes.starts_with("{") ? read_record(bytes) : read_checkpoint(bytes);
    fs::remove(run_folder() / "checkpoints" / "learn.000000001.checkpoint");
    return 0;
}
