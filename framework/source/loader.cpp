// SPDX-License-Identifier: Apache-2.0
#include "elf.hpp"
#include "stamp.hpp"

#include <retort/framework/loader.hpp>

#include <boost/dll/shared_library.hpp>

#include <algorithm>
#include <cfenv>
#include <cstdlib>
#include <dlfcn.h>
#include <exception>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace retort::framework {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view stamp_prefix = "retort_stamp__";
constexpr std::string_view entry_prefix = "retort_plugin_";

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

/// The one symbol that begins with `prefix`.
std::string only_symbol(const std::vector<std::string> &symbols, std::string_view prefix, const std::string &what) {
    std::set<std::string> found;
    for (const std::string &symbol : symbols)
        if (std::string_view(symbol).substr(0, prefix.size()) == prefix)
            found.insert(symbol);
    if (found.empty())
        throw std::runtime_error("it is no plugin of Retort: it exports no " + what + " (no symbol " +
                                 std::string(prefix) + "*)");
    if (found.size() > 1)
        throw std::runtime_error("it exports more than one " + what + ": " + *found.begin() + ", " +
                                 *std::next(found.begin()));
    return *found.begin();
}

/// Checks the file without running any of it; returns the name of the plugin's entry.
std::string inspect(const fs::path &file) {
    const std::vector<std::string> symbols = library_symbols(file);
    const std::string stamp = only_symbol(symbols, stamp_prefix, "stamp");
    const std::string mismatch = stamp_mismatch(own_stamp(), stamp, processor_level());
    if (!mismatch.empty())
        throw std::runtime_error("it was built for another Retort or with other options: " + mismatch);
    return only_symbol(symbols, entry_prefix, "entry");
}

boost::dll::shared_library open(const fs::path &file) {
    using Mode = boost::dll::load_mode::type;
    const auto mode = static_cast<Mode>(boost::dll::load_mode::rtld_now | RTLD_NODELETE);
    std::error_code failure;
    boost::dll::shared_library library(file, mode, failure);
    if (failure) {
        const char *reason = ::dlerror(); // says which symbol or library is missing; Boost's code does not
        throw std::runtime_error("it cannot be opened: " + (reason == nullptr ? failure.message() : reason));
    }
    return library;
}

/// Whether opening the library flipped the floating-point state, now or when another registry loaded it: it is opened
/// once per process, so its static constructors run only then.
bool flips_floating_point(const boost::dll::shared_library &library, bool now) {
    static std::mutex mutex;
    static std::set<const void *> flipping;
    const std::lock_guard lock(mutex);
    if (now)
        flipping.insert(library.native());
    return flipping.count(library.native()) > 0;
}

/// The files `*.so` of a folder, sorted: the order in which a folder lists them is not reproducible.
std::vector<fs::path> libraries_in(const fs::path &folder) {
    std::vector<fs::path> result;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".so")
            result.push_back(entry.path());
    std::sort(result.begin(), result.end());
    return result;
}

} // namespace

std::vector<fs::path> plugin_search_path(const std::vector<fs::path> &extra, const fs::path &executable) {
    std::vector<fs::path> result = extra;
    const char *variable = std::getenv("RETORT_PLUGIN_PATH");
    std::string_view rest = variable == nullptr ? "" : variable;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(':'), rest.size());
        if (end > 0)
            result.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    result.push_back((executable.parent_path() / "../lib/retort/plugins").lexically_normal());
    return result;
}

fs::path executable_path() {
    return fs::read_symlink("/proc/self/exe");
}

void load_plugin(Registry &registry, const fs::path &file) {
    const fs::path path = fs::absolute(file).lexically_normal();
    try {
        const std::string entry = inspect(path);
        const FloatingPointGuard floating_point;
        const boost::dll::shared_library library = open(path);
        if (flips_floating_point(library, floating_point.flipped()))
            throw std::runtime_error("opening it changed how the processor rounds or treats denormal numbers: it, or a "
                                     "library it needs, was linked with -ffast-math");
        registry.add(library.get<const sdk::Plugin>(entry), path.string());
    } catch (const Error &) {
        throw;
    } catch (const std::exception &thrown) {
        throw Error(ErrorCode::plugin, path.string(), thrown.what());
    }
}

static void load_or_reject(Registry &registry, const fs::path &file, std::vector<Rejected> &rejected) {
    try {
        load_plugin(registry, file);
    } catch (const Error &error) {
        rejected.push_back({file, error.problems().front().message});
    }
}

static void load_folder(Registry &registry, const fs::path &folder, std::vector<Rejected> &rejected) {
    try {
        for (const fs::path &file : libraries_in(folder))
            load_or_reject(registry, file, rejected);
    } catch (const fs::filesystem_error &error) {
        rejected.push_back({folder, "the folder cannot be read: " + error.code().message()});
    }
}

std::vector<Rejected> load_plugins(Registry &registry, const std::vector<fs::path> &folders,
                                   const std::vector<fs::path> &required) {
    std::error_code error;
    for (const fs::path &folder : required)
        if (!fs::is_directory(folder, error))
            throw Error(ErrorCode::plugin, folder.string(), "there is no such folder of plugins");
    std::vector<Rejected> rejected;
    std::set<fs::path> seen; // a folder named twice is no duplicate
    for (const fs::path &folder : folders) {
        const fs::path place = fs::canonical(folder, error);
        if (!error && fs::is_directory(place, error) && seen.insert(place).second)
            load_folder(registry, folder, rejected);
    }
    return rejected;
}

} // namespace retort::framework
