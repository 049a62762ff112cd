// SPDX-License-Identifier: Apache-2.0
// A manifest: its text, the plan that is read of it, its pins, and the text that `retort lock` makes of it.
#include "target.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/pins.hpp>
#include <retort/framework/plan.hpp>

#include <framework/fake_registry.hpp>
#include <framework/source/manifest/manifest_text.hpp>

using namespace retort;
using framework::ErrorCode;
using framework::JsonLayout;
using framework::Manifest;
using fuzz::check;
namespace json = boost::json;

namespace {

const framework::Registry &registry() {
    static const framework::Registry all = test::fake_registry();
    return all;
}

Manifest parsed(std::string_view text) {
    return Manifest::parse(text, "manifest.json", "/manifests");
}

void check_text(const json::value &root) {
    for (const JsonLayout layout : {JsonLayout::line, JsonLayout::pretty}) {
        const std::string text = framework::to_text(root, layout);
        check(framework::to_text(parsed(text).root(), layout) == text,
              "a manifest's text is read otherwise than it was written");
    }
}

/// The resolved manifest is one that means the same.
void check_plan(const Manifest &manifest) {
    framework::Plan plan;
    if (!fuzz::accepts({ErrorCode::manifest, ErrorCode::plugin}, [&] { plan = read_plan(manifest, registry()); }))
        return;
    const std::string resolved = framework::to_text(plan.resolved, JsonLayout::pretty);
    const framework::Plan again = read_plan(parsed(resolved), registry());
    check(framework::to_text(again.resolved, JsonLayout::pretty) == resolved,
          "a resolved manifest resolves to another");
}

void check_lock(std::string_view text, const Manifest &manifest) {
    if (!manifest.root().is_object())
        return;
    const json::object pins{{"idx", {{"sha256", "0"}}}};
    json::value expected = manifest.root();
    expected.get_object()["plugins"] = pins;
    const std::string locked = framework::with_member(text, "plugins", pins);
    check(framework::to_text(parsed(locked).root()) == framework::to_text(expected),
          "a pin changes more of the manifest than its pins");
    check(framework::with_member(locked, "plugins", pins) == locked, "pinning twice changes the text twice");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    (void)registry();
    const fuzz::Allowance allowance(fuzz::in_proportion(size, 4000)); // a mistake takes a sentence
    Manifest manifest;
    if (!fuzz::accepts({ErrorCode::manifest}, [&] { manifest = parsed(text); }))
        return 0;
    check_text(manifest.root());
    check_lock(text, manifest);
    (void)fuzz::accepts({ErrorCode::manifest}, [&] { (void)pins_of(manifest); });
    check_plan(manifest);
    return 0;
}
