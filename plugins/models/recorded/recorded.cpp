// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/arena.hpp>
#include <retort/sdk/names.hpp>
#include <retort/sdk/plugin.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <plugins/models/recorded/recorded.hpp>

namespace retort::model_recorded {

namespace {

constexpr std::string_view logits = "logits";
constexpr std::array<sdk::Split, 3> all_splits{sdk::Split::train, sdk::Split::validation, sdk::Split::test};

/// Looks up what was recorded of each example.
class Pass final : public sdk::ModelPass {
  public:
    Pass(const Recorded &model, const sdk::PassSpec &spec) : model_(model) {
        for (const std::size_t tap : spec.taps)
            outputs_.push_back({tap, sdk::MatrixBuffer(spec.rows, model.taps()[tap].width)});
    }

    void forward(const sdk::Batch &batch, sdk::Random) override {
        rows_ = batch.inputs.rows;
        if (batch.ids.size() != rows_)
            throw sdk::Error(sdk::ErrorKind::settings,
                             "a recorded model knows examples by their numbers in the dataset, and these have none; "
                             "allowed: examples of its dataset, not augmented");
        for (const Output &output : outputs_)
            for (std::size_t r = 0; r < rows_; ++r)
                std::ranges::copy(model_.row(output.tap, batch.split, batch.ids[r]),
                                  output.values.view().row(r).begin());
    }

    [[nodiscard]] sdk::ConstMatrix tap(std::size_t index) const override {
        const auto found = std::ranges::find_if(outputs_, [&](const Output &output) { return output.tap == index; });
        if (found == outputs_.end())
            throw sdk::Error(sdk::ErrorKind::plugin,
                             "tap " + std::to_string(index) + " is not among those that the pass was made for");
        return found->values.view(rows_);
    }

    void backward(std::span<const sdk::TapGradient>, sdk::Write) override {
        throw sdk::Error(sdk::ErrorKind::plugin, "a recorded model has no gradients");
    }

  private:
    struct Output {
        std::size_t tap;
        sdk::MatrixBuffer values;
    };

    const Recorded &model_;
    std::vector<Output> outputs_;
    std::size_t rows_ = 0; ///< of the last forward
};

std::string text_of(double value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 6).ptr;
    return {text.data(), end};
}

void check_finite(const Record &record, std::span<const float> values) {
    const auto bad = std::ranges::find_if(values, [](float value) { return !std::isfinite(value); });
    if (bad == values.end())
        return;
    const auto place = static_cast<std::size_t>(bad - values.begin());
    record.fail("number " + std::to_string(place % record.width()) + " of row " +
                std::to_string(place / record.width()) + ", counted from 0, is " + text_of(static_cast<double>(*bad)) +
                "; allowed: finite numbers");
}

/// Logits that are taken for probabilities would go unnoticed, and teach nonsense.
void check_probabilities(const Record &record, std::span<const float> values) {
    constexpr double tolerance = 1e-3; // of a sum of numbers that may have been of half precision once
    for (std::size_t row = 0; row < record.rows(); ++row) {
        double sum = 0.0;
        float least = 0.0F;
        for (const float value : values.subspan(row * record.width(), record.width())) {
            sum += static_cast<double>(value);
            least = std::min(least, value);
        }
        if (least < 0.0F || std::abs(sum - 1.0) > tolerance)
            record.fail("row " + std::to_string(row) +
                        ", counted from 0, is no distribution over classes: its sum is " + text_of(sum) +
                        ", its least number " + text_of(static_cast<double>(least)) +
                        "; allowed: probabilities, which are not negative and sum to 1, or \"probabilities\": false "
                        "for logits");
    }
}

} // namespace

void TapFiles::fields(sdk::Fields &fields) {
    fields("train", train, "Of the training examples; empty: none.");
    fields("validation", validation, "Of the validation examples.");
    fields("test", test, "Of the test examples.");
}

void Recorded::Settings::fields(sdk::Fields &fields) {
    fields.required(
        "taps", taps,
        "Files of each tap, \"logits\" among them: NPY of float32 [examples, width], row i being example i "
        "of the dataset's own files, or what `retort predict` writes as NPY. Pairs name a tap as it is named "
        "here, such as hidden_0. Paths are relative to the manifest's directory.");
    fields("probabilities", probabilities,
           "Whether the files of \"logits\" hold the probabilities of the classes, each row summing to 1, whose "
           "logarithms the logits then are. Those that `retort predict` writes always do.");
}

Recorded::Recorded(const Settings &settings, const sdk::ModelContext &context)
    : data_(context.data), probabilities_(settings.probabilities) {
    recordings_.reserve(settings.taps.items.size());
    for (const auto &[name, files] : settings.taps.items)
        if (name != logits)
            add(name, files, context);
    for (const auto &[name, files] : settings.taps.items)
        if (name == logits)
            add(name, files, context);
    if (taps_.empty() || taps_.back().name != logits)
        throw sdk::Error(sdk::ErrorKind::settings, "there is no tap \"logits\"; allowed: taps with that one among them",
                         "/taps");
    if (taps_.back().width != context.classes)
        throw sdk::Error(sdk::ErrorKind::settings,
                         "the files have " + std::to_string(taps_.back().width) + " numbers a row; allowed: " +
                             std::to_string(context.classes) + ", as many as the dataset has classes",
                         "/taps/logits");
}

void Recorded::add(const std::string &name, const TapFiles &files, const sdk::ModelContext &context) {
    const std::string pointer = "/taps/" + name;
    Recording &recording = recordings_.emplace_back();
    recording.name = name;
    const std::array<const std::string *, splits> named{&files.train, &files.validation, &files.test};
    for (std::size_t i = 0; i < splits; ++i)
        if (!named[i]->empty())
            open(recording.parts[i], *named[i], all_splits[i], pointer, context);
    taps_.push_back({recording.name, width_of(recording, pointer)});
}

void Recorded::open(Part &part, const std::string &file, sdk::Split split, const std::string &pointer,
                    const sdk::ModelContext &context) const {
    const Record &record = part.record.emplace(std::filesystem::path(context.directory) / file,
                                               pointer + "/" + std::string(name_of(split)));
    if (const std::size_t wanted = data_ == nullptr ? record.rows() : data_->source_size(split);
        record.rows() != wanted)
        record.fail("has " + std::to_string(record.rows()) + " rows; the dataset has its " +
                    std::string(name_of(split)) + " examples from " + std::to_string(wanted));
}

std::size_t Recorded::width_of(const Recording &recording, const std::string &pointer) const {
    std::size_t width = 0;
    for (const Part &part : recording.parts) {
        if (!part.record)
            continue;
        if (width != 0 && part.record->width() != width)
            part.record->fail("has " + std::to_string(part.record->width()) +
                              " numbers a row, that of another split has " + std::to_string(width));
        width = part.record->width();
    }
    if (width == 0)
        throw sdk::Error(sdk::ErrorKind::settings,
                         "it has no files; allowed: one of train, validation and test at least", pointer);
    return width;
}

bool Recorded::answers(sdk::Split split) const {
    return std::ranges::all_of(recordings_, [&](const Recording &recording) {
        return recording.parts[static_cast<std::size_t>(split)].record.has_value();
    });
}

void Recorded::load() {
    if (loaded_)
        return;
    digest_ = 0;
    for (Recording &recording : recordings_)
        for (Part &part : recording.parts)
            if (part.record)
                load(part, recording.name == logits);
    loaded_ = true;
}

void Recorded::load(Part &part, bool of_logits) {
    part.values = part.record->read();
    check_finite(*part.record, part.values);
    digest(part.values);
    if (!of_logits || !(probabilities_ || part.record->predictions()))
        return;
    check_probabilities(*part.record, part.values);
    for (float &value : part.values)
        value = std::log(std::max(value, std::numeric_limits<float>::min()));
}

/// FNV-1a, four bytes at a time.
void Recorded::digest(std::span<const float> values) {
    for (const float value : values)
        digest_ = (digest_ ^ std::bit_cast<std::uint32_t>(value)) * 0x100000001b3ULL + 1;
}

void Recorded::visit_state(sdk::StateVisitor &visitor) {
    visitor.value("digest", digest_);
}

std::unique_ptr<sdk::ModelPass> Recorded::make_pass(const sdk::PassSpec &spec) {
    if (spec.parameter_gradients || spec.input_gradients)
        throw sdk::Error(sdk::ErrorKind::plugin, "a recorded model has no gradients");
    load(); // where nobody gave it first values
    return std::make_unique<Pass>(*this, spec);
}

std::span<const float> Recorded::row(std::size_t tap, sdk::Split split, std::uint64_t id) const {
    const std::vector<float> &values = recordings_[tap].parts[static_cast<std::size_t>(split)].values;
    const std::uint64_t row = data_ == nullptr ? id : data_->source_row(split, id);
    const std::size_t width = taps_[tap].width;
    if (row >= values.size() / width)
        throw sdk::Error(sdk::ErrorKind::data, "nothing was recorded of example " + std::to_string(id) + " of the " +
                                                   std::string(name_of(split)) + " split");
    return std::span(values).subspan(row * width, width);
}

} // namespace retort::model_recorded

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Model, retort::model_recorded::Recorded>(
        "recorded", "Outputs of a model that ran elsewhere, read from files: a teacher of any kind.");
}
