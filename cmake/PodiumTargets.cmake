# The few shapes of target that the house has. Sources are listed by the caller, never globbed.

option(PODIUM_STRICT "Warnings are errors" OFF)
option(PODIUM_FUZZ "Make the programs that search for inputs which break a parser" OFF)

add_library(podium_options INTERFACE)
target_compile_options(podium_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -fstack-protector-strong $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
if(PODIUM_STRICT)
  target_compile_options(podium_options INTERFACE -Werror)
endif()
target_include_directories(podium_options INTERFACE ${CMAKE_SOURCE_DIR})

# What nearly every source includes is parsed once for all libraries and once for all tests: that
# halves the time of a build from nothing. Sources include what they use all the same.
option(PODIUM_PRECOMPILE "Precompile the headers that most sources include" ON)
function(podium_precompile name)
  if(NOT PODIUM_PRECOMPILE)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "HEADERS;LINKS" ${ARGN})
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cpp CONTENT "")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE podium_options podium_schemas ${ARG_LINKS})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Without the headers' times in it, the compiler's cache knows it again in another checkout.
    target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

# podium_use_precompiled(TARGET NAME): compiles the target's sources with the precompiled headers.
function(podium_use_precompiled target name)
  if(PODIUM_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${name})
    target_link_libraries(${target} PRIVATE $<COMPILE_ONLY:podium_schemas>)
  endif()
endfunction()

set(common_headers
  <algorithm> <chrono> <filesystem> <format> <fstream> <functional> <map> <memory> <mutex>
  <optional> <set> <sstream> <string> <string_view> <thread> <vector> <nlohmann/json.hpp>
  <podium/v1/event.pb.h>)
podium_precompile(podium_precompiled
  HEADERS ${common_headers} LINKS nlohmann_json::nlohmann_json)
podium_precompile(podium_precompiled_tests
  HEADERS ${common_headers} <gmock/gmock.h> <gtest/gtest.h>
  LINKS nlohmann_json::nlohmann_json GTest::gmock)

# podium_library(NAME SOURCES ... LINKS ...): a static library.
function(podium_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC podium_options ${ARG_LINKS})
  podium_use_precompiled(${name} podium_precompiled)
endfunction()

# podium_test(NAME SOURCES ... LINKS ... [LABEL unit] [COST seconds]): one GoogleTest program, one
# ctest entry. Of programs that run at once the most costly are begun first.
function(podium_test name)
  cmake_parse_arguments(ARG "" "LABEL;COST" "SOURCES;LINKS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE podium_options ${ARG_LINKS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE PODIUM_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  podium_use_precompiled(${name} podium_precompiled_tests)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  set_property(GLOBAL APPEND PROPERTY PODIUM_TESTS_${ARG_LABEL} ${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL})
  if(ARG_COST)
    set_tests_properties(${name} PROPERTIES COST ${ARG_COST})
  endif()
endfunction()

# add_service(NAME SOURCES ... LINKS ... TESTS ... TEST_LINKS ...): core library, program
# podium-NAME, unit test.
function(add_service name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;TESTS;TEST_LINKS" ${ARGN})
  podium_library(podium_${name}_core SOURCES ${ARG_SOURCES} LINKS chassis competition ${ARG_LINKS})
  add_executable(podium-${name} main.cpp)
  target_link_libraries(podium-${name} PRIVATE podium_${name}_core)
  set_target_properties(podium-${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  if(ARG_TESTS)
    podium_test(${name}_test SOURCES ${ARG_TESTS} LINKS podium_${name}_core ${ARG_TEST_LINKS})
  endif()
endfunction()
