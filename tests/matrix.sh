#!/usr/bin/env bash
# Builds and tests the library in environments that CI has no time for: other compilers and options, other processors,
# only one kind of library, Debian packages. Each environment is a row, and has its own build folder.
#
#     tests/matrix.sh              all rows, and a table at the end
#     tests/matrix.sh ROW...       these rows; a path is the prefix of a libcurl that you have installed there
#     tests/matrix.sh cmake:PATH   with another CMake, such as 3.21: PATH is the program, with ctest beside it
#     tests/matrix.sh musl:PREFIX  with musl-gcc; PREFIX has all libraries, built with musl-gcc: libcurl, cJSON, zlib,
#                                  libmicrohttpd, json-c, libjpeg, libpng, OpenSSL, cmocka
#     tests/matrix.sh --list       the names of all rows
#
# Works on a fresh Debian machine with a Debian mirror, as root. A row that cannot run here, for example because there is
# no mirror, counts as failed and says why. In the environment, MATRIX_FOLDER names the build folder (build/matrix by
# default), and MATRIX_MIRROR another mirror.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/debian.sh

source=$PWD
folder=${MATRIX_FOLDER:-build/matrix}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
mirror=${MATRIX_MIRROR:-http://deb.debian.org/debian}
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
# A row runs all tests except those that need real servers. Emulated rows also leave out tests that run a compiler, and
# the suite api, whose cuts at every byte and large uploads would exceed their deadlines.
labels='unit|transport|api|faults|fuzz|sandbox|header|consumers|soak'
emulated_labels=${MATRIX_EMULATED:-unit|transport|faults|fuzz|sandbox}

rows="
gcc_O3_lto      gcc -O3 -flto
gcc_Os          gcc -Os
clang_O3_lto    clang -O3 -flto
clang_Os        clang -Os
unity           CMAKE_UNITY_BUILD
portable        only what macOS and the BSDs have, too
libcurl         the libcurl that is installed, with TLS servers
libcurl_7_76    the same, used as if it were 7.76
libcurl_gnutls  Debian's libcurl with GnuTLS, with TLS servers
one_library     BUILD_SHARED_LIBS ON and OFF
i386_gcc        32 bit, gcc, in a chroot
i386_clang      32 bit, clang, in a chroot
arm64_gcc       gcc -O2, emulated
arm64_clang     clang -O2, emulated
armhf_gcc       32 bit, gcc -O2, emulated
debian_packages installed, used and removed in a clean Debian
s390x_gcc       big endian, gcc -O2, emulated
"

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# quietly COMMAND...: writes the output to the row's log, and shows its end if the command fails.
quietly() {
    "$@" >>"$log" 2>&1 || {
        tail -n 30 "$log" >&2
        fail "$*"
    }
}

# ---- Rows on this machine ----

# suite [CMAKE-OPTION...]: builds everything with strict warnings, and runs the tests.
suite() {
    quietly cmake -S . -B "$row_folder" -DDEEPOMATIC_WERROR=ON "$@"
    quietly cmake --build "$row_folder" --parallel "$(nproc)"
    quietly ctest --test-dir "$row_folder" --output-on-failure --parallel "$(nproc)" -L "$labels" -E "${excluded:-^$}"
    passed
}

# passed [FOLDER]: prints ctest's summary and the skipped C tests of the build folder.
passed() {
    echo "$(grep 'tests passed' "$log" | tail -n 1)$(skipped "${1:-$row_folder}")"
}

skipped() {
    sed -n 's/^\[  SKIPPED \] \([a-z0-9_]*\)$/\1/p' "$1/Testing/Temporary/LastTest.log" | sort -u |
        awk '{ printf "%s%s", NR == 1 ? "; skipped: " : ", ", $0 }'
}

# compiled COMPILER FLAGS
compiled() {
    local name=$1
    shift
    suite -DCMAKE_C_COMPILER="$name" -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS="-g -DNDEBUG $*"
}

row_gcc_O3_lto() { compiled gcc -O3 -flto; }
row_gcc_Os() { compiled gcc -Os; }
row_clang_O3_lto() { compiled clang -O3 -flto; }
row_clang_Os() { compiled clang -Os; }
row_unity() { labels='unit|consumers' suite -DCMAKE_UNITY_BUILD=ON; }
row_portable() { labels='unit|transport|api|fuzz|sandbox|consumers' suite -DDEEPOMATIC_PORTABLE=ON; }
row_one_library() { tests/consumers/one_library.sh "$row_folder/work"; }

# ---- Rows for other versions and builds of libcurl ----

libcurl_labels='unit|transport|api|faults|tls'

row_libcurl() { labels=$libcurl_labels suite; }

# Compiles the code for old versions of libcurl.
row_libcurl_7_76() {
    labels=$libcurl_labels suite -DCMAKE_C_FLAGS='-DDM_CURL_VERSION=0x074c00 -DCURL_DISABLE_DEPRECATION'
}

# The package conflicts with the installed one, so only its headers are extracted, into a separate folder.
row_libcurl_gnutls() {
    local root=$row_folder.root triplet
    triplet=$(gcc -print-multiarch)
    need_packages libcurl3-gnutls
    mkdir -p "$root"
    (cd "$root" && quietly apt-get download libcurl4-gnutls-dev && dpkg-deb -x libcurl4-gnutls-dev_*.deb .)
    labels=$libcurl_labels suite -DCURL_NO_CURL_CMAKE=ON -DCURL_INCLUDE_DIR="$root/usr/include/$triplet" \
        -DCURL_LIBRARY="/usr/lib/$triplet/libcurl-gnutls.so.4"
}

# prefix FOLDER: uses the libcurl in FOLDER; the suite tls runs only if it has TLS. The table shows its version and TLS.
prefix() {
    local config=$1/bin/curl-config program=$row_folder/src/tools/deepomatic/deepomatic features tls
    features=$("$config" --features) || fail "there is no libcurl in $1"
    grep -qx SSL <<<"$features" || libcurl_labels=${libcurl_labels%|tls}
    labels=$libcurl_labels suite -DCMAKE_PREFIX_PATH="$1" -DCMAKE_BUILD_RPATH="$1/lib"
    ldd "$program" | grep -F " $1/lib/" >>"$log" || fail "the programs load another libcurl"
    tls=$("$config" --ssl-backends)
    echo "$("$config" --version) (${tls:-no TLS})"
}

# with_cmake PROGRAM
with_cmake() {
    PATH="$(dirname "$1"):$PATH" labels='unit|consumers' suite
}

# with_musl PREFIX: leaves out the C++ example, because there is no C++ compiler for musl, and the suite faults, which
# would also wrap the functions that a static libcurl calls.
with_musl() {
    need_packages musl-tools
    PKG_CONFIG_LIBDIR=$1/lib/pkgconfig labels='^(unit|transport|api|fuzz|sandbox)$' excluded='^examples$' \
        suite -DCMAKE_C_COMPILER=musl-gcc -DCMAKE_CXX_COMPILER=NOTFOUND -DCMAKE_PREFIX_PATH="$1" \
        -DCMAKE_FIND_ROOT_PATH="$1" -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY \
        -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=ONLY \
        -DCMAKE_BUILD_RPATH="$1/lib"
}

# ---- Rows in another Debian ----

# mirror_root ROOT OPTION...: creates a Debian in the folder ROOT, unless an earlier run did so with the same options.
mirror_root() {
    local root=$1
    shift
    [ "$(id -u)" -eq 0 ] || fail "this row needs root"
    [ "$(cat "$root.complete" 2>/dev/null)" != "$*" ] || return 0
    make_root "$root" "$@" || { sleep 30 && make_root "$root" "$@"; } || # the mirror may be in the middle of an update
        fail "NOT RUN: no Debian could be made: is there a mirror? $(grep '^E:' "$log" | tail -n 1)"
    links_within "$root"
    echo "$*" >"$root.complete"
}

make_root() {
    local root=$1
    shift
    rm -rf "$root"
    mmdebstrap "$@" "$release" "$root" "deb $mirror $release main" >>"$log" 2>&1
}

# links_within ROOT: makes links to /lib/... relative, so that a linker outside the root finds its libraries.
links_within() {
    local link
    find "$1/usr/lib" -type l -lname '/*' | while read -r link; do
        ln -sfnr "$1$(readlink "$link")" "$link"
    done
}

# in_root ROOT COMMAND: runs the command with the sources at /source, read-only.
in_root() {
    mkdir -p "$1/source"
    # shellcheck disable=SC2016 # $0 to $2 are the inner shell's
    unshare --mount bash -euc '
        mount --bind "$0" "$1/source"
        mount -o remount,bind,ro "$1/source"
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        exec env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb chroot "$1" bash -euc "$2"' "$source" "$1" "$2"
}

# Does what a user does: installs the packages, compiles the first example with pkg-config, runs it with the sandbox,
# and removes the packages.
row_debian_packages() {
    local root=$folder/debian_packages.root
    quietly cmake -S . -B "$row_folder" -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON -DDEEPOMATIC_BUILD_TESTS=OFF
    quietly cmake --build "$row_folder" --parallel "$(nproc)"
    (cd "$row_folder" && rm -f ./*.deb && quietly cpack -G DEB)
    rm -f "$root.complete" # packages that an earlier run installed would hide missing dependencies
    mirror_root "$root" --variant=apt
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
    mkdir "$root/packages"
    cp "$row_folder"/*.deb tests/packages.sh "$root/packages"
    quietly in_root "$root" /packages/packages.sh
    tail -n 1 "$log"
}

words_with_commas() {
    echo "$*" | tr -s ' ' ,
}

# i386 COMPILER: builds and runs everything in a 32-bit chroot.
i386() {
    local compiler=$1 root=$folder/i386.root
    # shellcheck disable=SC2154 # from debian.sh
    mirror_root "$root" --arch=i386 --variant=apt \
        --include="$(words_with_commas "$library_packages" "$program_packages" "$test_packages" clang)"
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
    quietly in_root "$root" "
        cmake -S /source -B /build/$compiler -DDEEPOMATIC_WERROR=ON -DCMAKE_C_COMPILER=$compiler
        cmake --build /build/$compiler --parallel $(nproc)
        ctest --test-dir /build/$compiler --output-on-failure --parallel $(nproc) -L '$labels'"
    passed "$root/build/$compiler"
}

row_i386_gcc() { i386 gcc; }
row_i386_clang() { i386 clang; }

# ---- Rows for emulated processors ----

# emulator: sets the folder of qemu. Version 7.2 of Debian 12 loses signals; backports has a newer version.
emulator() {
    local lists=$folder/backports.lists list=$folder/backports.list
    [ ! -x "$folder/qemu/usr/bin/qemu-aarch64" ] || return 0
    mkdir -p "$lists/partial"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release-backports main" \
        >"$list"
    set -- -o Dir::Etc::sourcelist="$list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$lists"
    (cd "$lists" && apt-get "$@" update -qq && apt-get "$@" download qemu-user) >>"$log" 2>&1 ||
        fail "NOT RUN: no newer qemu from $release-backports: is there a mirror?"
    dpkg -x "$lists"/qemu-user_*.deb "$folder/qemu"
}

# in_namespace COMMAND...: runs the command in a user namespace with all users, because some tests change their user.
in_namespace() {
    local inside
    rm -f "$row_folder/inside" "$row_folder/mapped"
    mkfifo "$row_folder/inside" "$row_folder/mapped"
    # shellcheck disable=SC2016 # the inner shell's
    unshare --user --mount --keep-caps bash -euc 'echo $$ >"$0/inside"; read -r <"$0/mapped"; exec "$@"' \
        "$row_folder" "$@" &
    read -r inside <"$row_folder/inside"
    echo "0 0 65536" >"/proc/$inside/uid_map"
    echo "0 0 65536" >"/proc/$inside/gid_map"
    echo >"$row_folder/mapped"
    rm "$row_folder/inside" "$row_folder/mapped"
    wait $!
}

# elf CLASS DATA MACHINE TYPE-MASK: sets the pattern by which the kernel recognises programs for that processor.
elf() {
    local zeros='\x00\x00\x00\x00\x00\x00\x00\x00'
    magic="\\x7fELF\\x0$1\\x0$2\\x01\\x00$zeros$3"
    mask="\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00${zeros//00/ff}$4\\xff\\xff"
}

# emulated ARCH TRIPLET PROCESSOR [CMAKE-OPTION...]: cross-compiles, and runs the tests with binfmt_misc and qemu, in a
# user namespace (Linux 6.7), so that the rest of the machine is not affected.
emulated() {
    local arch=$1 triplet=$2 processor=$3 root=$folder/$1.root
    shift 3
    need_packages "gcc-$triplet"
    # shellcheck disable=SC2046,SC2086 # words
    mirror_root "$root" --arch="$arch" --variant=extract --include="$(words_with_commas libgcc-12-dev \
        $(printf '%s\n' $library_packages $program_packages $test_packages | grep -e -dev))"
    emulator
    export PKG_CONFIG_SYSROOT_DIR=$root
    export PKG_CONFIG_LIBDIR=$root/usr/lib/$triplet/pkgconfig:$root/usr/share/pkgconfig
    quietly cmake -S . -B "$row_folder" -DDEEPOMATIC_WERROR=ON -DCMAKE_SYSTEM_NAME=Linux \
        -DCMAKE_SYSTEM_PROCESSOR="$processor" -DCMAKE_SYSROOT="$root" -DCMAKE_LIBRARY_ARCHITECTURE="$triplet" \
        -DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY \
        -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY -DCMAKE_CXX_COMPILER=NOTFOUND "$@"
    quietly cmake --build "$row_folder" --parallel "$(nproc)"
    quietly in_namespace env QEMU_LD_PREFIX="$root" bash -euc "
        mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
        printf %s ':matrix:M::$magic:$mask:$folder/qemu/usr/bin/qemu-$processor:F' >/proc/sys/fs/binfmt_misc/register
        exec ctest --test-dir '$row_folder' --output-on-failure --parallel $(nproc) -L '$emulated_labels'"
    passed
}

row_arm64_gcc() {
    elf 2 1 '\x02\x00\xb7\x00' '\xfe\xff'
    emulated arm64 aarch64-linux-gnu aarch64 -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc
}

row_arm64_clang() {
    elf 2 1 '\x02\x00\xb7\x00' '\xfe\xff'
    emulated arm64 aarch64-linux-gnu aarch64 \
        -DCMAKE_C_COMPILER=clang -DCMAKE_C_COMPILER_TARGET=aarch64-linux-gnu
}

row_armhf_gcc() {
    elf 1 1 '\x02\x00\x28\x00' '\xfe\xff'
    emulated armhf arm-linux-gnueabihf arm -DCMAKE_C_COMPILER=arm-linux-gnueabihf-gcc
}

row_s390x_gcc() {
    elf 2 2 '\x00\x02\x00\x16' '\xff\xfe'
    emulated s390x s390x-linux-gnu s390x -DCMAKE_C_COMPILER=s390x-linux-gnu-gcc
}

# ---- All rows ----

row_names() {
    awk 'NF { print $1 }' <<<"$rows"
}

# run_row NAME: runs a row; its log and build are in the row's folder.
run_row() (
    row_folder=$folder/${1//[\/:]/_}
    log=$row_folder.log
    : >"$log"
    case $1 in
    /*) prefix "$1" ;;
    cmake:*) with_cmake "${1#*:}" ;;
    musl:*) with_musl "${1#*:}" ;;
    *) "row_$1" ;;
    esac
)

main() {
    local name result begin outcome=0 table=""
    [ "${1:-}" != --list ] || { echo "$rows"; return; }
    # shellcheck disable=SC2046,SC2086,SC2154 # words; from debian.sh
    need_packages $library_packages $program_packages $test_packages $matrix_packages
    # shellcheck disable=SC2046 # words
    [ $# -gt 0 ] || set -- $(row_names)
    for name; do
        echo "==== $name"
        begin=$SECONDS
        result=$(run_row "$name") || { result="FAILED ($folder/${name//[\/:]/_}.log)"; outcome=1; }
        table+=$(printf '%-16s %s; %d s' "$name" "${result//$'\n'/; }" $((SECONDS - begin)))$'\n'
    done
    printf '\n%s' "$table"
    return "$outcome"
}

main "$@"
