// SPDX-License-Identifier: Apache-2.0
#include "library.hpp"

#include "refused.hpp"

#include <boost/dll/shared_library.hpp>

#include <cfenv>
#include <cstdlib>
#include <cxxabi.h>
#include <dlfcn.h>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>

namespace retort::framework {

namespace fs = std::filesystem;

namespace {

/// Puts the floating-point control registers back when it goes out of scope: static constructors of a library linked
/// with -ffast-math flip them for the whole thread.
class FloatingPointGuard {
  public:
    FloatingPointGuard() { std::fegetenv(&kept_); }

    FloatingPointGuard(const FloatingPointGuard &) = delete;
    FloatingPointGuard &operator=(const FloatingPointGuard &) = delete;

    ~FloatingPointGuard() { std::fesetenv(&kept_); }

    [[nodiscard]] bool flipped() const {
        constexpr unsigned int status = 0x3F; // the exception flags of MXCSR, which any arithmetic sets
        std::fenv_t now;
        std::fegetenv(&now);
        return now.__control_word != kept_.__control_word || ((now.__mxcsr ^ kept_.__mxcsr) & ~status) != 0;
    }

  private:
    std::fenv_t kept_;
};

std::string demangled(const std::string &symbol) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text(
        abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), &std::free);
    return text ? text.get() : symbol;
}

/// The reason of the system's loader, "OBJECT: WHAT", in our words where it says what is missing.
Refused cannot_open(const fs::path &file, const std::string &reason) {
    constexpr std::string_view undefined = "undefined symbol: ";
    if (const std::size_t at = reason.find(undefined); at != reason.npos) {
        const std::string symbol = reason.substr(at + undefined.size());
        const std::string object = reason.substr(0, reason.find(':'));
        return {Refusal::unresolved_symbol, (object == file ? "it needs" : "it needs " + object + ", which needs") +
                                                " the symbol " + demangled(symbol) +
                                                ", which no library has that it names"};
    }
    // A library that is missing goes by its name alone; every other reason begins with a path.
    const std::string object = reason.substr(0, reason.find(": "));
    if (object != reason && object.find('/') == object.npos)
        return {Refusal::missing_library,
                "it needs the library " + object + ", which cannot be opened" + reason.substr(object.size())};
    return {Refusal::cannot_be_opened, "it cannot be opened: " + reason};
}

/// What a library throws when it is opened ends the process here: whether it would get through the system's loader and
/// what lies around this is up to the compiler.
boost::dll::shared_library load_now(const fs::path &file, std::error_code &failure) try {
    using Mode = boost::dll::load_mode::type;
    const auto mode = static_cast<Mode>(boost::dll::load_mode::rtld_now | RTLD_NODELETE);
    return {file, mode, failure};
} catch (...) {
    std::terminate(); // of noexcept it would not say what was thrown
}

boost::dll::shared_library open_file(const fs::path &file) {
    std::error_code failure;
    boost::dll::shared_library library = load_now(file, failure);
    if (failure) {
        const char *reason = ::dlerror(); // says which symbol or library is missing; Boost's code does not
        throw cannot_open(file, reason == nullptr ? failure.message() : reason);
    }
    return library;
}

/// What is remembered of a library for as long as the process lives: its static constructors run only once.
struct Opened {
    std::string sha256; ///< of the file when it was opened
    bool flips;         ///< whether that flipped the floating-point state
};

Opened remember(const boost::dll::shared_library &library, const Opened &now) {
    static std::mutex mutex;
    static std::map<const void *, Opened> all;
    const std::lock_guard lock(mutex);
    Opened &opened = all.try_emplace(library.native(), now).first->second;
    opened.flips = opened.flips || now.flips;
    return opened;
}

} // namespace

const sdk::Plugin &open_library(const Candidate &candidate) {
    const fs::path &file = candidate.found.file;
    const FloatingPointGuard floating_point;
    const boost::dll::shared_library library = open_file(file);
    const Opened opened = remember(library, {candidate.found.sha256, floating_point.flipped()});
    if (opened.sha256 != candidate.found.sha256)
        throw Refused(Refusal::changed, "it is not the file that this process opened under its name; what was opened "
                                        "stays until the process ends");
    if (identity_of(file) != candidate.identity)
        throw Refused(Refusal::changed, "it was changed while it was loaded");
    if (opened.flips)
        throw Refused(Refusal::floating_point,
                      "opening it changed how the processor rounds or treats denormal numbers: it, or a "
                      "library it needs, was linked with -ffast-math");
    const auto &plugin = library.get<const sdk::Plugin>(candidate.entry);
    if (plugin.name != candidate.found.plugin)
        throw Refused(Refusal::other_name,
                      "it calls itself \"" + std::string(plugin.name) + "\", but its entry is " + candidate.entry);
    return plugin;
}

} // namespace retort::framework
