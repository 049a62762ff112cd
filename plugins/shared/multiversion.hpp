// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a function: it is compiled once per instruction set, and the loader picks the best one that the processor
/// has. For plain loops over floats; what they call must be inlined into them. Sanitizers cannot run the resolvers.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RETORT_MULTIVERSION
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define RETORT_MULTIVERSION
#endif
#endif
#ifndef RETORT_MULTIVERSION
#define RETORT_MULTIVERSION __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#endif
