// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arguments.hpp"

namespace retort::host {

// Each carries out one command, printing on stdout. Errors: framework::Error, which `main` prints.

void run(const Arguments &arguments);
void validate(const Arguments &arguments);
void lock(const Arguments &arguments);
void evaluate(const Arguments &arguments);
void predict(const Arguments &arguments);
void list(const Arguments &arguments);
void describe(const Arguments &arguments);
void schema(const Arguments &arguments);
void probe(const Arguments &arguments);
void doctor(const Arguments &arguments);
void make_new(const Arguments &arguments);

/// Returns the exit code: 4 when the plugin breaks its contract.
[[nodiscard]] int check(const Arguments &arguments);

} // namespace retort::host
