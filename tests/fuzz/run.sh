#!/usr/bin/env bash
# Fuzzes each decoder and reader with AddressSanitizer and UndefinedBehaviorSanitizer, two at a time.
#
#     tests/fuzz/run.sh [SECONDS [TARGET...]]      30 seconds for each of all targets by default
#
# Starts with the corpus in the tree and the inputs that earlier runs have added to build/fuzz/corpus. Inputs that fail
# are stored in build/fuzz/findings; `build/fuzz/tests/fuzz/fuzz_TARGET FILE` reproduces a failure.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-30}
[ $# -eq 0 ] || shift
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    for source in tests/fuzz/target_*.c; do
        source=${source##*/target_}
        targets+=("${source%.c}")
    done
fi

. tests/debian.sh
# shellcheck disable=SC2086,SC2154 # lists of words
need_packages $library_packages $program_packages $test_packages clang libclang-rt-14-dev

folder=build/fuzz
cmake -S . -B $folder -DDEEPOMATIC_FUZZ=ON -DDEEPOMATIC_WERROR=ON -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ >/dev/null
cmake --build $folder --parallel "$(nproc)" --target fuzzers >$folder/build.log || { cat $folder/build.log; exit 1; }

# fuzz TARGET: prints a line of statistics, or the end of the log after a failure.
fuzz() {
    local target=$1 log=$folder/$1.log failed=0
    local corpus=$folder/corpus/$target findings=$folder/findings/$target
    mkdir -p "$corpus" "$findings"
    $folder/tests/fuzz/fuzz_"$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
        -dict=tests/fuzz/words.dict -print_final_stats=1 -artifact_prefix="$findings/" \
        "$corpus" "tests/fuzz/corpus/$target" >"$log" 2>&1 || failed=1
    awk -v target="$target" -v verdict="$([ $failed = 0 ] || echo FOUND)" '
        function after(name,  i) { for (i = 1; i < NF; i++) if ($i == name) return $(i + 1); return "" }
        $1 ~ /^#/ && after("cov:") != "" { edges = after("cov:"); features = after("ft:"); inputs = after("corp:") }
        /number_of_executed_units/ { executions = $2 }
        END { printf "%-14s %10d executions, %5d edges, %5d features, corpus %s %s\n",
              target, executions, edges, features, inputs, verdict }' "$log"
    [ $failed = 0 ] || { tail -n 40 "$log"; echo "whole log: $log"; return 1; }
}
export -f fuzz
export folder seconds
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I TARGET bash -c 'fuzz TARGET'
