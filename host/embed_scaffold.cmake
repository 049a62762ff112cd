# SPDX-License-Identifier: Apache-2.0
# Writes the templates of FOLDER as text into the C++ source OUTPUT. Run as a script: cmake -D FOLDER=... -D OUTPUT=... -P
file(GLOB_RECURSE templates RELATIVE "${FOLDER}" "${FOLDER}/*.in")
list(SORT templates)
set(entries "")
foreach(template IN LISTS templates)
  file(READ "${FOLDER}/${template}" text)
  string(REGEX REPLACE "^[^\n]*SPDX-License-Identifier[^\n]*\n" "" text "${text}") # what is written is its author's own
  string(APPEND entries "    {R\"template(${template})template\", R\"template(${text})template\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Written by embed_scaffold.cmake.
#include <host/scaffold.hpp>

namespace retort::host {

namespace {

constexpr ScaffoldTemplate templates[] = {
${entries}};

} // namespace

std::span<const ScaffoldTemplate> scaffold_templates() {
    return templates;
}

} // namespace retort::host
")
