// SPDX-License-Identifier: Apache-2.0
#include <support/allocations.hpp>

// The linker's --wrap sends calls of operator new (by its mangled names) and of calloc, where buffers come from, to the
// __wrap_ functions here.
namespace {

std::size_t count = 0;

} // namespace

std::size_t retort::test::allocations() {
    return count;
}

// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {
void *__real__Znwm(std::size_t size);
void *__real__Znam(std::size_t size);
void *__real__ZnwmSt11align_val_t(std::size_t size, std::size_t alignment);
void *__real__ZnamSt11align_val_t(std::size_t size, std::size_t alignment);
void *__real_calloc(std::size_t count, std::size_t size);

void *__wrap__Znwm(std::size_t size) {
    return ++count, __real__Znwm(size);
}

void *__wrap__Znam(std::size_t size) {
    return ++count, __real__Znam(size);
}

void *__wrap__ZnwmSt11align_val_t(std::size_t size, std::size_t alignment) {
    return ++count, __real__ZnwmSt11align_val_t(size, alignment);
}

void *__wrap__ZnamSt11align_val_t(std::size_t size, std::size_t alignment) {
    return ++count, __real__ZnamSt11align_val_t(size, alignment);
}

void *__wrap_calloc(std::size_t items, std::size_t size) {
    return ++count, __real_calloc(items, size);
}
}
// NOLINTEND(bugprone-reserved-identifier)
