#!/usr/bin/env bash
# Measures which lines and branches of src/ the tests reach, prints a table and everything that they do not reach, and
# fails below 100 % of the lines or 95 % of the branches.
#
#     tests/coverage.sh [FOLDER]      the build folder, build/coverage by default
#
# LABELS=REGEX in the environment selects the tests (unit, transport, api, faults and tls by default); an empty LABELS
# runs none and uses the data of earlier runs. BUILD_ONLY=1 stops after the build.
#
# Code that no test can reach is marked in the source, with the reason, and does not count:
#
#     return; /* uncovered: REASON */
#
#     /* uncovered begin: REASON */
#     ...
#     /* uncovered end */
#
# A mark without a reason is an error, and so is a mark on code that the tests reach. The failing branch of an assert()
# does not count.
set -euo pipefail
cd "$(dirname "$0")/.."

. tests/debian.sh
# shellcheck disable=SC2086,SC2154 # lists of words
need_packages $library_packages $program_packages $test_packages

folder=${1:-build/coverage}
labels=${LABELS-^(unit|transport|api|faults|tls)$}

# Several threads update the counters, so the updates must be atomic.
cmake -S . -B "$folder" -DDEEPOMATIC_WERROR=ON -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=gcc \
    -DCMAKE_C_FLAGS='--coverage -O0 -fprofile-update=atomic -fprofile-abs-path' >/dev/null
cmake --build "$folder" --parallel "$(nproc)" >"$folder/build.log" || { cat "$folder/build.log"; exit 1; }
[ -z "${BUILD_ONLY:-}" ] || exit 0

outcome=0
if [ -n "$labels" ]; then
    find "$folder" -name '*.gcda' -delete
    ctest --test-dir "$folder" --output-on-failure --parallel "$(nproc)" -L "$labels" >"$folder/ctest.log" || {
        grep -A 15 'tests passed' "$folder/ctest.log"
        outcome=1
    }
fi

find "$folder/CMakeFiles/deepomatic_objects.dir/src" -name '*.gcno' | sort |
    xargs gcov --stdout --branch-probabilities --branch-counts 2>/dev/null |
    awk -f tests/coverage.awk -v root="$PWD/src/" || outcome=1
[ "$outcome" -eq 0 ] || echo "coverage: FAILED"
exit "$outcome"
