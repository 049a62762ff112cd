// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/sdk/trainable.hpp>

#include <filesystem>

namespace retort::framework {

// Weights as safetensors files (https://github.com/huggingface/safetensors): eight bytes with the length of a JSON
// header (little-endian), the header, then the tensors' values. Names and shapes are those of the parameter table, so
// that a file reads like a PyTorch state_dict. Values are float32, row-major.

/// Writes the tensors of `parameters` in order of their table: whole or not at all. The same parameters give the same
/// bytes. Errors: ErrorCode::output.
void write_safetensors(const std::filesystem::path &file, const sdk::Parameters &parameters);

/// Checks that `file` holds exactly the tensors of `parameters`, float32 and of the same shapes, without reading their
/// values. Errors: ErrorCode::data at the file, with every tensor that is missing, unknown or of another shape or type.
void check_safetensors(const std::filesystem::path &file, const sdk::Parameters &parameters);

/// Checks likewise, and reads the values. The caller then calls `parameters_changed(Change::restore)`.
void read_safetensors(const std::filesystem::path &file, const sdk::Parameters &parameters);

} // namespace retort::framework
