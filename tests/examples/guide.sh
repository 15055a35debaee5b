#!/usr/bin/env bash
# Runs the guide's functions (guide.c), its shell commands and its table of faults, and compares its numbers with the
# header.
#
#     tests/examples/guide.sh GUIDE-PROGRAM QUICKSTART-PROGRAM SANDBOX-PROGRAM DEEPOMATIC-PROGRAM
set -euo pipefail
guide=$1
quickstart=$2
sandbox=$3
deepomatic=$4
here=$(cd "$(dirname "$0")" && pwd)
page=$here/../../examples/README.md
header=$here/../../include/deepomatic.h
photos=$(cd "$here/../../examples/photos" && pwd)

. "$here/../support/sandbox.sh"
. "$here/../support/assert.sh"
trap 'sandbox_stop; rm -rf "$work"' EXIT

# with_sandbox OPTION... -- SCENARIO ARGUMENT...: runs one function of the guide with a new sandbox.
with_sandbox() {
    local options=()
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    sandbox_start "$sandbox" --task-delay-ms 20 "${options[@]}"
    run "$guide" "$@"
    sandbox_stop
    expect_status 0
}

an_image_is_recognised() {
    with_sandbox -- recognise "$photos/cat.jpg"
    expect_line "$photos/cat.jpg: brown"
    expect_line "DM_OK"
    with_sandbox -- recognise "$work/no-such-file.jpg"
    expect_line "DM_ERR_FILE"
}

a_create_whose_response_is_lost_is_found() {
    with_sandbox --fault 'POST /v0.7/recognition/specs cut=10 count=1' -- create "Mine"
    expect_line "DM_OK"
    expect_line "id 1"
    with_sandbox --fault 'POST /v0.7/recognition/specs close count=1' -- create "Mine"
    expect_line "id 0"
    with_sandbox -- create "Mine"
    expect_line "id 1"
}

a_task_is_waited_for_without_sending_the_image_again() {
    with_sandbox --task-delay-ms 1500 --request-log "$work/requests" -- patiently "$photos/cat.jpg"
    expect_line_like "^still waiting for task "
    expect_line "$photos/cat.jpg: 1 outputs"
    expect_line_like "^DM_OK"
    expect_equal "$(grep -c '"POST"' "$work/requests")" 1
}

an_interactive_client_makes_two_attempts() {
    with_sandbox --fault 'POST */inference status=500' -- interactive "$photos/cat.jpg"
    expect_line "DM_ERR_SERVER, later, outcome unknown"
    expect_line "2 attempts, at most 5 labels"
}

threads_recognise_each_image_once() {
    local many=() i
    for i in {1..12}; do
        cp "$photos/cat.jpg" "$work/$i.jpg"
        many+=("$work/$i.jpg")
    done
    with_sandbox -- threads "${many[@]}"
    expect_equal "$(sort "$stdout")" "$(printf '%s: brown\n' "${many[@]}" | sort)"
    expect_quiet stderr
}

a_signal_cancels_a_call() {
    with_sandbox --fault '* * stall' -- interrupted "$photos/cat.jpg"
    expect_line_like '^DM_ERR_CANCELLED'
}

a_child_process_has_its_own_client() {
    with_sandbox -- child "$photos/cat.jpg"
    expect_line "$photos/cat.jpg: brown"
    expect_line "exit status 0"
    with_sandbox -- child "$work/no-such-file.jpg"
    expect_line "exit status 1"
}

a_batch_is_waited_for_together() {
    cp "$photos/README.md" "$work/no-image.jpg"
    with_sandbox -- batch "$photos/cat.jpg" "$work/no-image.jpg" "$photos/rocket.jpg"
    expect_line "$photos/cat.jpg: recognised"
    expect_line "$work/no-image.jpg: failed"
    expect_line "$photos/rocket.jpg: recognised"
    expect_line "DM_OK"
}

a_queue_gives_each_image_its_result() {
    local many=() i
    for i in {1..100}; do
        ln -sf "$photos/cat.jpg" "$work/$i.jpg"
        many+=("$work/$i.jpg")
    done
    with_sandbox -- many "${many[@]}" "$work/no-image.jpg"
    expect_equal "$(grep outputs "$stdout" | sort)" "$(printf '%s: 1 outputs\n' "${many[@]}" | sort)"
    expect_text stderr "$work/no-image.jpg: "
    expect_line "DM_OK"
}

an_event_loop_serves_both_descriptors() {
    with_sandbox -- loop "$photos/cat.jpg"
    expect_line "the other descriptor says x"
    expect_equal "$(grep -c '^cat: 1 outputs$' "$stdout")" 2
    expect_line "DM_OK"
}

a_model_becomes_a_prediction() {
    cp "$photos/rocket.jpg" "$work/saved_model.pb"
    with_sandbox -- network "$work/saved_model.pb" "$photos/cat.jpg"
    expect_line "brown"
    expect_line "DM_OK"
}

# The table's rows: | the service ... | `FAULT` | `STATUS` |
the_faults_lead_to_the_results_of_the_table() {
    local fault expected rows=0
    while IFS='|' read -r fault expected; do
        with_sandbox --fault "$fault" -- recognise "$photos/cat.jpg" "$([[ $fault = *stall* ]] && echo 700 || echo 60000)"
        expect_line_like "^$expected(,|\$)"
        rows=$((rows + 1))
    done < <(sed -n 's/^|[^|]*| `\([A-Z*]* [^`]*\)` | `\(DM_[A-Z_]*\)` |$/\1|\2/p' "$page")
    [ "$rows" -ge 10 ] || fail "expected at least 10 rows, got $rows"
}

the_shell_commands_work() {
    mkdir -p "$work/bin" "$work/place"
    ln -sf "$sandbox" "$work/bin/deepomatic-sandbox"
    ln -sf "$deepomatic" "$work/bin/deepomatic"
    cp "$quickstart" "$work/place/my_program"
    cp "$photos/cat.jpg" "$work/place/photo.jpg"
    awk -v language=sh -f "$here/code_blocks.awk" "$page" >"$work/commands.sh"
    [ "$(wc -l <"$work/commands.sh")" -ge 15 ] || fail "the commands were not found"
    run env -C "$work/place" PATH="$work/bin:$PATH" bash -eu "$work/commands.sh"
    expect_status 0
    expect_equal "$(grep -c '^brown 0' "$stdout")" 2
}

the_figures_are_those_of_the_header() {
    local name value rows=0
    while read -r name value; do
        grep -qE "(^|[^a-z_])$name \`?$value([^0-9]|\$)" "$page" || fail "expected in the guide: $name $value"
        rows=$((rows + 1))
    done < <(sed -n 's/^ \*     \([a-z_]*\)  *\([0-9][0-9]*\) .*/\1 \2/p' "$header" | grep -v max_response_bytes)
    [ "$rows" -ge 8 ] || fail "expected at least 8 figures, got $rows"
}

# Every status of the header has a row, and every row has a status of the header.
each_status_is_explained() {
    local names
    names=$(sed -n '/^typedef enum dm_status/,/^}/s/^ *\(DM_ERR_[A-Z_]*\).*/\1/p' "$header" | sort)
    run diff <(echo "$names") <(grep -E '^\| `DM_ERR_' "$page" | cut -d'|' -f2 | grep -o 'DM_ERR_[A-Z_]*' | sort)
    expect_quiet stdout
}

# The header declares each function, type and constant that the guide names.
the_names_exist() {
    local name
    for name in $(grep -oE '\b(dm|DM)_[a-zA-Z_]+[a-zA-Z]\b' "$page" | sort -u); do
        grep -qE "\\b$name\\b" "$header" || fail "not in the header: $name"
    done
}

run_tests an_image_is_recognised a_create_whose_response_is_lost_is_found \
    a_task_is_waited_for_without_sending_the_image_again an_interactive_client_makes_two_attempts \
    threads_recognise_each_image_once a_signal_cancels_a_call a_child_process_has_its_own_client \
    a_batch_is_waited_for_together a_queue_gives_each_image_its_result an_event_loop_serves_both_descriptors \
    a_model_becomes_a_prediction the_faults_lead_to_the_results_of_the_table the_shell_commands_work \
    the_figures_are_those_of_the_header each_status_is_explained the_names_exist
