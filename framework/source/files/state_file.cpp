// SPDX-License-Identifier: Apache-2.0
#include "state_file.hpp"

#include "atomic_file.hpp"
#include "sha256.hpp"

#include <retort/framework/error.hpp>
#include <retort/framework/json_text.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <span>
#include <string_view>

namespace retort::framework {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::string_view state_magic = "RETORT01";
constexpr std::size_t prefix_size = 16; ///< magic and length of the header

/// Walks over nested components and sees arrays as named bytes.
class StateWalk : public sdk::StateVisitor {
  public:
    void array(std::string_view name, std::span<float> values) override { see(name, "f32", values); }

    void array(std::string_view name, std::span<double> values) override { see(name, "f64", values); }

    void array(std::string_view name, std::span<std::uint64_t> values) override { see(name, "u64", values); }

    void child(std::string_view name, sdk::Component &component) override {
        const std::size_t length = path_.size();
        (path_ += name) += '/';
        component.visit_state(*this);
        leave(component);
        path_.resize(length);
    }

  protected:
    StateWalk() = default;
    ~StateWalk() = default;
    StateWalk(const StateWalk &) = default;
    StateWalk &operator=(const StateWalk &) = default;

    virtual void bytes(const json::object &entry, std::span<std::byte> bytes) = 0;

    virtual void leave(sdk::Component &) {}

  private:
    template <class Value> void see(std::string_view name, std::string_view type, std::span<Value> values) {
        const std::string full = path_ + std::string(name);
        bytes({{"name", full}, {"type", json::string_view(type.data(), type.size())}, {"count", values.size()}},
              std::as_writable_bytes(values));
    }

    std::string path_;
};

class Lister final : public StateWalk {
  public:
    json::array entries;

  private:
    void bytes(const json::object &entry, std::span<std::byte>) override { entries.push_back(entry); }
};

/// An AtomicFile that is closed by the digest of all of it.
class DigestedFile {
  public:
    explicit DigestedFile(const fs::path &file) : file_(file) {}

    void write(const void *data, std::size_t size) {
        hash_.update(data, size);
        file_.write(data, size);
    }

    void commit() {
        const Digest digest = hash_.finish();
        file_.write(digest.data(), digest.size());
        file_.commit();
    }

  private:
    AtomicFile file_;
    Sha256 hash_;
};

class Writer final : public StateWalk {
  public:
    explicit Writer(DigestedFile &file) : file_(file) {}

  private:
    void bytes(const json::object &, std::span<std::byte> bytes) override { file_.write(bytes.data(), bytes.size()); }

    DigestedFile &file_;
};

/// Copies the arrays of a file, one after the other, over those that it is shown.
class Restorer final : public StateWalk {
  public:
    Restorer(const fs::path &path, const json::array &entries, std::span<const char> values)
        : path_(path), entries_(entries), values_(values) {}

    void finish() const {
        if (next_ != entries_.size())
            mismatch(to_text(entries_[next_]), "nothing");
        if (!values_.empty())
            mismatch(std::to_string(values_.size()) + " bytes more", "nothing");
    }

  private:
    void bytes(const json::object &entry, std::span<std::byte> bytes) override {
        const json::value found = next_ < entries_.size() ? entries_[next_] : json::value("nothing");
        if (found != json::value(entry) || values_.size() < bytes.size())
            mismatch(to_text(found), to_text(entry));
        if (!bytes.empty())
            std::memcpy(bytes.data(), values_.data(), bytes.size());
        values_ = values_.subspan(bytes.size());
        ++next_;
    }

    void leave(sdk::Component &component) override { component.state_restored(); }

    [[noreturn]] void mismatch(const std::string &found, const std::string &expected) const {
        throw Error(ErrorCode::data, path_.string(),
                    "the state does not fit the components: found " + found + ", expected " + expected);
    }

    const fs::path &path_;
    const json::array &entries_;
    std::span<const char> values_;
    std::size_t next_ = 0;
};

} // namespace

void write_state(const fs::path &file, json::object header, const ShowState &show) {
    Lister lister;
    show(lister);
    header["arrays"] = std::move(lister.entries);
    const std::string text = to_text(header);
    const std::uint64_t size = text.size();
    DigestedFile out(file);
    out.write(state_magic.data(), state_magic.size());
    out.write(&size, sizeof(size));
    out.write(text.data(), text.size());
    Writer writer(out);
    show(writer);
    out.commit();
}

StateFile::StateFile(const fs::path &file) : path_(file) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        damaged("it cannot be opened");
    bytes_.assign(std::istreambuf_iterator<char>(in), {});
    parse();
}

void StateFile::parse() {
    Digest stored{};
    if (bytes_.size() < prefix_size + stored.size() ||
        !std::equal(state_magic.begin(), state_magic.end(), bytes_.begin()))
        damaged("it is cut short, or no checkpoint");
    const std::size_t end = bytes_.size() - stored.size();
    std::memcpy(stored.data(), bytes_.data() + end, stored.size());
    Sha256 hash;
    hash.update(bytes_.data(), end);
    if (hash.finish() != stored)
        damaged("its checksum is wrong");
    std::uint64_t size = 0;
    std::memcpy(&size, bytes_.data() + state_magic.size(), sizeof(size));
    json::error_code error;
    json::value header;
    if (size <= end - prefix_size)
        header = json::parse({bytes_.data() + prefix_size, static_cast<std::size_t>(size)}, error);
    if (error || !header.is_object() || !header.get_object().contains("arrays") || !header.at("arrays").is_array())
        damaged("its header is malformed");
    header_ = std::move(header.get_object());
    arrays_begin_ = prefix_size + static_cast<std::size_t>(size);
    bytes_.resize(end);
}

void StateFile::restore(const ShowState &show) const {
    Restorer restorer(path_, header_.at("arrays").get_array(), std::span(bytes_).subspan(arrays_begin_));
    show(restorer);
    restorer.finish();
}

void StateFile::damaged(const std::string &what) const {
    throw Error(ErrorCode::data, path_.string(), "the checkpoint is damaged: " + what);
}

} // namespace retort::framework
