#!/usr/bin/env bash
# A field whose JSON name is too long for struct field must not compile.
# usage: field_names.sh COMPILER OPTION...
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# compiles NAME FIELD: succeeds if a table with a field of this name compiles.
compiles() {
    printf '%s\n' '#include "codec/field.h"' "struct item { int64_t $1; };" \
        'void read_it(struct reader *, const struct field *, void *);' \
        'extern const struct field table[];' "const struct field table[] = {{$2}};" >"$work/table.c"
    "${compiler[@]}" -std=c11 -fsyntax-only -I"$root/src" -I"$root/include" "$work/table.c" 2>"$work/errors"
}

compiler=("$@")
fits=a234567890123456789
longer=a2345678901234567890
for macro in 'REQUIRED_INTEGER(struct item, NAME)' 'REQUIRED_BY(NAME, read_it)' 'OPTIONAL_BY(NAME, read_it)'; do
    compiles $fits "${macro/NAME/$fits}" || { cat "$work/errors"; exit 1; }
    if compiles $longer "${macro/NAME/$longer}"; then
        echo "a name of ${#longer} characters compiled, although its NUL does not fit: $macro"
        exit 1
    fi
    grep -q 'longer than struct field has room for' "$work/errors" || { cat "$work/errors"; exit 1; }
done
echo "a name of ${#fits} characters compiles, a longer one does not"
