#!/usr/bin/env bash
# The public header compiles alone, in each language that it supports, with each installed compiler.
set -euo pipefail
include=$(cd "$(dirname "$0")/../../include" && pwd)
warnings="-Wall -Wextra -Wpedantic -Werror"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The header is included twice to test its include guard. The function uses its declarations.
cat >"$work/alone.c" <<'END'
#include <deepomatic.h>
#include <deepomatic.h>
const char *version(void);
const char *version(void)
{
    return dm_library_version();
}
END
cp "$work/alone.c" "$work/alone.cpp"

# compile COMPILER STANDARD FILE
compile() {
    command -v "$1" >/dev/null || return 0
    # shellcheck disable=SC2086 # a list of words
    "$1" -std="$2" $warnings -I"$include" -c "$work/$3" -o "$work/alone.o"
    echo "ok: $1 -std=$2"
    compiled=$((compiled + 1))
}

compiled=0
for standard in c99 c11 c17; do
    compile gcc $standard alone.c
    compile clang $standard alone.c
done
for standard in c++11 c++17; do
    compile g++ $standard alone.cpp
    compile clang++ $standard alone.cpp
done
[ "$compiled" -ge 5 ] || { echo "gcc and g++ are needed"; exit 1; }

# Ignoring a status causes a warning.
printf '#include <deepomatic.h>\nvoid f(dm_client *c);\nvoid f(dm_client *c)\n{\n    dm_version_delete(c, 1, 0, 0);\n}\n' \
    >"$work/careless.c"
# shellcheck disable=SC2086 # a list of words
if gcc $warnings -I"$include" -c "$work/careless.c" -o "$work/careless.o" 2>/dev/null; then
    echo "a status can be ignored without a warning"
    exit 1
fi

# The header includes no header of another library.
if grep '#include' "$include/deepomatic.h" | grep -v -e '<stdbool.h>' -e '<stddef.h>' -e '<stdint.h>'; then
    echo "the header includes more than stdbool.h, stddef.h and stdint.h"
    exit 1
fi
