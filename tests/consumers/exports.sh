#!/usr/bin/env bash
# The shared library exports exactly the header's functions, and its soname is right.
#
#     tests/consumers/exports.sh LIBDEEPOMATIC.SO LIBDEEPOMATIC.A
set -euo pipefail
shared=$1
static=$2
header=$(dirname "$0")/../../include/deepomatic.h
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The functions that the header declares: it marks each one with DM_API.
grep -o '^DM_API .*' "$header" | grep -o 'dm_[a-z0-9_]*(' | tr -d '(' | sort -u >"$work/declared"
nm -D --defined-only "$shared" | awk '{ print $NF }' | sort >"$work/exported"
nm -g --defined-only "$static" | awk 'NF == 3 { print $NF }' | sort >"$work/archived"

[ "$(wc -l <"$work/declared")" -ge 40 ] || { echo "the header's functions were not found"; exit 1; }
for names in exported archived; do
    if ! diff "$work/declared" "$work/$names" >"$work/difference"; then
        echo "< is declared, but not $names; > is $names, but not declared:"
        cat "$work/difference"
        exit 1
    fi
done

version=$(sed -n 's/^#define DM_VERSION "\(.*\)"$/\1/p' "$header")
soname=$(readelf -d "$shared" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
if [ "$soname" != "libdeepomatic.so.${version%.*}" ]; then
    echo "unexpected SONAME of version $version: $soname"
    exit 1
fi
if ! readelf -d "$shared" | grep -q BIND_NOW; then
    echo "the shared library is not linked with -z now"
    exit 1
fi
if ! readelf -d "$shared" | grep -q NODELETE; then
    echo "the shared library is not linked with -z nodelete"
    exit 1
fi
echo "$(wc -l <"$work/declared") functions, SONAME $soname"
