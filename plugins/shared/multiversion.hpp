// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a function in an unnamed namespace: it is compiled once per instruction set, and the loader picks the best
/// one that the processor has. For plain loops over floats; what they call must be inlined into them. Wrap it in a
/// plain function for use in other files: clang 14 gives the picked one a name that they cannot know. Sanitizers cannot
/// run the resolvers.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RETORT_MULTIVERSION
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define RETORT_MULTIVERSION
#endif
#endif
#if defined(RETORT_MULTIVERSION)
#elif defined(__clang__) // clang 14 accepts "arch=x86-64-v3" and asks the processor's vendor instead of its features
#define RETORT_MULTIVERSION __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define RETORT_MULTIVERSION __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#endif

/// Before what such loops call.
#define RETORT_INLINE [[gnu::always_inline]] inline
