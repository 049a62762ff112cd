// SPDX-License-Identifier: Apache-2.0
// Operators new and delete that know how much memory is held, for Allowance.
#include "target.hpp"

#include <cstdlib>
#include <limits>
#include <malloc.h>
#include <new>

namespace {

std::size_t held = 0;
std::size_t limit = std::numeric_limits<std::size_t>::max();

void *take(std::size_t size) {
    retort::fuzz::check(size <= limit && held <= limit - size, "more memory than the input's size allows");
    void *block = std::malloc(size == 0 ? 1 : size);
    held += malloc_usable_size(block); // of a null pointer 0
    return block;
}

void *take_or_throw(std::size_t size) {
    void *block = take(size);
    if (block == nullptr)
        throw std::bad_alloc();
    return block;
}

void give_back(void *block) {
    held -= malloc_usable_size(block);
    std::free(block);
}

} // namespace

void *operator new(std::size_t size) {
    return take_or_throw(size);
}

void *operator new[](std::size_t size) {
    return take_or_throw(size);
}

void *operator new(std::size_t size, const std::nothrow_t &) noexcept {
    return take(size);
}

void *operator new[](std::size_t size, const std::nothrow_t &) noexcept {
    return take(size);
}

void operator delete(void *block) noexcept {
    give_back(block);
}

void operator delete[](void *block) noexcept {
    give_back(block);
}

void operator delete(void *block, std::size_t) noexcept {
    give_back(block);
}

void operator delete[](void *block, std::size_t) noexcept {
    give_back(block);
}

namespace retort::fuzz {

Allowance::Allowance(std::size_t bytes) {
    limit = held + bytes;
}

Allowance::~Allowance() {
    limit = std::numeric_limits<std::size_t>::max();
}

} // namespace retort::fuzz
