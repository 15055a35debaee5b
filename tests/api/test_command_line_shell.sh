#!/usr/bin/env bash
# The command line in pipes, in parallel, with closed descriptors and with signals.
set -euo pipefail
. "$(dirname "$0")/command_line.sh"

output_that_cannot_be_written_is_a_failure() {
    [ -e /dev/full ] || return 0
    status=0
    "$program" specs list --public >/dev/full 2>"$work/stderr" || status=$?
    expect_status 1
    expect_text stderr "cannot write to standard output: No space left on device"
}

messages_of_parallel_processes_stay_whole() {
    local name=${FUNCNAME[0]}
    seq 300 | xargs -P 8 -I{} "$program" tasks get "../$name/{}" 2>"$work/stderr" || true
    grep -vE -e "^deepomatic: '\.\./$name/[0-9]+' is not a valid task id \(.*\)$" -e "^Try '.*'\.$" "$work/stderr" \
        >"$work/garbled" || true
    [ ! -s "$work/garbled" ] || fail "$(wc -l <"$work/garbled") lines are garbled: $(head -n 1 "$work/garbled")"
    [ "$(wc -l <"$work/stderr")" -eq 600 ] || fail "expected 600 lines, got $(wc -l <"$work/stderr")"
}

# The line is longer than the default buffer of stdio.
json_lines_of_parallel_processes_stay_whole() {
    deepomatic specs create --name long --outputs "$outputs" --metadata "{\"text\":\"$(printf 'x%.0s' {1..50000})\"}"
    seq 60 | xargs -P 8 -I{} "$program" specs get 1 --json >"$stdout"
    "$json_lines" name metadata <"$stdout" | sort | uniq -c >"$work/counts" || fail "a line is not a JSON object"
    grep -qxE ' *60 long \{\}' "$work/counts" || fail "$(cat "$work/counts")"
}

# pipe_to_head SIGPIPE-ACTION
pipe_to_head() {
    local images=("$cat" "$cat" "$cat" "$cat" "$cat" "$cat" "$cat" "$cat")
    ran="infer | head ($1)"
    set +o pipefail
    env "$1" "$program" infer sandbox-colors "${images[@]}" --json --verbose --jobs 1 2>"$work/stderr" | head -n 1 >"$work/stdout"
    status=${PIPESTATUS[0]}
    set -o pipefail
    expect_json "image" "$cat"
    other_lines "$work/stderr" | grep -v ': HTTP 2' >"$work/other" || true
    [ ! -s "$work/other" ] || fail "unexpected messages on standard error: $(cat "$work/other")"
    [ "$(grep -c 'POST' "$work/stderr")" -lt 8 ] || fail "expected less than 8 POSTs, got $(grep -c POST "$work/stderr")"
}

a_closed_pipe_ends_it_without_a_message() {
    pipe_to_head --default-signal=PIPE
    expect_status 141
    pipe_to_head --ignore-signal=PIPE
    expect_status 1
}

closed_descriptors_are_not_reused_for_other_files() {
    run timeout 10 "$program" infer sandbox-colors - <&-
    expect_failure 1 "standard input: Bad file descriptor"
    run timeout 10 "$program" infer sandbox-colors - --base64 <&-
    expect_failure 1 "standard input: Bad file descriptor"
    ran="account --verbose 2>&-"
    status=0
    timeout 10 "$program" account --json --verbose >"$stdout" 2>&- || status=$?
    expect_status 0
    expect_json "name" "sandbox"
    ran="account >&-"
    status=0
    timeout 10 "$program" account 2>"$stderr" >&- || status=$?
    expect_status 1
    expect_text stderr "cannot write to standard output"
    status=0
    timeout 10 "$program" account <&- >&- 2>&- || status=$?
    expect_status 1
}

a_pipe_is_an_image() {
    deepomatic infer sandbox-colors <(cat "$cat") --json
    expect_status 0
    expect_json "outputs.0.labels.predicted.0.label_name" brown
}

# File names in Latin-1, with other invalid UTF-8, and with control characters.
a_name_that_is_not_utf8_can_be_matched_to_its_file() {
    local name shown
    for name in $'caf\xe9.jpg' $'\xf0\x9f.jpg' $'it\'s \\ \xff\nline.jpg'; do
        deepomatic infer sandbox-colors "$work/$name"
        shown=$(sed -n 's/^deepomatic: \(.*\): No such file or directory$/\1/p' "$stderr")
        eval "printf %s $shown" >"$work/matched"
        printf %s "$work/$name" | cmp -s - "$work/matched" || fail "the name in the message is not that of the file: $shown"
        cp "$cat" "$work/$name"
        deepomatic infer sandbox-colors "$work/$name"
        shown=$(sed -n '1s/:$//p' "$stdout")
        eval "printf %s $shown" >"$work/matched"
        printf %s "$work/$name" | cmp -s - "$work/matched" || fail "the name in the table is not that of the file: $shown"
        deepomatic infer sandbox-colors "$work/$name" --json
        "$json_lines" image_name_base64 <"$stdout" | base64 -d >"$work/matched"
        printf %s "$work/$name" | cmp -s - "$work/matched" || fail "the name in the JSON is not that of the file"
        deepomatic infer sandbox-colors "$work/$name" --json --no-wait
        "$json_lines" image_name_base64 <"$stdout" | base64 -d | cmp -s - "$work/matched" || fail "the name in the JSON is not that of the file"
    done
}

a_name_in_utf8_is_shown_as_it_is() {
    cp "$cat" "$work/café 'n' \\.jpg"
    deepomatic infer sandbox-colors "$work/café 'n' \\.jpg"
    expect_line "$work/café 'n' \\.jpg:"
    deepomatic infer sandbox-colors "$work/café 'n' \\.jpg" --json
    expect_json "image image_name_base64" "$work/café 'n' \\.jpg -"
}

# ---- Signals ----

# await_polling COMMAND...: starts the command as the job $job, and returns when it polls its task.
await_polling() {
    local polls tries=0
    ran="$*"
    polls=$(grep -c '"path":"/v0.7/tasks' "$log" || true)
    "$@" >"$stdout" 2>"$stderr" &
    job=$!
    until [ "$(grep -c '"path":"/v0.7/tasks' "$log")" -gt "$polls" ]; do
        [ $((tries += 1)) -lt 600 ] || fail "timed out waiting for a poll"
        sleep 0.05
    done
}

# signalled_while_waiting SIGNALS COMMAND...
signalled_while_waiting() {
    local signal
    await_polling "${@:2}"
    for signal in $1; do
        kill "-$signal" "$job"
        sleep 0.3
    done
    SECONDS=0
    status=0
    wait "$job" || status=$?
    [ "$SECONDS" -lt 10 ] || fail "expected an end within 10 s, got $SECONDS s"
}

# env resets SIGINT, because background jobs of a script ignore it.
a_signal_ends_the_wait() {
    signalled_while_waiting "INT INT" env --default-signal=INT "$program" infer sandbox-colors "$cat" "$coffee" --jobs 1
    expect_status 130
    expect_quiet stdout
    expect_text stderr "$cat"
    expect_no_text stderr "$coffee"
    signalled_while_waiting TERM "$program" tasks wait 1
    expect_status 143
    expect_quiet stdout
    signalled_while_waiting HUP "$program" tasks wait 1
    expect_status 129
    expect_quiet stdout
    signalled_while_waiting HUP "$program" infer sandbox-colors "$cat" --json
    expect_status 129
    expect_json "error.status" DM_ERR_CANCELLED
    expect_text stderr "to continue waiting: deepomatic tasks wait"
}

# While one task is pending, the line of another image cannot be written.
a_full_disk_does_not_lose_the_tasks() {
    [ -e /dev/full ] || return 0
    mkfifo "$work/names"
    exec 7<>"$work/names"
    echo "$cat" >&7
    # shellcheck disable=SC2016 # the arguments of the inner shell
    await_polling bash -c 'exec "$@" >/dev/full' full "$program" infer sandbox-colors --files-from "$work/names" \
        --unordered --json
    echo "$work/missing.jpg" >&7
    status=0
    wait "$job" || status=$?
    exec 7>&-
    expect_status 1
    expect_text stderr "$cat: cancelled; task"
    expect_text stderr "to continue waiting: deepomatic tasks wait"
    expect_text stderr "cannot write to standard output: No space left on device"
}

# started_while_submitting COUNT COMMAND...: starts the command as the job $job, and returns after COUNT submissions.
started_while_submitting() {
    local tries=0
    : >"$log"
    ran="${*:2}"
    "${@:2}" >"$stdout" 2>"$stderr" &
    job=$!
    until [ "$(grep -c '"method":"POST"' "$log")" -ge "$1" ] && grep -q '"path":"/v0.7/tasks' "$log"; do
        [ $((tries += 1)) -lt 600 ] || fail "timed out waiting for $1 submissions"
        sleep 0.05
    done
}

await_job() {
    status=0
    wait "$job" || status=$?
}

the_first_ctrl_c_finishes_what_is_in_flight() {
    started_while_submitting 4 env --default-signal=INT "$program" infer sandbox-colors \
        "$cat" "$coffee" "$cat" "$coffee" "$cat" "$coffee" "$cat" "$coffee" --jobs 4 --json
    kill -INT "$job"
    await_job
    expect_status 130
    expect_text stderr "stopping when the images in flight are done: 4; Ctrl-C again cancels them"
    expect_json "image outputs" "$cat [1]" "$coffee [1]" "$cat [1]" "$coffee [1]"
    [ "$(grep -c '"method":"POST"' "$log")" -eq 4 ] || fail "expected 4 POSTs, got $(grep -c '"method":"POST"' "$log")"
}

the_second_ctrl_c_names_the_tasks_that_are_open() {
    local ids
    started_while_submitting 3 env --default-signal=INT "$program" infer sandbox-colors "$cat" "$coffee" "$cat" --json
    kill -INT "$job"
    sleep 0.3
    kill -INT "$job"
    await_job
    expect_status 130
    expect_json "image error.status" "$cat DM_ERR_CANCELLED" "$coffee DM_ERR_CANCELLED" "$cat DM_ERR_CANCELLED"
    expect_json "error.http_status" null null null
    ids=$("$json_lines" error.task_id <"$stdout" | tr '\n' ' ')
    [ "$(grep -cE ': cancelled; task [0-9]+ is still open$' "$stderr")" -eq 3 ] || fail "expected 3 messages about open tasks, got: $(cat "$stderr")"
    expect_text stderr "to continue waiting: deepomatic tasks wait ${ids% }"
    cp "$stdout" "$work/cancelled.jsonl"
    deepomatic tasks wait --tasks-from "$work/cancelled.jsonl" --timeout 1 --json
    expect_json "image status" "$cat pending" "$coffee pending" "$cat pending"
}

# The service accepts the first two images and does not answer for the others.
ctrl_c_ends_submissions_without_waiting_too() {
    local tries=0
    ran="infer --no-wait"
    env --default-signal=INT "$program" infer sandbox-colors "$cat" "$coffee" "$cat" "$coffee" "$cat" "$coffee" --jobs 2 \
        --no-wait --json >"$stdout" 2>"$stderr" &
    job=$!
    until [ "$(wc -l <"$stdout")" -eq 2 ]; do
        [ $((tries += 1)) -lt 600 ] || fail "timed out waiting for 2 submissions"
        sleep 0.05
    done
    sleep 0.3
    kill -INT "$job"
    sleep 0.3
    kill -INT "$job"
    await_job
    expect_status 130
    expect_text stderr "stopping when the images in flight are done: 2; Ctrl-C again cancels them"
    expect_json "image error.status" "$cat -" "$coffee -" "$cat DM_ERR_CANCELLED" "$coffee DM_ERR_CANCELLED"
    expect_text stderr "$cat: cancelled"
}

an_ignored_signal_stays_ignored() {
    signalled_while_waiting INT env --ignore-signal=INT "$program" infer sandbox-colors "$cat" --json
    expect_status 0
    expect_json "image" "$cat"
    signalled_while_waiting TERM env --ignore-signal=TERM "$program" infer sandbox-colors "$cat" --json
    expect_status 0
    expect_json "image" "$cat"
}

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 30
run_tests output_that_cannot_be_written_is_a_failure messages_of_parallel_processes_stay_whole \
    json_lines_of_parallel_processes_stay_whole a_closed_pipe_ends_it_without_a_message \
    closed_descriptors_are_not_reused_for_other_files a_pipe_is_an_image \
    a_name_that_is_not_utf8_can_be_matched_to_its_file a_name_in_utf8_is_shown_as_it_is
sandbox_stop

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 3600000
run_tests a_signal_ends_the_wait a_full_disk_does_not_lose_the_tasks the_second_ctrl_c_names_the_tasks_that_are_open
sandbox_stop

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 1500
run_tests an_ignored_signal_stays_ignored the_first_ctrl_c_finishes_what_is_in_flight
sandbox_stop

sandbox_start "$sandbox" --request-log "$log" --fault 'POST /v0.7/recognition/* skip=2 stall'
run_tests ctrl_c_ends_submissions_without_waiting_too
