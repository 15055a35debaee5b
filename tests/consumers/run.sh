#!/usr/bin/env bash
# Builds small external projects with an installed tree, and runs them with the installed sandbox.
#
#     tests/consumers/run.sh BUILD-FOLDER
#
# The tree is moved after the installation, because it must be relocatable.
set -euo pipefail
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)

. "$here/../support/sandbox.sh"
work=$(mktemp -d)
trap 'sandbox_stop; rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# quietly COMMAND...: shows the command's output only if it fails.
quietly() {
    "$@" >"$work/output" 2>&1 || {
        cat "$work/output" >&2
        fail "$*"
    }
}

check_tree() {
    local file
    for file in include/deepomatic.h "$libdir/libdeepomatic.a" "$libdir/libdeepomatic.so" "$libdir/$soname" \
        "$libdir/libdeepomatic.so.$version" "$libdir/cmake/deepomatic/deepomatic-config.cmake" \
        "$libdir/cmake/deepomatic/deepomatic-config-version.cmake" "$libdir/pkgconfig/deepomatic.pc" \
        bin/deepomatic bin/deepomatic-sandbox share/man/man3/libdeepomatic.3 share/man/man3/dm_spec_infer.3 \
        share/man/man1/deepomatic.1 share/man/man1/deepomatic-infer.1 share/man/man1/deepomatic-sandbox.1 \
        share/bash-completion/completions/deepomatic share/bash-completion/completions/deepomatic-sandbox; do
        [ -e "$prefix/$file" ] || fail "$file is not installed"
    done
    cmp "$prefix/include/deepomatic.h" "$source/include/deepomatic.h"
    ! grep -rIl -e "$work" -e "$build" "$prefix" || fail "an installed file contains the path of the build"
    [ "$("$prefix/bin/deepomatic" --version)" = "deepomatic $version" ] || fail "bin/deepomatic --version"
}

check_pkg_config() {
    local asked
    [ "$(pkg-config --modversion deepomatic)" = "$version" ] || fail "the version in deepomatic.pc"
    [ -z "$(pkg-config --print-requires deepomatic)$(pkg-config --print-requires-private deepomatic)" ] ||
        fail "deepomatic.pc requires other packages"
    for asked in includedir libdir; do
        [ -d "$(pkg-config --variable=$asked deepomatic)" ] || fail "deepomatic.pc: $asked"
    done
    case $(pkg-config --libs deepomatic) in
    *-lcurl* | *-lcjson*) fail "deepomatic.pc links libcurl or cJSON with the shared library" ;;
    esac
}

# configure PROJECT [OPTION...]
configure() {
    local project=$1
    shift
    cmake -S "$here/$project" -B "$work/$project" -DCMAKE_PREFIX_PATH="$prefix" "$@"
}

# run PROGRAM KIND: the program must recognise the cat, and use the library KIND.
run() {
    local expected="libdeepomatic $version: brown"
    local said
    said=$(LD_LIBRARY_PATH=$prefix/$libdir "$1" "$source/examples/photos/cat.jpg")
    [ "$said" = "$expected" ] || fail "expected '$expected' from $1, got '$said'"
    case $2:$(readelf -d "$1" | grep -c "NEEDED.*\[$soname\]") in
    shared:1 | static:0) ;;
    *) fail "$1 is not linked with the $2 library" ;;
    esac
    echo "ok: ${1#"$work"/}"
}

# consume PROJECT KIND...
consume() {
    local project=$1 kind
    shift
    quietly configure "$project" -DDEEPOMATIC_SOURCE="$source"
    quietly cmake --build "$work/$project" --parallel 2
    for kind; do
        run "$work/$project/c_$kind" "$kind"
        run "$work/$project/cpp_$kind" "$kind"
    done
}

consume_by_pkg_config() {
    local kind
    cp -r "$here/pkg_config" "$here/consumer.c" "$here/consumer.cpp" "$work"
    quietly make -C "$work/pkg_config"
    for kind in shared static; do
        run "$work/pkg_config/c_$kind" "$kind"
        run "$work/pkg_config/cpp_$kind" "$kind"
    done
}

check_missing_parts() {
    if configure find_package_static -DWITHOUT_CURL=ON >"$work/output" 2>&1; then
        fail "find_package found the component static without libcurl"
    fi
    grep -q "needs the development files of libcurl" "$work/output" || fail "expected a message about the missing libcurl"
    rm -rf "$work/find_package_static"
}

# accepts_request_for WANTED: succeeds if find_package accepts the installed version for a request of version WANTED.
accepts_request_for() {
    printf 'cmake_minimum_required(VERSION 3.21)\nproject(other C)\nfind_package(deepomatic %s REQUIRED)\n' "$1" \
        >"$work/other_version/CMakeLists.txt"
    cmake -S "$work/other_version" -B "$work/other_version/build" -DCMAKE_PREFIX_PATH="$prefix" >"$work/output" 2>&1
}

# Another minor version has another ABI.
check_versions() {
    local wanted minor=${version#*.}
    minor=${minor%.*}
    mkdir -p "$work/other_version"
    for wanted in "" "${version%.*}" "$version"; do
        accepts_request_for "$wanted" || fail "find_package rejected version $version for $wanted"
    done
    for wanted in 0.0 "0.$((minor - 1))" "0.$((minor + 1))" 1.0; do
        ! accepts_request_for "$wanted" || fail "find_package accepted version $version for $wanted"
    done
    ! accepts_request_for "COMPONENTS statc" || fail "find_package found a component that does not exist"
    grep -q "no component statc" "$work/output" || fail "expected a message about the unknown component"
}

version=$(sed -n 's/^#define DM_VERSION "\(.*\)"$/\1/p' "$source/include/deepomatic.h")
soname=libdeepomatic.so.${version%.*}
quietly cmake --install "$build" --prefix "$work/before"
mv "$work/before" "$work/installed"
prefix=$work/installed
libdir=$(cd "$prefix" && dirname "$(find lib* -name libdeepomatic.a)")
export PKG_CONFIG_PATH=$prefix/$libdir/pkgconfig

check_tree
check_pkg_config
sandbox_start "$prefix/bin/deepomatic-sandbox"
consume find_package shared static
consume find_package_shared shared
check_missing_parts
consume find_package_static static
consume subdirectory shared static
consume_by_pkg_config
check_versions
