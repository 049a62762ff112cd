// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a function in an unnamed namespace: compiles its loops for several instruction sets, one of which is chosen
/// when the library is loaded. Wrap such a function in a plain one for use elsewhere: clang 14 gives the chosen version
/// a name that other files cannot know. Instrumented builds have a single version, because a sanitizer is not yet set
/// up while the choice is made.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RETORT_VECTORISED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define RETORT_VECTORISED
#endif
#endif
#if !defined(RETORT_VECTORISED)
#define RETORT_VECTORISED __attribute__((target_clones("default", "avx2", "avx512f")))
#endif
