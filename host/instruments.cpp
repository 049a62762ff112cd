// SPDX-License-Identifier: Apache-2.0
#include "instruments.hpp"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <execinfo.h>
#include <iostream>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RETORT_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define RETORT_COUNTS_ALLOCATIONS 0
#endif
#endif
#ifndef RETORT_COUNTS_ALLOCATIONS
#define RETORT_COUNTS_ALLOCATIONS 1
#endif

namespace {

thread_local bool counting = false;
thread_local retort::sdk::conformance::Instruments::Counts counts;
thread_local const void *plugin = nullptr;

/// The file that holds the code at `address`, and where it is mapped.
Dl_info file_of(const void *address) {
    Dl_info info{};
    ::dladdr(address, &info);
    return info;
}

/// Whether who asks for memory here asks on behalf of another.
bool passes_on(const Dl_info &info) {
    const std::string_view name = info.dli_fname == nullptr ? "" : info.dli_fname;
    for (const std::string_view library : {"/libc.so", "/libstdc++.so", "/libc++.so", "/libc++abi.so", "/libgcc_s.so"})
        if (name.find(library) != std::string_view::npos)
            return true;
    return false;
}

/// Whether the nearest caller outside the standard libraries is the plugin. The first two frames are those of this
/// file.
__attribute__((noinline)) bool asked_by_plugin() {
    std::array<void *, 32> frames{};
    const int depth = ::backtrace(frames.data(), static_cast<int>(frames.size()));
    for (int i = 3; i < depth; ++i) {
        const Dl_info info = file_of(frames[static_cast<std::size_t>(i)]);
        if (!passes_on(info))
            return info.dli_fbase == plugin;
    }
    return false;
}

[[maybe_unused]] __attribute__((noinline)) void enter(const void *block) {
    if (!counting || block == nullptr)
        return;
    counting = false; // what backtrace allocates does not count
    ++counts.alive;
    counts.own += plugin != nullptr && asked_by_plugin() ? 1 : 0;
    counting = true;
}

[[maybe_unused]] void leave(const void *block) {
    if (counting && block != nullptr)
        --counts.alive;
}

} // namespace

#if RETORT_COUNTS_ALLOCATIONS
// NOLINTBEGIN(bugprone-reserved-identifier): the C library's own names
extern "C" {
void *__libc_malloc(std::size_t size);
void *__libc_calloc(std::size_t count, std::size_t size);
void *__libc_realloc(void *block, std::size_t size);
void *__libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void *block);

RETORT_VISIBLE void *malloc(std::size_t size) {
    void *const block = __libc_malloc(size);
    enter(block);
    return block;
}

RETORT_VISIBLE void *calloc(std::size_t count, std::size_t size) {
    void *const block = __libc_calloc(count, size);
    enter(block);
    return block;
}

RETORT_VISIBLE void *realloc(void *block, std::size_t size) {
    leave(block);
    void *const moved = __libc_realloc(block, size);
    enter(moved == nullptr && size > 0 ? block : moved);
    return moved;
}

RETORT_VISIBLE void *memalign(std::size_t alignment, std::size_t size) {
    void *const block = __libc_memalign(alignment, size);
    enter(block);
    return block;
}

RETORT_VISIBLE void *aligned_alloc(std::size_t alignment, std::size_t size) {
    void *const block = __libc_memalign(alignment, size);
    enter(block);
    return block;
}

RETORT_VISIBLE int posix_memalign(void **result, std::size_t alignment, std::size_t size) {
    void *const block = __libc_memalign(alignment, size);
    enter(block);
    if (block == nullptr)
        return 12; // ENOMEM
    *result = block;
    return 0;
}

RETORT_VISIBLE void free(void *block) {
    leave(block);
    __libc_free(block);
}
}
// NOLINTEND(bugprone-reserved-identifier)
#endif

namespace retort::host {

ProcessInstruments::ProcessInstruments(const sdk::AnyFactory &factory)
    : file_(::memfd_create("what a plugin prints", MFD_CLOEXEC)) {
    const void *table = nullptr; // the object's first word is the address of its class's table, in the plugin's file
    std::memcpy(&table, static_cast<const void *>(&factory), sizeof(table));
    plugin_ = file_of(table).dli_fbase;
    std::array<void *, 1> frame{};
    ::backtrace(frame.data(), 1); // loads what it needs
}

ProcessInstruments::~ProcessInstruments() {
    if (kept_[0] >= 0)
        (void)release_output();
    ::close(file_);
}

void ProcessInstruments::start(bool own) {
    plugin = own ? plugin_ : nullptr;
    counts = {};
    counting = true;
}

sdk::conformance::Instruments::Counts ProcessInstruments::stop() {
    counting = false;
    return counts;
}

std::string ProcessInstruments::blindness() {
    return RETORT_COUNTS_ALLOCATIONS != 0 ? "" : "under a sanitizer allocations are not counted; it finds leaks itself";
}

void ProcessInstruments::catch_output() {
    std::cout << std::flush;
    std::fflush(nullptr);
    for (std::size_t i = 0; i < kept_.size(); ++i) {
        kept_[i] = ::dup(static_cast<int>(i) + 1);
        ::dup2(file_, static_cast<int>(i) + 1);
    }
}

std::string ProcessInstruments::release_output() {
    std::cout << std::flush;
    std::fflush(nullptr);
    for (std::size_t i = 0; i < kept_.size(); ++i) {
        ::dup2(kept_[i], static_cast<int>(i) + 1);
        ::close(kept_[i]);
        kept_[i] = -1;
    }
    std::string text(static_cast<std::size_t>(::lseek(file_, 0, SEEK_END)), '\0');
    if (!text.empty() && ::pread(file_, text.data(), text.size(), 0) < 0)
        text = "something";
    (void)!::ftruncate(file_, 0);
    ::lseek(file_, 0, SEEK_SET);
    return text;
}

} // namespace retort::host
