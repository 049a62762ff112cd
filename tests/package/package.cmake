# SPDX-License-Identifier: Apache-2.0
set(installed "${WORK}/installed")
set(moved "${WORK}/moved")

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}\nfailed (${status}):\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(build_consumer source name)
  run(${CMAKE_COMMAND} -S "${source}" -B "${WORK}/${name}" -G "${GENERATOR}" -D CMAKE_CXX_COMPILER=${COMPILER}
    -D CMAKE_BUILD_TYPE=Release -D CMAKE_PREFIX_PATH=${moved} ${ARGN})
  run(${CMAKE_COMMAND} --build "${WORK}/${name}")
endfunction()

function(expect text)
  string(FIND "${output}" "${text}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "expected \"${text}\" in:\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK}")
run(${CMAKE_COMMAND} --install "${BUILD}" --prefix "${installed}")
file(RENAME "${installed}" "${moved}")

# Who writes a plugin needs none of the framework's dependencies.
build_consumer("${SOURCE}/examples/1_minimal_plugin" linear
  -D CMAKE_DISABLE_FIND_PACKAGE_Boost=ON -D CMAKE_DISABLE_FIND_PACKAGE_spdlog=ON
  -D CMAKE_DISABLE_FIND_PACKAGE_OpenSSL=ON -D CMAKE_DISABLE_FIND_PACKAGE_OpenMP=ON)

build_consumer("${SOURCE}/tests/package/embedder" embedder)
run("${WORK}/embedder/embedder" "${WORK}/linear" "${moved}/lib/retort/plugins")
expect("discriminator/linear")
expect("discriminator/mlp")

build_consumer("${SOURCE}/tests/package/static_plugins" static_plugins -D LINEAR=${SOURCE}/examples/1_minimal_plugin)
run("${WORK}/static_plugins/my_program" "${moved}/lib/retort/plugins")
expect("discriminator/linear in ${WORK}/static_plugins/my_program")
expect("discriminator/mlp in ${moved}/lib/retort/plugins/discriminator_mlp.so")

build_consumer("${SOURCE}/examples/2_embed_framework" embed_framework)
run("${WORK}/embed_framework/embed_framework" "${moved}/lib/retort/plugins")
expect("second run: the run was cancelled")

if(EXISTS "${moved}/lib/retort/retort_mpi.so")
  build_consumer("${SOURCE}/tests/package/together" together)
  run("${MPIRUN}" -n 3 "${WORK}/together/together")
  expect("3 replicas")
  run("${MPIRUN}" -n 2 "${moved}/bin/retort" run "${SOURCE}/examples/3_mnist_distillation/quick.json" --output "${WORK}/run"
    --set /stages/teach/epochs=1 --set /stages/labels_alone/epochs=1 --set /stages/distil/epochs=1 --set /observers=[])
  expect("Written:")
endif()

run("${moved}/bin/retort" list discriminator --plugin-path "${WORK}/linear")
expect("linear")
expect("mlp")
