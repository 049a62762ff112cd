// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace retort::framework {

/// Why a file is no plugin that can be used, for programs; people read the sentence that goes with it.
enum class Refusal {
    none,
    no_file,           ///< it is not there
    no_regular_file,   ///< a folder, a device
    unreadable,        ///< the system does not let it be read
    unsafe,            ///< others can write it or its folder, or own it
    empty,             ///< 0 bytes
    too_large,         ///< for a plugin
    no_elf,            ///< something else than an ELF file
    other_machine,     ///< an ELF file for another processor
    no_library,        ///< an ELF file, but a program or an object
    truncated,         ///< parts of it are missing
    damaged,           ///< it contradicts itself
    no_stamp,          ///< no plugin of Retort
    several_stamps,    ///< more than one plugin in one file
    stamp,             ///< built for another Retort or with other options
    no_entry,          ///< a stamp, but nothing to call
    several_entries,   ///< more than one plugin in one file
    pin,               ///< its digest is not the one that the manifest pins
    duplicate,         ///< another file in its folder is the plugin of this name too
    shadowed,          ///< a plugin of this name was found in an earlier folder
    crashed,           ///< a signal ended the process that tried it
    hung,              ///< the process that tried it did not end in time
    exited,            ///< it ended the process that tried it
    not_tried,         ///< the process that should try it could not be started
    missing_library,   ///< a library that it needs is not there
    unresolved_symbol, ///< no library has a symbol that it needs
    cannot_be_opened,  ///< the system's loader has another reason
    floating_point,    ///< opening it changes how the processor computes
    changed,           ///< the file is not the one that was checked
    other_name,        ///< it calls itself otherwise than its entry is called
    registration       ///< it threw while it registered, or offers what cannot be offered
};

/// Its word, as above.
[[nodiscard]] std::string_view name_of(Refusal refusal);

/// The refusal that a word names; `none` if none does.
[[nodiscard]] Refusal refusal_named(std::string_view name);

/// One thing that a plugin and its program must agree on.
struct StampField {
    std::string name;
    std::string found;    ///< in the plugin; "missing" if its stamp does not have it
    std::string expected; ///< here; of "isa", the highest level that this processor supports
    bool fits = true;
};

/// What is known of a file that may be a plugin.
struct PluginFile {
    std::filesystem::path file; ///< absolute; of a folder that cannot be read, the folder
    std::string plugin;         ///< its name, as its entry says; empty if it says none
    std::string version;        ///< empty unless it was loaded
    std::string sha256;         ///< in hexadecimal; empty if it was not read
    std::string stamp;          ///< see retort/sdk/stamp.hpp; empty if it has none
    Refusal refusal = Refusal::none;
    std::string reason; ///< a sentence that begins with "it"; empty if it was loaded

    [[nodiscard]] bool loaded() const { return refusal == Refusal::none; }

    [[nodiscard]] bool shadowed() const { return refusal == Refusal::shadowed; }

    /// Neither loaded nor shadowed by one that was.
    [[nodiscard]] bool refused() const { return !loaded() && !shadowed(); }
};

} // namespace retort::framework
