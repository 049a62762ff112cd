// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <plugins/observers/figures/events.hpp>
#include <plugins/observers/figures/gnuplot_text.hpp>
#include <string_view>
#include <utility>

namespace retort::observer_figures {

namespace {

constexpr std::size_t longest_label = 44; ///< what half of the figure has room for
constexpr std::size_t label_rows = 4;     ///< labels of changes that are close to each other stand below each other

/// The rows of a table with texts in quotes (RFC 4180).
std::vector<std::vector<std::string>> rows_of(std::string_view text) {
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> row(1);
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char character = text[i];
        if (character == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"')
            row.back() += text[i++];
        else if (character == '"')
            quoted = !quoted;
        else if (quoted || (character != ',' && character != '\n'))
            row.back() += character;
        else if (character == ',')
            row.emplace_back();
        else
            rows.push_back(std::exchange(row, std::vector<std::string>(1)));
    }
    return rows;
}

void erase_prefix(std::string &text, const std::string &prefix) {
    if (text.starts_with(prefix))
        text.erase(0, prefix.size());
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

/// Its figures are left out.
std::string short_alarm(std::string text, const std::string &adversary) {
    text.resize(std::min(text.size(), text.find(": ", text.find(": ") + 2)));
    erase_prefix(text, "adversary " + adversary + ": ");
    return text;
}

/// Or of what all adversaries share.
bool is_alarm_of(const Event &event, const std::string &adversary) {
    return event.kind == "alarm" &&
           (event.message.starts_with("adversary " + adversary + ": ") || !event.message.starts_with("adversary "));
}

} // namespace

std::vector<Event> read_events(const std::filesystem::path &path) {
    std::ifstream in(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    std::vector<Event> events;
    for (const std::vector<std::string> &row : rows_of(text)) {
        Event event;
        const char *end = row[0].data() + row[0].size();
        if (row.size() != 4 || std::from_chars(row[0].data(), end, event.step).ptr != end)
            continue; // the header
        event.kind = row[2];
        event.message = row[3];
        events.push_back(std::move(event));
    }
    return events;
}

std::string label_of(const Event &event, const std::string &stage, const std::string &adversary) {
    const std::size_t colon = event.message.find(": ");
    if (colon != std::string::npos && event.kind == "alarm")
        return short_alarm(event.message, adversary);
    if (!event.message.starts_with('/') || colon == std::string::npos)
        return event.message;
    std::string setting = event.message.substr(0, colon);
    erase_prefix(setting, "/stages/" + stage + "/");
    erase_prefix(setting, "adversaries/" + adversary + "/");
    erase_prefix(setting, "/");
    if (setting.ends_with("/type"))
        setting.erase(setting.rfind('/'));
    const std::string values = replaced(replaced(event.message.substr(colon), "\"", ""), " -> ", " \u2192 ");
    setting = replaced(setting, "/", " ");
    return setting.size() + values.size() <= longest_label ? setting + values : setting; // the rest is in the table
}

std::string event_marks(std::span<const Event> events, const std::string &stage, const std::string &adversary,
                        double last_step) {
    std::string text;
    std::size_t count = 0;
    for (const Event &event : events) {
        if (event.kind != "change" && !is_alarm_of(event, adversary))
            continue;
        const auto step = static_cast<double>(event.step);
        const std::string x = to_text(step);
        const bool is_right = step > 0.5 * last_step;
        const double height = 0.95 - 0.08 * static_cast<double>(count++ % label_rows);
        text += "set arrow from " + x + ", graph 0 to " + x + ", graph 1 nohead back lw 1.2 lc rgb '#888888'\n";
        text += "set label " + in_quotes(label_of(event, stage, adversary)) + " at " + x + ", graph " +
                to_text(height) + (is_right ? " right offset -0.8,0" : " left offset 0.8,0") +
                " front boxed noenhanced textcolor rgb '#222222'\n";
    }
    return text.empty() ? text : "set style textbox opaque noborder fillcolor rgb '#FFFFFF' margins 0.5,0.3\n" + text;
}

} // namespace retort::observer_figures
