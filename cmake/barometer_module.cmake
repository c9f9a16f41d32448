# With BAROMETER_PRECOMPILE the headers that nearly every file includes are read once: a build from
# nothing takes a quarter less. Off by default, so that a file that forgets an include does not build.
option(BAROMETER_PRECOMPILE "precompile the headers that nearly every file includes" OFF)

# What all programs of tests have in common; GCC takes a precompiled header with these flags only.
# Tests are compiled once and run once: what they cost is compiling.
# GCC 12 takes Eigen's empty matrices for uninitialised ones.
function(barometer_test_flags target)
  target_compile_definitions(${target} PRIVATE
    SOURCE_DIR="${PROJECT_SOURCE_DIR}" BUILD_DIR="${PROJECT_BINARY_DIR}")
  target_compile_options(${target} PRIVATE $<IF:$<CONFIG:Release>,-O1,-O0>
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized>)
endfunction()

# GCC 12 forgets which templates are of system headers, and warns of the library's own.
function(barometer_precompile)
  foreach(kind library test)
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled/${kind}.cpp CONTENT "")
    add_library(barometer_precompiled_${kind} OBJECT ${PROJECT_BINARY_DIR}/precompiled/${kind}.cpp)
    target_link_libraries(barometer_precompiled_${kind} PRIVATE tl::expected fmt::fmt Eigen3::Eigen)
    target_precompile_headers(barometer_precompiled_${kind} PRIVATE <algorithm> <array> <charconv>
      <cmath> <cstdint> <filesystem> <functional> <limits> <map> <memory> <numeric> <optional> <set>
      <span> <string> <string_view> <utility> <vector> <Eigen/Core> <fmt/format.h> <tl/expected.hpp>)
  endforeach()
  target_link_libraries(barometer_precompiled_test PRIVATE GTest::gmock)
  target_precompile_headers(barometer_precompiled_test PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  barometer_test_flags(barometer_precompiled_test)
endfunction()

function(barometer_use_precompiled target kind)
  if(BAROMETER_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM barometer_precompiled_${kind})
  endif()
endfunction()

# barometer_module(<name> [DEPS <module>...] [LIBS <library>...]) declares the static library of the
# folder it is called from: every *.cpp is compiled, every *.h that is not *_internal.h is public,
# every *_test.cpp goes into one test program <name>_test.
# DEPS is the whole truth about layering: tests/tidy_test.cpp reads it back. LIBS are third parties.
# SHARDS n runs a slow test program as n tests, <name>_0 and so on.
function(barometer_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SHARDS" "DEPS;LIBS")
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  file(GLOB headers CONFIGURE_DEPENDS *.h)
  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
  if(tests)
    list(REMOVE_ITEM sources ${tests})
  endif()
  list(FILTER headers EXCLUDE REGEX "_internal\\.h$")

  set(target barometer_${name})
  add_library(${target} STATIC ${sources})
  target_sources(${target} PUBLIC
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
  list(TRANSFORM arg_DEPS PREPEND barometer_ OUTPUT_VARIABLE links)
  target_link_libraries(${target} PUBLIC tl::expected fmt::fmt Eigen3::Eigen ${links} PRIVATE ${arg_LIBS})
  barometer_use_precompiled(${target} library)
  set_property(GLOBAL APPEND_STRING PROPERTY BAROMETER_LAYERS "${name}: ${arg_DEPS}\n")

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${target} barometer_test_support GTest::gmock GTest::gtest_main)
    barometer_test_flags(${name}_test)
    barometer_use_precompiled(${name}_test test)
    barometer_add_test(${name} ${name}_test "${arg_SHARDS}")
  endif()
endfunction()

# A test program as one test, or a slow one as <name>_0 and so on.
function(barometer_add_test name target shards)
  if(shards)
    # GoogleTest deals its tests out by number: each is in one shard, and none is left out.
    math(EXPR last "${shards} - 1")
    foreach(shard RANGE ${last})
      add_test(NAME ${name}_${shard} COMMAND ${target})
      set_tests_properties(${name}_${shard} PROPERTIES LABELS unit
        ENVIRONMENT "GTEST_TOTAL_SHARDS=${shards};GTEST_SHARD_INDEX=${shard}")
    endforeach()
  else()
    add_test(NAME ${name} COMMAND ${target})
    set_tests_properties(${name} PROPERTIES LABELS unit)
  endif()
endfunction()

function(barometer_write_layers path)
  get_property(layers GLOBAL PROPERTY BAROMETER_LAYERS)
  string(REPLACE ";" " " layers "${layers}")
  file(CONFIGURE OUTPUT ${path} CONTENT "${layers}" @ONLY)
endfunction()

# barometer_program(<target> <source>...) declares a program outside the modules (a test of several
# modules, a fuzzer, a benchmark). It is linked with the modules its sources include.
function(barometer_program target)
  add_executable(${target} ${ARGN})
  foreach(source IN LISTS ARGN)
    get_filename_component(path ${source} ABSOLUTE)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    file(STRINGS ${path} includes REGEX "^#include \"barometer/")
    foreach(line IN LISTS includes)
      string(REGEX REPLACE "^#include \"barometer/([a-z]+)/.*" "barometer_\\1" module ${line})
      list(APPEND modules ${module})
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES modules)
  target_link_libraries(${target} PRIVATE ${modules} barometer_test_support fmt::fmt)
  target_compile_definitions(${target} PRIVATE
    SOURCE_DIR="${PROJECT_SOURCE_DIR}" BUILD_DIR="${PROJECT_BINARY_DIR}")
endfunction()
