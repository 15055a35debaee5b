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
. tests/support/sandbox.sh
trap 'sandbox_stop; rm -rf "$scratch"' EXIT

milliseconds() {
    date +%s%3N
}

# infer JOBS: the time in milliseconds
infer() {
    local begin
    begin=$(milliseconds)
    "$build/src/tools/deepomatic/deepomatic" infer sandbox-colors --jobs "$1" --json --files-from "$scratch/list" \
        >"$scratch/results" 2>"$scratch/warnings"
    echo $(($(milliseconds) - begin))
}

# measure KIND JOBS
measure() {
    local took
    : >"$scratch/log"
    sandbox_start "$build/src/tools/sandbox/deepomatic-sandbox" --rate-limit "$per_second" --rate-limit-kind "$1" \
        --request-log "$scratch/log"
    took=$(infer "$2")
    sandbox_stop
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
