#!/usr/bin/env bash
# Compares the queue with plain curl_multi, which makes the same submissions and polls each task once, exactly when it
# is done. The service is the sandbox with 20 ms for each task. Runs are interleaved; the figures are medians.
#
#     tests/bench/queue.sh BUILD-FOLDER [ROUNDS [MANY]]
#
# The last lines are the polls per image with 64 in flight, and the peak memory for 1,000 and for MANY images (20,000 by
# default; 100,000 take some minutes).
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
rounds=${2:-5}
many=${3:-20000}
service_ms=20
scratch=$(mktemp -d)
. tests/support/sandbox.sh
trap 'sandbox_stop; rm -rf "$scratch"' EXIT

start_sandbox() {
    sandbox_start "$build/src/tools/sandbox/deepomatic-sandbox" --task-delay-ms "$service_ms" --request-log "$scratch/log"
}

# measure MODE COUNT IN-FLIGHT: "WALL-MS CPU-US PEAK-KB"
measure() {
    "$build/tests/bench/bench_queue" "$1" "$DEEPOMATIC_API_URL" "$scratch/pixel.png" "$2" "$3" "$service_ms"
}

# median FILE COLUMN
median() {
    awk -v column="$2" '{ print $column }' "$1" | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
}

# compare COUNT IN-FLIGHT [FURTHER-MODE]
compare() {
    local mode round
    rm -f "$scratch"/figures.*
    for ((round = 0; round < rounds; round++)); do
        for mode in queue raw ${3:+"$3"}; do
            measure "$mode" "$1" "$2" >>"$scratch/figures.$mode"
        done
    done
    awk -v in_flight="$2" -v queue="$(median "$scratch/figures.queue" 1)" -v raw="$(median "$scratch/figures.raw" 1)" \
        -v queue_cpu="$(median "$scratch/figures.queue" 2)" -v raw_cpu="$(median "$scratch/figures.raw" 2)" 'BEGIN {
        printf "%9d  %8.0f ms  %8.0f ms  %6.2f  %8.0f us  %8.0f us\n", in_flight, queue, raw, raw / queue, queue_cpu, raw_cpu
    }'
}

restart_sandbox() {
    sandbox_stop
    service_ms=$1
    start_sandbox
}

# polls_at_64 SERVICE-MS: the median of the rounds
polls_at_64() {
    local round
    restart_sandbox "$1"
    for ((round = 0; round < rounds; round++)); do
        : >"$scratch/log"
        measure queue 1500 64 >"$scratch/ignored"
        grep -c '"path":"/v0.7/tasks"' "$scratch/log" | awk '{ print $1 / 1500 }'
    done >"$scratch/polls"
    echo "polls an image at 64 in flight, $1 ms: $(median "$scratch/polls" 1)"
}

# peak_memory COUNT
peak_memory() {
    echo "peak of memory for $1 images: $(measure queue "$1" 64 | cut -d' ' -f3) kB"
}

base64 -d >"$scratch/pixel.png" <<<"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
start_sandbox
echo "in flight        queue          raw   ratio    CPU queue      CPU raw"
compare 100 1 call
call_cpu=$(median "$scratch/figures.call" 2)
compare 800 8
compare 2000 32
compare 4000 128
echo "CPU of one dm_spec_infer: $call_cpu us"
for ms in 20 100 300; do polls_at_64 "$ms"; done
restart_sandbox 0
peak_memory 1000
peak_memory "$many"
