# SPDX-License-Identifier: Apache-2.0
file(GLOB_RECURSE headers RELATIVE "${SOURCE}" "${SOURCE}/sdk/include/*.hpp" "${SOURCE}/framework/include/*.hpp"
  "${SOURCE}/framework/mpi/include/*.hpp")
if(NOT headers)
  message(FATAL_ERROR "there are no headers in ${SOURCE}")
endif()
foreach(header IN LISTS headers)
  execute_process(COMMAND ${COMPILER} -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
      -I sdk/include -I framework/include -I framework/mpi/include -include "${header}" -x c++ /dev/null
    WORKING_DIRECTORY "${SOURCE}" RESULT_VARIABLE status ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(SEND_ERROR "${header} does not compile alone by ${COMPILER}:\n${output}")
  endif()
endforeach()
