#!/usr/bin/env bash
# Measures the delay between the end of a task and its result, and the number of polls. Prints two tables in Markdown:
# the library with deepomatic-sandbox on loopback, and a simulation with a round trip of 20 ms. The figures of the
# former back-off are simulated.
#
#     tests/bench/latency.sh [COUNT]    COUNT inferences for each line (30 by default: ten minutes); ten more teach
#
# BENCH_BUILD in the environment names the build folder (build/bench by default).
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."

count=${1:-30}
. tests/debian.sh
# shellcheck disable=SC2086,SC2154 # lists of words
need_packages $library_packages $program_packages $test_packages
. tests/support/sandbox.sh
trap sandbox_stop EXIT

folder=${BENCH_BUILD:-build/bench}
cmake -S . -B "$folder" -DDEEPOMATIC_WERROR=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
cmake --build "$folder" --parallel "$(nproc)" --target bench_latency bench_pace deepomatic-sandbox >"$folder/build.log" ||
    { cat "$folder/build.log"; exit 1; }
programs=$folder/tests/bench
sandbox=$folder/src/tools/sandbox/deepomatic-sandbox

tasks_ms="0 20 50 100 300 1000 2000"
scatters="0 10 30"

heading() {
    printf '\n%s\n\n' "$1"
    echo "| service | learned: added ms | median | of the service's time | polls | first task: added ms | of the service's time" \
        "| polls | former back-off, simulated: added ms | polls |"
    echo "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |"
}

share() {
    awk -v added="$1" -v task="$2" 'BEGIN { if (task > 0) printf "%.1f %%", 100 * added / task }'
}

# line TASK-MS SCATTER LEARNED MEDIAN POLLS FIRST POLLS FORMER POLLS
line() {
    echo "| $1 ms ±$2 % | $3 | $4 | $(share "$3" "$1") | $5 | $6 | $(share "$6" "$1") | $7 | $8 | $9 |"
}

measured() {
    local task=$1 scatter=$2 learned first simulated
    sandbox_start "$sandbox" --task-delay-ms "$task" --delay-scatter "$scatter"
    learned=$("$programs/bench_latency" learned "$DEEPOMATIC_API_URL" examples/photos/coffee.png "$count")
    first=$("$programs/bench_latency" first "$DEEPOMATIC_API_URL" examples/photos/coffee.png $((count / 3 + 1)))
    sandbox_stop
    simulated=$("$programs/bench_pace" "$task" "$scatter" 1)
    # shellcheck disable=SC2086 # figures
    set -- $learned $first $simulated
    line "$task" "$scatter" "$1" "$2" "$3" "$4" "$6" "${11}" "${12}"
}

simulated() {
    local task=$1 scatter=$2 figures
    figures=$("$programs/bench_pace" "$task" "$scatter" 20)
    # shellcheck disable=SC2086 # figures
    set -- $figures
    line "$task" "$scatter" "$1" "" "${@:2}"
}

each() {
    local task scatter
    for task in $tasks_ms; do
        for scatter in $scatters; do
            [ "$task" != 0 ] || [ "$scatter" = 0 ] || continue
            "$1" "$task" "$scatter"
        done
    done
}

heading "deepomatic-sandbox on loopback"
each measured
heading "Simulation with a round trip of 20 ms"
each simulated
