#!/usr/bin/env bash
# Compares the ABI of the shared library with its description, libdeepomatic.abi beside this file.
#
#     tests/abi/check.sh LIBDEEPOMATIC.SO            fails if the two differ
#     tests/abi/check.sh LIBDEEPOMATIC.SO --renew    updates the description, unless the change breaks the ABI
#
# While the major version is 0, the ABI is stable within a minor version: functions may be added, but any other change
# needs a new minor version. The description is of a 64-bit build with debug information.
# ABI_DESCRIPTION in the environment selects another description.
set -euo pipefail
library=$1
action=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
description=${ABI_DESCRIPTION:-$here/libdeepomatic.abi}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in abidw abidiff; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install abigail-tools" >&2; exit 1; }
done

# Writes a description without file paths, which depend on the machine.
describe() {
    abidw --headers-dir "$source/include" --drop-private-types --exported-interfaces-only --no-architecture \
        --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed --no-parameter-names \
        --no-write-default-sizes --type-id-style hash --out-file "$work/found" "$library"
    grep -q '<function-decl' "$work/found" || { echo "$library has no debug information" >&2; exit 1; }
    sed "s|path='$source/|path='|" "$work/found" >"$work/now.abi"
}

soname() {
    sed -n "1s/.*soname='\([^']*\)'.*/\1/p" "$1"
}

# same OPTION...: prints the differences. If abidiff cannot read a description, it prints an error but still succeeds.
same() {
    abidiff --no-architecture "$@" "$description" "$work/now.abi" 2>"$work/complaints" || return 1
    cat "$work/complaints"
    [ ! -s "$work/complaints" ]
}

renew() {
    cp "$work/now.abi" "$description"
    echo "$description describes $(soname "$description"). Commit it."
}

describe
if [ "$(soname "$description" 2>/dev/null)" != "$(soname "$work/now.abi")" ]; then
    [ "$action" != --renew ] || { renew; exit; }
    echo "The library is $(soname "$work/now.abi"), but the description is that of $(soname "$description")."
    echo "Update the description: tests/abi/check.sh $library --renew"
    exit 1
fi
if ! same --no-added-syms; then
    echo "A program that was built with $(soname "$description") may not work with this build."
    echo "Revert the change, or raise the minor version (CMakeLists.txt, DM_VERSION, src/CHANGELOG.md)."
    exit 1
fi
if ! same --harmless >"$work/added"; then
    [ "$action" != --renew ] || { renew; exit; }
    cat "$work/added"
    echo "The change is compatible. Update the description: tests/abi/check.sh $library --renew"
    exit 1
fi
echo "$(grep -c '<elf-symbol' "$description") functions, the ABI of $(soname "$description") is unchanged"
