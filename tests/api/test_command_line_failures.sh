#!/usr/bin/env bash
# Images that fail, and when infer stops because of it.
set -euo pipefail
. "$(dirname "$0")/command_line.sh"

a_failure_of_all_images_ends_the_run() {
    DEEPOMATIC_API_KEY=sandbox-key deepomatic infer 1 "$cat" "$coffee" --jobs 1
    expect_failure 1 "HTTP 401"
    expect_no_text stderr "coffee.jpg"
    deepomatic infer no-such-specification "$cat" "$coffee" "$coffee" --jobs 1
    expect_failure 1 "HTTP 404"
    expect_no_text stderr "coffee.jpg"
}

a_missing_file_does_not_hide_the_others() {
    deepomatic infer 1 "$cat" "$work/missing.jpg" "$coffee" --json
    expect_status 1
    expect_json "image error.status error.http_status error.message error.task_id" "$cat - - - -" \
        "$work/missing.jpg DM_ERR_FILE null No such file or directory null" "$coffee - - - -"
    expect_text stderr "$work/missing.jpg"
    expect_text stderr "No such file or directory"
    deepomatic infer 1 "$work/missing.jpg" "$cat" --base64 --json
    expect_status 1
    expect_json "image error.status" "$work/missing.jpg DM_ERR_FILE" "$cat -"
    expect_text stderr "No such file or directory"
}

# stopped_after_one COUNT: the first image must have failed, and COUNT others must not have been tried.
stopped_after_one() {
    expect_status 1
    expect_quiet stdout
    expect_text stderr "$cat: "
    expect_no_text stderr "$coffee"
    expect_text stderr "stopped, because other images would fail in the same way; images not tried: $1"
}

a_dead_server_ends_the_run() {
    local images=()
    for _ in 1 2 3 4 5 6 7 8 9; do images+=("$coffee"); done
    DEEPOMATIC_API_URL=http://127.0.0.1:1 deepomatic infer 1 "$cat" "${images[@]}" --verbose --jobs 1
    stopped_after_one 9
    [ "$(grep -c 'bytes received, attempt' "$stderr")" -eq 5 ] || fail "expected 5 attempts, got $(grep -c 'bytes received, attempt' "$stderr")"
}

# The kernel still accepts connections, so every call times out.
a_server_that_does_not_answer_ends_the_run() {
    kill -STOP "$SANDBOX_PID"
    deepomatic infer sandbox-colors "$cat" "$coffee" "$coffee" --timeout 0.5 --jobs 1
    kill -CONT "$SANDBOX_PID"
    stopped_after_one 2
}

a_specification_without_a_version_ends_the_run() {
    local id
    deepomatic specs create --name x --outputs "$outputs" --json
    id=$("$json_lines" id <"$stdout")
    deepomatic infer "$id" "$cat" "$coffee" --jobs 1
    stopped_after_one 1
    deepomatic infer "$id" "$cat" "$coffee" --no-wait --jobs 1
    stopped_after_one 1
    deepomatic infer "$id" "$work/missing.jpg" "$cat" "$coffee" --jobs 1
    stopped_after_one 1
    expect_text stderr "missing.jpg"
}

a_missing_version_ends_the_run() {
    deepomatic infer version:4711 "$cat" "$coffee" --jobs 1
    stopped_after_one 1
}

an_unreadable_image_does_not_end_the_run() {
    deepomatic infer sandbox-colors "$api_tests/command_line.sh" http://127.0.0.1:1/x.jpg "$cat" --json
    expect_status 1
    expect_json "image error.status" "$api_tests/command_line.sh DM_ERR_TASK_FAILED" \
        "http://127.0.0.1:1/x.jpg DM_ERR_TASK_FAILED" "$cat -"
    expect_text stderr "command_line.sh: "
    expect_text stderr "http://127.0.0.1:1/x.jpg: "
    expect_no_text stderr "stopped"
}

an_address_of_another_kind_is_unsupported() {
    local address
    for address in ftp://x file:///x data:image/png,abc http:// FTP://x; do
        deepomatic infer sandbox-colors "$address" "$cat" --json
        expect_status 1
        expect_text stderr "deepomatic: $address: unsupported address"
        expect_no_text stderr "No such file"
        expect_json "image" "$address" "$cat"
    done
    deepomatic infer sandbox-colors ftp://x --base64
    expect_failure 1 "unsupported address"
    mkdir -p "$work/local:"
    cp "$cat" "$work/local:/x"
    run env -C "$work" "$program" infer sandbox-colors local://x --json
    expect_status 0
    expect_json "image" "local://x"
}

a_slow_task_does_not_end_the_run() {
    deepomatic infer sandbox-colors "$cat" "$coffee" --timeout 2
    expect_failure 1 "$cat: "
    expect_text stderr "$coffee: "
    expect_no_text stderr "stopped"
}

a_time_limit_ends_the_wait_and_prints_how_to_continue() {
    local id
    deepomatic infer sandbox-colors "$cat" --timeout 2
    expect_failure 1 "to continue waiting: deepomatic tasks wait"
    id=$(sed -n 's/.*deepomatic tasks wait //p' "$stderr")
    deepomatic tasks wait "$id" --timeout 1 --json
    expect_status 1
    expect_json "id status data" "$id pending null"
    expect_text stderr "timed out: 1 of 1 tasks are still pending"
    deepomatic tasks get "$id"
    expect_status 0
    expect_line "task $id: pending"
}

sandbox_start "$sandbox" --networks 1 --request-log "$log" --task-delay-ms 30
deepomatic specs create --name first --outputs "$outputs" --json
deepomatic versions create --spec 1 --network 1 --post-processings "$post_processings"
run_tests a_failure_of_all_images_ends_the_run a_missing_file_does_not_hide_the_others a_dead_server_ends_the_run \
    a_server_that_does_not_answer_ends_the_run a_specification_without_a_version_ends_the_run a_missing_version_ends_the_run \
    an_unreadable_image_does_not_end_the_run an_address_of_another_kind_is_unsupported
sandbox_stop

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 3600000
run_tests a_slow_task_does_not_end_the_run a_time_limit_ends_the_wait_and_prints_how_to_continue
