#!/usr/bin/env bash
# check_allocators.sh LIBRARY: fails if the static library calls an allocation function that failing_malloc.c does not
# wrap, because the tests of this folder would miss its failures.
set -euo pipefail

unwrapped=$(nm -u "$1" | awk '$1 == "U" { sub(/@.*/, "", $2); print $2 }' | sort -u | grep -xE \
    'v?asprintf|strndup|w?memdup|aligned_alloc|posix_memalign|memalign|valloc|reallocarray|reallocf|getline|getdelim|f(d|mem)?open|open_(w)?memstream|opendir|realpath|getcwd|getaddrinfo|duplocale|setlocale|tempnam|scandir|glob|regcomp|cJSON_InitHooks' || true)
[ -z "$unwrapped" ] || { echo "not covered by failing_malloc.c: $unwrapped"; exit 1; }
