#!/usr/bin/env bash
# Measures the library against libcurl and cJSON, and prints one table in Markdown.
#
#     tests/bench/run.sh            all jobs and figures, some minutes
#     tests/bench/run.sh --check    instructions and heap calls only; fails if the library needs more than limits.txt
#     tests/bench/run.sh --update   writes limits.txt from what it measures
#
# BENCH_BUILD in the environment names the build folder (build/bench by default), BENCH_ROUNDS the rounds of the timed
# runs (7 by default).
#
# Four programs do each job: (a) raw libcurl, (b) raw libcurl with cJSON's parse and delete, (c) careful hand-written
# code with libcurl and cJSON, (d) the library. The comments at the top of raw.c, careful.c and library.c describe them.
#
# All figures except the peak are for one operation: the difference between a long and a short run, divided by the
# difference between their lengths, so that start-up and connecting do not count. Times are medians over rounds in which
# the programs take turns, so that other load on the machine affects all of them.
set -euo pipefail
shopt -s inherit_errexit # a run that fails inside $(...) ends the script
cd "$(dirname "$0")/../.."

mode=${1:-table}
case $mode in
table | --check | --update) ;;
*) echo "usage: $0 [--check | --update]" >&2; exit 2 ;;
esac

. tests/debian.sh
# shellcheck disable=SC2086,SC2154 # lists of words
need_packages $library_packages $program_packages $test_packages $bench_packages

# NAME JOB FILE SCHEME, the lengths of the counted runs, the lengths of the timed runs. The short run is long enough for
# buffers and the kernel's socket windows to reach their final size.
job_list='
get           get       small http  20 120 100 2100
retrieve      retrieve  small http  3  13  20  320
inference     inference small http  5  25  20  220
upload_5mb    upload    5mb   http  4  10  10  90
base64_5mb    base64    small http  2  4   5   35
upload_64mb   upload    64mb  http  2  4   2   8
create        create    small http  3  13  20  220
retrieve_tls  retrieve  small https 3  13  20  320
inference_tls inference small https 5  25  20  220
'
implementations="raw raw_cjson careful library"

# ---- Preparation ----

folder=${BENCH_BUILD:-build/bench}
cmake -S . -B "$folder" -DDEEPOMATIC_WERROR=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
cmake --build "$folder" --parallel "$(nproc)" --target bench >"$folder/build.log" || { cat "$folder/build.log"; exit 1; }
programs=$(realpath "$folder/tests/bench")

scratch=$(mktemp -d "${TMPDIR:-/tmp}/deepomatic-bench-XXXXXX")
server=
stop() {
    [ -z "$server" ] || kill "$server"
    rm -rf "$scratch"
}
trap stop EXIT

# The user's settings, such as a proxy, must not affect the measurements.
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
unset "${!DEEPOMATIC_@}"

make_files() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$scratch/key.pem" -out "$scratch/certificate.pem" 2>/dev/null
    head -c 1000 /dev/zero >"$scratch/small"
    head -c 5000000 /dev/zero >"$scratch/5mb"
    head -c 64000000 /dev/zero >"$scratch/64mb"
}

start_server() {
    local try
    : >"$scratch/ports"
    "$programs/bench_server" "$scratch/certificate.pem" "$scratch/key.pem" >"$scratch/ports" &
    server=$!
    for ((try = 0; try < 100; try++)); do
        ! grep -q '^https ' "$scratch/ports" || return 0
        sleep 0.05
    done
    echo "the server did not start" >&2
    return 1
}

port_of() {
    sed -n "s/^$1 //p" "$scratch/ports"
}

# counters: sets connections and requests to the server's counters.
counters() {
    local line
    exec 3<>"/dev/tcp/127.0.0.1/$(port_of http)"
    printf 'GET /counters HTTP/1.1\r\n\r\n' >&3
    while IFS= read -r line <&3 && [ "$line" != $'\r' ]; do :; done
    read -r connections requests <&3
    exec 3>&-
}

# ---- One run ----

# select_job LINE-OF-THE-JOB-LIST: sets the variables of a job.
select_job() {
    local file scheme
    read -r name job file scheme counted_short counted_long timed_short timed_long <<<"$1"
    arguments=("$scheme://127.0.0.1:$(port_of "$scheme")" "$scratch/certificate.pem" "$scratch/$file")
}

# run IMPLEMENTATION COUNT [TOOL...]: does the job COUNT times on the first core, under the tool if one is given.
# Sets wall_us, cpu_us, faults and peak_kb.
run() {
    local implementation=$1 count=$2
    shift 2
    "$programs/bench_measure" "$scratch/measured" "$@" \
        "$programs/bench_$implementation" "$job" "$count" "${arguments[@]}"
    read -r wall_us cpu_us faults peak_kb <"$scratch/measured"
}

# Each of these prints the figures of one run, on one line: ... IMPLEMENTATION COUNT.
instructions_of() {
    run "$1" "$2" valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$scratch/valgrind"
    sed -n 's/.*Collected : //p' "$scratch/valgrind"
}

heap_of() {
    BENCH_HEAP_FILE=$scratch/heap run "$1" "$2" env LD_PRELOAD="$programs/libbench_heap.so"
    cat "$scratch/heap"
}

# All system calls, and the brk calls.
system_calls_of() {
    run "$1" "$2" strace -f -c -U calls,name -o "$scratch/strace"
    awk '$2 == "brk" { brk = $1 } $2 == "total" { total = $1 } END { print total + 0, brk + 0 }' "$scratch/strace"
}

connections_of() {
    local connections requests connections_before requests_before
    counters
    connections_before=$connections
    requests_before=$requests
    run "$1" "$2"
    counters
    echo $((connections - connections_before)) $((requests - requests_before))
}

time_of() {
    run "$1" "$2"
    echo "$wall_us" "$cpu_us" "$faults"
}

# per_operation FIGURES IMPLEMENTATION SHORT LONG: the difference between the two runs, for one operation.
per_operation() {
    local short long
    short=$("$1_of" "$2" "$3")
    long=$("$1_of" "$2" "$4")
    awk -v operations=$(($4 - $3)) -v short="$short" -v long="$long" 'BEGIN {
        count = split(short, a, " "); split(long, b, " ")
        for (i = 1; i <= count; i++) printf "%s%.2f", i == 1 ? "" : " ", (b[i] - a[i]) / operations
    }'
}

# ---- All figures ----

# Lines "JOB IMPLEMENTATION FIGURE VALUE".
record() {
    local implementation=$1 figure
    shift
    for figure; do
        echo "$name $implementation ${figure%=*} ${figure#*=}" >>"$scratch/figures"
    done
}

count_implementation() {
    local instructions heap calls bytes
    instructions=$(per_operation instructions "$1" "$counted_short" "$counted_long")
    heap=$(per_operation heap "$1" "$counted_short" "$counted_long")
    read -r calls bytes <<<"$heap"
    record "$1" instructions="$instructions" heap_calls="$calls" heap_bytes="$bytes"
}

# Raw libcurl determines the number of requests of the job: a program that sends fewer has not done the work.
count_implementation_further() {
    local traced counted system_calls brk opened sent
    traced=$(per_operation system_calls "$1" "$timed_short" "$timed_long")
    counted=$(per_operation connections "$1" "$timed_short" "$timed_long")
    read -r system_calls brk <<<"$traced"
    read -r opened sent <<<"$counted"
    [ "$1" != raw ] || sent_by_raw=$sent
    [ "$sent" = "$sent_by_raw" ] || { echo "$name: $1 sends $sent requests, raw sends $sent_by_raw" >&2; return 1; }
    record "$1" system_calls="$system_calls" brk="$brk" connections="$opened"
}

time_implementation() {
    local timed wall cpu faults
    timed=$(per_operation time "$1" "$timed_short" "$timed_long")
    read -r wall cpu faults <<<"$timed"
    record "$1" wall_us="$wall" cpu_us="$cpu" faults="$faults"
}

measure_job() {
    local implementation round
    for implementation in $implementations; do
        count_implementation "$implementation"
        count_implementation_further "$implementation"
        run "$implementation" "$timed_long"
        record "$implementation" peak_kb="$peak_kb"
    done
    for ((round = 0; round < ${BENCH_ROUNDS:-7}; round++)); do
        for implementation in $implementations; do
            time_implementation "$implementation"
        done
    done
}

describe_machine() {
    local size
    size=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
    echo "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $((size / 1024 / 1024)) GiB;" \
        "Linux $(uname -r); $(. /etc/os-release && echo "$PRETTY_NAME");" \
        "$(gcc -dumpfullversion | sed 's/^/gcc /') -O2; libcurl $(pkg-config --modversion libcurl)," \
        "cJSON $(pkg-config --modversion libcjson), $(openssl version | cut -d' ' -f1,2), $(valgrind --version)"
}

# ---- Check ----

# The number of instructions also depends on the machine's libcurl, libc and processor (memcpy, AES). So the check fails
# only if two figures are too high: the absolute value, and the ratio to raw libcurl with cJSON's parse and delete in
# the same run. A slower libcurl raises only the absolute value, and a faster one only the ratio; more work in the
# library raises both. The check leaves out TLS jobs, where OpenSSL dominates, and does not measure times.
count_job() {
    case $name in
    *_tls) return ;;
    esac
    count_implementation raw_cjson
    count_implementation library
}

limits=tests/bench/limits.txt

check_limits() {
    awk -f tests/bench/limits.awk -v margin=0.03 "$limits" "$scratch/figures"
}

update_limits() {
    awk -f tests/bench/limits.awk -v update=1 "$scratch/figures" >"$limits"
    cat "$limits"
}

# ---- All together ----

# each_job FUNCTION
each_job() {
    local line
    while read -r line; do
        [ -n "$line" ] || continue
        select_job "$line"
        "$1"
    done <<<"$job_list"
}

make_files
start_server
: >"$scratch/figures"
case $mode in
table)
    each_job measure_job
    describe_machine
    echo
    awk -f tests/bench/table.awk "$scratch/figures"
    ;;
--check)
    each_job count_job
    check_limits
    ;;
--update)
    each_job count_job
    update_limits
    ;;
esac
