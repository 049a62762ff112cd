# SPDX-License-Identifier: Apache-2.0
write_basic_package_version_file("${PROJECT_BINARY_DIR}/retort-config-version.cmake" COMPATIBILITY SameMinorVersion)
configure_package_config_file(cmake/retort-config.cmake.in "${PROJECT_BINARY_DIR}/retort-config.cmake"
  INSTALL_DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/retort")
install(FILES "${PROJECT_BINARY_DIR}/retort-config.cmake" "${PROJECT_BINARY_DIR}/retort-config-version.cmake"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/retort")
install(EXPORT retort-targets NAMESPACE retort:: DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/retort")
