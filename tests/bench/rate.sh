#!/usr/bin/env bash
# Measures `deepomatic infer` with a service that allows 50 requests a second: the time compared with the ideal (one
# request per image at the full rate), the polls per image, and the rejected requests. The service is the sandbox, whose
# tasks take 100 ms.
#
#     tests/bench/rate.sh BUILD-FOLDER [IMAGES]
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
images=${2:-500}
per_second=50
scratch=$(mktemp -d)
sandbox_pid=

finish() {
    [ -z "$sandbox_pid" ] || kill "$sandbox_pid"
    rm -rf "$scratch"
}
trap finish EXIT

start_sandbox() {
    : >"$scratch/log"
    "$build/src/tools/sandbox/deepomatic-sandbox" --rate-limit "$per_second" --rate-limit-kind "$1" \
        --api-key key --request-log "$scratch/log" >"$scratch/address" &
    sandbox_pid=$!
    until grep -q listening "$scratch/address"; do sleep 0.1; done
}

stop_sandbox() {
    kill "$sandbox_pid"
    wait "$sandbox_pid"
    sandbox_pid=
}

milliseconds() {
    date +%s%3N
}

# infer JOBS: the time in milliseconds
infer() {
    local begin
    begin=$(milliseconds)
    DEEPOMATIC_API_KEY=key DEEPOMATIC_API_URL=$(sed 's/listening on //' "$scratch/address") \
        "$build/src/tools/deepomatic/deepomatic" infer sandbox-colors --jobs "$1" --json --files-from "$scratch/list" \
        >"$scratch/results" 2>"$scratch/warnings"
    echo $(($(milliseconds) - begin))
}

# measure KIND JOBS
measure() {
    local took
    start_sandbox "$1"
    took=$(infer "$2")
    stop_sandbox
    awk -v kind="$1" -v jobs="$2" -v took="$took" -v images="$images" -v per_second="$per_second" '
        /"status":429/ { rejected++ }
        /"path":"\/v0.7\/tasks/ { polls++ }
        END {
            printf "%-8s %9d  %9.2f  %12.2f  %8.1f %%\n", kind, jobs, took * per_second / 1000 / images, polls / images,
                100 * rejected / NR
        }' "$scratch/log"
}

base64 -d >"$scratch/pixel.png" <<<"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
for ((i = 0; i < images; i++)); do
    echo "$scratch/pixel.png"
done >"$scratch/list"
echo "limit    in flight  to ideal  polls an image  rejected"
for jobs in 8 16 64; do
    for kind in bucket fixed sliding; do
        measure "$kind" "$jobs"
    done
done
