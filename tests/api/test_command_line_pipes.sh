#!/usr/bin/env bash
# Pipes and other special files as images and as the page of --report.
set -euo pipefail
. "$(dirname "$0")/command_line.sh"

mkfifo "$work/fifo"

# Opening the pipe would wait for a writer.
a_pipe_without_a_writer_ends_at_the_time_limit() {
    run timeout 30 "$program" infer sandbox-colors "$work/fifo" "$cat" --json --timeout 2
    expect_status 1
    expect_json "image error.status" "$work/fifo DM_ERR_FILE" "$cat -"
    expect_text stderr "$work/fifo: no complete image came through the pipe before the time limit (--timeout)"
}

a_pipe_whose_writer_is_silent_ends_at_the_time_limit() {
    mkfifo "$work/silent"
    exec 7<>"$work/silent"
    head -c 100 "$cat" >&7
    run timeout 30 "$program" infer sandbox-colors - "$cat" --json --timeout 2 <"$work/silent"
    exec 7>&-
    expect_status 1
    expect_json "image error.status" "- DM_ERR_FILE" "$cat -"
    expect_text stderr "standard input: no complete image came through the pipe before the time limit (--timeout)"
}

a_pipe_is_read_within_the_time_limit() {
    (sleep 0.3; head -c 1000 "$cat"; sleep 0.3; tail -c +1001 "$cat") >"$work/fifo" &
    run timeout 30 "$program" infer sandbox-colors "$work/fifo" --json --timeout 20
    expect_status 0
    expect_json "outputs.0.labels.predicted.0.label_name" brown
    run timeout 30 "$program" infer sandbox-colors - --base64 --json --timeout 20 <"$cat"
    expect_status 0
    expect_json "outputs.0.labels.predicted.0.label_name" brown
}

# As a program may leave it that reads several descriptors with poll.
a_pipe_may_be_non_blocking() {
    run perl -MFcntl -e 'fcntl(STDIN, F_SETFL, O_NONBLOCK) or die $!; exec @ARGV' \
        timeout 30 "$program" infer sandbox-colors - --json < <(sleep 0.5; cat "$cat")
    expect_status 0
    expect_json "outputs.0.labels.predicted.0.label_name" brown
}

what_is_neither_a_file_nor_a_pipe_is_refused() {
    run timeout 30 "$program" infer sandbox-colors /dev/zero /dev/null "$cat" --json
    expect_status 1
    expect_json "error.message" "neither a regular file nor a pipe" "neither a regular file nor a pipe" -
}

# cancelled_while_waiting OPTION...: sends SIGTERM, later and later until the program was ready for it.
cancelled_while_waiting() {
    local delay
    for delay in 0.2 1 5 20; do
        ran="infer $*"
        status=0
        "$program" infer sandbox-colors "$cat" "$@" >"$stdout" 2>"$stderr" &
        sleep "$delay"
        kill -TERM $!
        wait $! || status=$?
        [ ! -s "$stderr" ] || break
    done
    expect_status 143
    expect_text stderr "$work/fifo: cancelled"
}

waiting_for_the_other_end_of_a_pipe_is_cancelled() {
    cancelled_while_waiting --files-from "$work/fifo"
    cancelled_while_waiting --resume "$work/fifo"
    cancelled_while_waiting --report "$work/fifo"
}

# Without a file there is no folder of the page: the links to the pictures begin at the current one.
a_report_may_be_a_pipe() {
    (cd "$work" && cp "$cat" here.jpg \
        && "$program" infer sandbox-colors here.jpg --report >(cat >page.html; echo >written) >"$stdout" 2>"$stderr") \
        || fail "$(cat "$stderr")"
    local tries=0
    until [ -e "$work/written" ]; do
        [ $((tries += 1)) -lt 600 ] || fail "no page"
        sleep 0.05
    done
    grep -q 'data-src="here.jpg"' "$work/page.html" || fail "no link to the picture"
    cat "$work/fifo" >"$work/page2.html" &
    run timeout 30 "$program" infer sandbox-colors "$work/here.jpg" --report "$work/fifo"
    wait $!
    expect_status 0
    grep -q 'data-src="here.jpg"' "$work/page2.html" || fail "no link to the picture"
}

a_report_is_not_mixed_with_the_output() {
    set +o pipefail
    "$program" infer sandbox-colors "$cat" --report /dev/stdout 2>"$stderr" | cat >"$stdout"
    set -o pipefail
    expect_quiet stdout
    expect_text stderr "--report: /dev/stdout: this is also the output"
    run "$program" infer sandbox-colors "$cat" --report /dev/null
    expect_status 0
}

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 0
run_tests a_pipe_without_a_writer_ends_at_the_time_limit a_pipe_whose_writer_is_silent_ends_at_the_time_limit \
    a_pipe_is_read_within_the_time_limit a_pipe_may_be_non_blocking what_is_neither_a_file_nor_a_pipe_is_refused \
    waiting_for_the_other_end_of_a_pipe_is_cancelled a_report_may_be_a_pipe \
    a_report_is_not_mixed_with_the_output
