# SPDX-License-Identifier: Apache-2.0

# retort_add_static_plugins(<target> PLUGINS <name>... [HEADER <file>.hpp])
#
# Makes plugins of this build, from the sources that retort_add_plugin was given, part of the program or library
# <target>, and writes the header <file>.hpp (default: <target>_plugins.hpp) for it, which declares their list:
#
#     std::span<const retort::sdk::Plugin *const> <file>();
#
# A plugin linked so is as closed as its shared library: its objects become one, in which every symbol but the entry is
# local. Plugins may therefore define what others define too, and be compiled with options of their own. The libraries
# that they were given are linked once for all.
function(retort_add_static_plugins target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER" "PLUGINS")
  set(usage "retort_add_static_plugins(${target} PLUGINS <name>... [HEADER <file>.hpp])")
  if(NOT arg_PLUGINS OR arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "${usage}: found \"${ARGN}\"")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "${usage}: there is no target \"${target}\"")
  endif()
  if(NOT arg_HEADER)
    set(arg_HEADER "${target}_plugins.hpp")
  endif()
  if(NOT arg_HEADER MATCHES "^[A-Za-z_][A-Za-z0-9_]*[.]hpp$")
    message(FATAL_ERROR "${usage}: found HEADER \"${arg_HEADER}\"; a function is named after it, so it is letters, "
      "digits and underscores, and ends with .hpp")
  endif()
  set(plugins ${arg_PLUGINS})
  list(REMOVE_DUPLICATES plugins)
  if(NOT plugins STREQUAL "${arg_PLUGINS}")
    message(FATAL_ERROR "${usage}: a plugin stands twice in ${arg_PLUGINS}")
  endif()

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}_static_plugins")
  foreach(plugin IN LISTS plugins)
    if(NOT TARGET ${plugin}_objects)
      message(FATAL_ERROR "${usage}: there is no plugin \"${plugin}\"; allowed: a name that this build gave to "
        "retort_add_plugin before")
    endif()
    _retort_link_closed(${target} ${plugin} "${folder}")
  endforeach()
  _retort_write_plugin_list(${target} "${folder}" "${arg_HEADER}" ${plugins})
endfunction()

# Links the objects of a plugin into one, closed as sdk/cmake/plugin.version closes a shared library, and that and what
# the plugin needs into <target>. A sanitizer keeps tables across objects, which must stay one: there they stay open.
function(_retort_link_closed target plugin folder)
  set(objects "$<TARGET_OBJECTS:${plugin}_objects>")
  if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
    find_program(RETORT_GNU_LD NAMES ld.bfd ld REQUIRED)
    find_program(RETORT_OBJCOPY NAMES objcopy REQUIRED)
    set(closed "${folder}/${plugin}.o")
    add_custom_command(OUTPUT "${closed}" VERBATIM COMMAND_EXPAND_LISTS DEPENDS ${plugin}_objects "${objects}"
      COMMENT "Closing the plugin ${plugin} for ${target}"
      # Without groups, for the linker would keep one plugin's copy of an inline function for all of them.
      COMMAND "${RETORT_GNU_LD}" -r --force-group-allocation -o "${closed}" "${objects}"
      COMMAND "${RETORT_OBJCOPY}" "--keep-global-symbol=retort_plugin_${plugin}" "${closed}")
    set_source_files_properties("${closed}" PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
    set(objects "${closed}")
  endif()
  target_sources(${target} PRIVATE "${objects}")
  get_target_property(libraries ${plugin}_objects LINK_LIBRARIES)
  target_link_libraries(${target} PRIVATE ${libraries})
endfunction()

function(_retort_write_plugin_list target folder header)
  string(REGEX REPLACE "[.]hpp$" "" function "${header}")
  set(entries "")
  set(addresses "")
  foreach(plugin IN LISTS ARGN)
    string(APPEND entries "extern const retort::sdk::Plugin retort_plugin_${plugin};\n")
    string(APPEND addresses "        &retort_plugin_${plugin},\n")
  endforeach()
  file(CONFIGURE OUTPUT "${folder}/${header}" @ONLY CONTENT [=[
// Written by retort_add_static_plugins.
#pragma once

#include <retort/sdk/plugin.hpp>

#include <span>

/// The plugins that are part of this program, for `retort::framework::Registry::add`.
[[nodiscard]] std::span<const retort::sdk::Plugin *const> @function@();
]=])
  file(CONFIGURE OUTPUT "${folder}/${function}.cpp" @ONLY CONTENT [=[
// Written by retort_add_static_plugins.
#include "@header@"

extern "C" {
@entries@}

std::span<const retort::sdk::Plugin *const> @function@() {
    static constexpr const retort::sdk::Plugin *plugins[] = {
@addresses@    };
    return plugins;
}
]=])
  target_sources(${target} PRIVATE "${folder}/${function}.cpp")
  target_include_directories(${target} PRIVATE "${folder}")
endfunction()
