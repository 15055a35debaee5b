# shellcheck shell=bash disable=SC2034,SC2154 # variables that other scripts use or set
# Sourced by the tests of the command line, which all take the same arguments:
#
#     tests/api/test_command_line*.sh DEEPOMATIC-PROGRAM SANDBOX-PROGRAM JSON-LINES-PROGRAM
program=$1
sandbox=$2
json_lines=$3
api_tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
photos=$(cd "$api_tests/../../examples/photos" && pwd)
cat=$photos/cat.jpg
coffee=$photos/coffee.jpg

. "$api_tests/../support/sandbox.sh"
. "$api_tests/../support/assert.sh"
trap 'sandbox_stop; rm -rf "$work"' EXIT
log=$work/requests.jsonl

deepomatic() {
    run "$program" "$@"
}

# restart_sandbox OPTION...: ends the sandbox, and starts one with these options and an empty request log.
restart_sandbox() {
    sandbox_stop
    sandbox_start "$sandbox" --request-log "$log" "$@"
    : >"$log"
}

# Creates 60 images in $work/many.
make_many() {
    local i
    mkdir "$work/many"
    for i in $(seq -w 60); do cp "$cat" "$work/many/$i.jpg"; done
}

# expect_json PATHS VALUES...: standard output has one JSON object for each of VALUES, with these values at the paths.
expect_json() {
    local paths=$1
    shift
    # shellcheck disable=SC2086 # a list of paths
    "$json_lines" $paths <"$stdout" >"$work/values" || fail "a line of standard output is not a JSON object"
    printf '%s\n' "$@" >"$work/expected"
    cmp -s "$work/values" "$work/expected" || fail "$paths: $(tr '\n' ';' <"$work/values")"
}

# expect_request TEXT: the last request, except those for tasks, contains the text.
expect_request() {
    grep -v '"path":"/v0.7/tasks' "$log" | tail -n 1 >"$work/request"
    grep -qF -e "$1" "$work/request" || fail "expected '$1' in the last request, got: $(cat "$work/request")"
}

expect_failure() {
    expect_status "$1"
    expect_quiet stdout
    expect_text stderr "$2"
    expect_no_text stderr "sandbox-key"
}

outputs='[{"labels":{"roi":"NONE","exclusive":true,"labels":[{"id":7,"name":"brown"},{"id":-3,"name":"gray"},{"id":0,"name":"black"}]}}]'
post_processings='[{"classification":{"output_tensor":"prob","thresholds":[0.1,0.2,0.999]}}]'
