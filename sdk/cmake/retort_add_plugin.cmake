# SPDX-License-Identifier: Apache-2.0

# retort_add_plugin(<name> SOURCES <file>... [LIBRARIES <target>...] [VERSION <version>])
#
# Builds the plugin <name>: a shared library <name>.so that exports its entry and its stamp and nothing else, with no
# unresolved symbols. In Retort's own tree it lands in lib/retort/plugins beside the command's bin folder; elsewhere in
# the current build folder. The object library <name>_objects holds the same code for tests, which link it and hand
# `retort_plugin_<name>` to the framework. Programs that shall have it built in: see retort_add_static_plugins.
function(retort_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "VERSION" "SOURCES;LIBRARIES")
  if(NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "retort_add_plugin(${name}): wants SOURCES <file>... [LIBRARIES <target>...] [VERSION <version>]")
  endif()
  if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "retort_add_plugin(${name}): a name is lower case letters, digits and underscores")
  endif()
  if(NOT arg_VERSION)
    set(arg_VERSION "${PROJECT_VERSION}")
  endif()

  add_library(${name}_objects OBJECT ${arg_SOURCES})
  target_link_libraries(${name}_objects PUBLIC retort::sdk ${arg_LIBRARIES})
  target_compile_definitions(${name}_objects PRIVATE
    RETORT_PLUGIN_TARGET=${name} RETORT_PLUGIN_NAME="${name}" RETORT_PLUGIN_VERSION="${arg_VERSION}")
  target_compile_options(${name}_objects PRIVATE
    -fno-math-errno $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  set_target_properties(${name}_objects PROPERTIES
    POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON CXX_EXTENSIONS OFF)

  add_library(${name} MODULE)
  target_link_libraries(${name} PRIVATE ${name}_objects)
  if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize=") # whose symbols are in the executable
    target_link_options(${name} PRIVATE "LINKER:-z,defs")
  endif()
  target_link_options(${name} PRIVATE
    "LINKER:--exclude-libs,ALL" "LINKER:--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.version")
  set_target_properties(${name} PROPERTIES PREFIX "" LINKER_LANGUAGE CXX)
  if(RETORT_PLUGIN_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${RETORT_PLUGIN_OUTPUT_DIRECTORY}")
  endif()
  if(RETORT_PLUGIN_INSTALL_DIRECTORY)
    install(TARGETS ${name} LIBRARY DESTINATION "${RETORT_PLUGIN_INSTALL_DIRECTORY}")
  endif()
endfunction()
