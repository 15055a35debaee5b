#!/usr/bin/env bash
# Builds and installs only the static or the shared library (BUILD_SHARED_LIBS), and links an external program with it.
#
#     tests/consumers/one_library.sh FOLDER [CMAKE-OPTION...]
#
# The folder is used for building, and removed at the end. CTest does not run this script, because it compiles the
# library twice; tests/matrix.sh runs it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
folder=$1
shift
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

quietly() {
    "$@" >"$folder/output" 2>&1 || {
        cat "$folder/output" >&2
        fail "$*"
    }
}

# project COMPONENTS: configures a project that requires these components; the list may be empty.
project() {
    local text="cmake_minimum_required(VERSION 3.21)
        project(consumer C)
        find_package(deepomatic REQUIRED $1)
        add_executable(consumer $here/consumer.c)
        target_link_libraries(consumer PRIVATE deepomatic::deepomatic)"
    rm -rf "$folder/project"
    mkdir -p "$folder/project"
    echo "$text" >"$folder/project/CMakeLists.txt"
    cmake -S "$folder/project" -B "$folder/project/build" -DCMAKE_PREFIX_PATH="$folder/installed" >"$folder/output" 2>&1
}

# build BUILD_SHARED_LIBS [CMAKE-OPTION...]
build() {
    local shared=$1
    shift
    rm -rf "$folder"
    mkdir -p "$folder"
    quietly cmake -S "$source" -B "$folder/build" -DBUILD_SHARED_LIBS="$shared" -DCMAKE_BUILD_TYPE=Debug \
        -DDEEPOMATIC_BUILD_TESTS=OFF -DDEEPOMATIC_BUILD_PROGRAMS=OFF "$@"
    quietly cmake --build "$folder/build" --parallel "$(nproc)"
    quietly cmake --install "$folder/build" --prefix "$folder/installed"
}

# expect KIND FORBIDDEN-PATTERN MISSING-COMPONENT
expect() {
    [ -z "$(find "$folder/installed" -name "$2")" ] || fail "unexpected file $2 in an installation of only the $1 library"
    ! project "COMPONENTS $3" || fail "find_package found the component $3, which is not installed"
    grep -q "was not installed, only" "$folder/output" || fail "expected a message about the missing $3 library"
    project "" || { cat "$folder/output"; fail "the $1 library was not found"; }
    project "COMPONENTS $1" || { cat "$folder/output"; fail "the component $1 was not found"; }
    quietly cmake --build "$folder/project/build"
    echo "ok: the $1 library alone"
}

build ON "$@"
expect shared '*.a' static
readelf -d "$folder/project/build/consumer" | grep -q 'NEEDED.*libdeepomatic' || fail "not linked with the shared library"

build OFF "$@"
expect static '*.so*' shared
! readelf -d "$folder/project/build/consumer" | grep -q 'NEEDED.*libdeepomatic' || fail "linked with a shared library"
