#!/usr/bin/env bash
# Builds everything with strict warnings as errors, and runs all tests except those with real servers and gateways
# (nginx, HAProxy, Caddy, tinyproxy), in a browser, and of the ABI. To run the others:
# ctest --test-dir FOLDER -L 'tls|gateways|browser|abi'
#
#     tests/run.sh [FOLDER [CMAKE-OPTION...]]      the build folder, build by default
#
# TESTS_ONLY=REGEX in the environment runs only the tests whose names match.
set -euo pipefail
cd "$(dirname "$0")/.."

. tests/debian.sh
# shellcheck disable=SC2086,SC2154 # lists of words
need_packages $library_packages $program_packages $test_packages

folder=${1:-build}
[ $# -eq 0 ] || shift
cmake -S . -B "$folder" -DDEEPOMATIC_WERROR=ON "$@"
cmake --build "$folder" --parallel "$(nproc)"
# Many tests mostly wait, so more run at a time than there are processors.
ctest --test-dir "$folder" --output-on-failure --parallel $(($(nproc) + 1)) --label-exclude 'tls|gateways|browser|abi' \
    ${TESTS_ONLY:+--tests-regex "$TESTS_ONLY"}
