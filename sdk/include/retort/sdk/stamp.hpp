// SPDX-License-Identifier: Apache-2.0
#pragma once

// The stamp of a binary: everything that two binaries must agree on before a C++ object may cross between them, as the
// NAME of a symbol. The framework reads it from the file's symbol table before it opens the library, so a plugin that
// does not fit is refused before any of its code has run; the name survives `strip`.
//
//   retort_stamp__contract_5__dataset_3__model_2__head_2__discriminator_2__objective_2__loss_1__optimizer_2__trainer_5
//     __observer_2__library_libstdcxx__cxx11abi_1__debug_0__rtti_1__exceptions_1__fastmath_0__pointer_64__isa_1
//     __sanitizer_none__hash_0123456789abcdef
//
// Fields are separated by two underscores, a field's name from its value by the first single one.

#include <cstddef> // defines the standard library's own macros

/// Version of what all roles share: components, contexts, services, settings, registration, errors. What may change
/// within one version, of this and of the roles, is in docs/11_compatibility.md.
#define RETORT_CONTRACT_VERSION 5

/// Version of each role's interface, `retort/sdk/roles/<role>.hpp`.
#define RETORT_DATASET_VERSION 3
#define RETORT_MODEL_VERSION 2
#define RETORT_HEAD_VERSION 2
#define RETORT_DISCRIMINATOR_VERSION 2
#define RETORT_OBJECTIVE_VERSION 2
#define RETORT_LOSS_VERSION 1
#define RETORT_OPTIMIZER_VERSION 2
#define RETORT_TRAINER_VERSION 5
#define RETORT_OBSERVER_VERSION 2

#if defined(_LIBCPP_VERSION)
#define RETORT_STAMP_LIBRARY libcxx
#elif defined(__GLIBCXX__) || defined(_GLIBCXX_RELEASE)
#define RETORT_STAMP_LIBRARY libstdcxx
#else
#define RETORT_STAMP_LIBRARY unknown
#endif

#if defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI
#define RETORT_STAMP_CXX11ABI 1
#else
#define RETORT_STAMP_CXX11ABI 0
#endif

#if defined(_GLIBCXX_DEBUG)
#define RETORT_STAMP_DEBUG 1
#else
#define RETORT_STAMP_DEBUG 0
#endif

#if defined(__GXX_RTTI)
#define RETORT_STAMP_RTTI 1
#else
#define RETORT_STAMP_RTTI 0
#endif

#if defined(__EXCEPTIONS)
#define RETORT_STAMP_EXCEPTIONS 1
#else
#define RETORT_STAMP_EXCEPTIONS 0
#endif

#if defined(__FAST_MATH__)
#define RETORT_STAMP_FASTMATH 1
#else
#define RETORT_STAMP_FASTMATH 0
#endif

#if defined(__LP64__)
#define RETORT_STAMP_POINTER 64
#else
#define RETORT_STAMP_POINTER 32
#endif

// Instruction-set baseline as x86-64 level: what the compiler may use without asking the processor.
#if defined(__AVX512F__)
#define RETORT_STAMP_ISA 4
#elif defined(__AVX__) || defined(__AVX2__)
#define RETORT_STAMP_ISA 3
#elif defined(__SSE4_2__)
#define RETORT_STAMP_ISA 2
#else
#define RETORT_STAMP_ISA 1
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RETORT_STAMP_SANITIZER address
#elif __has_feature(thread_sanitizer)
#define RETORT_STAMP_SANITIZER thread
#endif
#endif
#if !defined(RETORT_STAMP_SANITIZER)
#if defined(__SANITIZE_ADDRESS__)
#define RETORT_STAMP_SANITIZER address
#elif defined(__SANITIZE_THREAD__)
#define RETORT_STAMP_SANITIZER thread
#else
#define RETORT_STAMP_SANITIZER none
#endif
#endif

// Hash of the contract's headers, from the build of retort::sdk: a diagnostic, not a condition.
#if !defined(RETORT_CONTRACT_HASH)
#define RETORT_CONTRACT_HASH unknown
#endif

#define RETORT_STAMP_JOIN_EXPANDED(contract, dataset, model, head, discriminator, objective, loss, optimizer, trainer, \
                                   observer, library, cxx11abi, debug, rtti, exceptions, fastmath, pointer, isa,       \
                                   sanitizer, hash)                                                                    \
    retort_stamp__contract_##contract##__dataset_##dataset##__model_##model##__head_##head##__discriminator_##discriminator##__objective_##objective##__loss_##loss##__optimizer_##optimizer##__trainer_##trainer##__observer_##observer##__library_##library##__cxx11abi_##cxx11abi##__debug_##debug##__rtti_##rtti##__exceptions_##exceptions##__fastmath_##fastmath##__pointer_##pointer##__isa_##isa##__sanitizer_##sanitizer##__hash_##hash
#define RETORT_STAMP_JOIN(...) RETORT_STAMP_JOIN_EXPANDED(__VA_ARGS__)

/// The stamp of the binary being compiled, as an identifier.
#define RETORT_STAMP_SYMBOL                                                                                            \
    RETORT_STAMP_JOIN(RETORT_CONTRACT_VERSION, RETORT_DATASET_VERSION, RETORT_MODEL_VERSION, RETORT_HEAD_VERSION,      \
                      RETORT_DISCRIMINATOR_VERSION, RETORT_OBJECTIVE_VERSION, RETORT_LOSS_VERSION,                     \
                      RETORT_OPTIMIZER_VERSION, RETORT_TRAINER_VERSION, RETORT_OBSERVER_VERSION, RETORT_STAMP_LIBRARY, \
                      RETORT_STAMP_CXX11ABI, RETORT_STAMP_DEBUG, RETORT_STAMP_RTTI, RETORT_STAMP_EXCEPTIONS,           \
                      RETORT_STAMP_FASTMATH, RETORT_STAMP_POINTER, RETORT_STAMP_ISA, RETORT_STAMP_SANITIZER,           \
                      RETORT_CONTRACT_HASH)

#define RETORT_STAMP_TEXT_EXPANDED(symbol) #symbol
#define RETORT_STAMP_TEXT(symbol) RETORT_STAMP_TEXT_EXPANDED(symbol)

/// The same as a string literal.
#define RETORT_STAMP_STRING RETORT_STAMP_TEXT(RETORT_STAMP_SYMBOL)
