#!/usr/bin/env bash
# Many images in flight: their submissions and their order, and what happens if all of them fail.
set -euo pipefail
. "$(dirname "$0")/command_line.sh"

# An image of one black pixel.
make_tiny() {
    base64 -d >"$work/tiny.png" <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==
END
}

retries_and_submissions_are_limited() {
    local before
    restart_sandbox --task-delay-ms 30 --fault 'POST /v0.7/recognition/* status=503 count=3'
    deepomatic infer sandbox-colors "$cat" --retries 0
    expect_status 1
    [ "$(grep -c POST "$log")" -eq 1 ] || fail "expected 1 POST, got $(grep -c POST "$log")"
    deepomatic infer sandbox-colors "$cat" --submit-once
    expect_status 1
    [ "$(grep -c POST "$log")" -eq 2 ] || fail "expected 2 POSTs, got $(grep -c POST "$log")"
    deepomatic infer sandbox-colors "$cat" --retries 1
    expect_status 0
    [ "$(grep -c POST "$log")" -eq 4 ] || fail "expected 4 POSTs, got $(grep -c POST "$log")"
}

# One after the other, the images would take 50 s.
many_images_are_in_flight_at_the_same_time() {
    local i
    restart_sandbox --task-delay-ms 100
    mkdir "$work/five"
    for i in $(seq -w 500); do ln "$work/tiny.png" "$work/five/$i.png"; done
    SECONDS=0
    deepomatic infer sandbox-colors "$work/five" --jobs 64 --json
    expect_status 0
    [ "$SECONDS" -lt 25 ] || fail "expected less than 25 s, got $SECONDS s"
    "$json_lines" image <"$stdout" >"$work/values"
    printf '%s\n' "$work"/five/*.png | cmp - "$work/values" || fail "expected each image once, in order"
    grep '"method":"POST"' "$log" | "$json_lines" connection | sort -u >"$work/connections"
    [ "$(wc -l <"$work/connections")" -le 8 ] || fail "expected at most 8 connections, got $(wc -l <"$work/connections")"
    deepomatic infer sandbox-colors "$work/five" --jobs 64 --unordered --json --max-connections 2
    "$json_lines" image <"$stdout" | sort >"$work/values"
    printf '%s\n' "$work"/five/*.png | sort | cmp - "$work/values" || fail "expected each image once"
}

# With a wait of 200 ms after each result, the images would take 10 s.
an_image_is_sent_as_soon_as_a_result_makes_room() {
    local i
    restart_sandbox --task-delay-ms 0
    for i in $(seq 50); do echo "$work/tiny.png"; done >"$work/fifty"
    SECONDS=0
    deepomatic infer sandbox-colors --files-from "$work/fifty" --jobs 1
    expect_status 0
    [ "$SECONDS" -lt 8 ] || fail "expected less than 8 s, got $SECONDS s"
}

# Without slowing down, each pause of a second would be followed by another one, with requests that are rejected.
a_limited_rate_is_found_and_each_image_has_its_result() {
    local i rejected requests
    restart_sandbox --task-delay-ms 20 --rate-limit 60
    mkdir "$work/limited"
    for i in $(seq -w 200); do ln "$work/tiny.png" "$work/limited/$i.png"; done
    deepomatic infer sandbox-colors "$work/limited" --json
    expect_status 0
    "$json_lines" image <"$stdout" >"$work/values"
    printf '%s\n' "$work"/limited/*.png | cmp - "$work/values" || fail "expected each image once, in order"
    requests=$(wc -l <"$log")
    rejected=$(grep -c '"status":429' "$log" || true)
    [ "$rejected" -gt 0 ] || fail "expected rejected requests"
    [ $((rejected * 10)) -lt "$requests" ] || fail "expected that few of $requests requests are rejected, got $rejected"
}

# put_pairs COUNT: creates COUNT pairs of different images. Hard links need one file system, so the cat is copied first.
put_pairs() {
    local i
    mkdir -p "$work/pairs"
    cp "$cat" "$work/cat.jpg"
    for i in $(seq -w "$1"); do ln "$work/cat.jpg" "$work/pairs/$i-cat.jpg" && ln "$work/tiny.png" "$work/pairs/$i-tiny.png"; done
}

# Each request takes 0.3 s, so that several connections are needed.
without_waiting_several_images_are_submitted_at_the_same_time() {
    local names connections
    put_pairs 20
    names=("$work"/pairs/0* "$work/missing.jpg" "$work"/pairs/[12]*)
    restart_sandbox --task-delay-ms 0 --fault 'POST /v0.7/recognition/* delay=300'
    deepomatic infer sandbox-colors "${names[@]}" --no-wait --json --jobs 32 --max-connections 10
    expect_status 1
    expect_text stderr "missing.jpg: No such file or directory"
    "$json_lines" image <"$stdout" >"$work/values"
    printf '%s\n' "${names[@]}" | cmp - "$work/values" || fail "expected each image once, in order"
    [ "$("$json_lines" task_id <"$stdout" | grep -cE '^[0-9]+$')" -eq 40 ] || fail "expected 40 task ids, got: $(cat "$stdout")"
    connections=$(grep '"method":"POST"' "$log" | "$json_lines" connection | sort -u | wc -l)
    [ "$connections" -gt 2 ] && [ "$connections" -le 10 ] || fail "expected 3 to 10 connections, got $connections"
    # Each task belongs to the image on its line.
    cp "$stdout" "$work/tasks.jsonl"
    deepomatic tasks wait --tasks-from "$work/tasks.jsonl" --json
    "$json_lines" image data.outputs.0.labels.predicted.0.label_name <"$stdout" >"$work/values"
    sed -n 's/-cat.jpg brown$/&/p; s/-tiny.png black$/&/p' "$work/values" >"$work/right"
    [ "$(wc -l <"$work/right")" -eq 40 ] || fail "tasks do not belong to their images: $(cat "$work/values")"
}

with_no_wait_and_unordered_task_ids_are_printed_when_they_are_known() {
    restart_sandbox --task-delay-ms 0 --fault 'POST /v0.7/recognition/* delay=3000 count=1'
    { echo "$cat"; sleep 1; printf '%s\n' "$coffee" "$photos/coffee.png"; } >"$work/later" &
    deepomatic infer sandbox-colors --files-from "$work/later" --unordered --no-wait --json
    expect_status 0
    expect_line_count 3
    "$json_lines" image task_id <"$stdout" | tail -n 1 | grep -qxE "$cat [0-9]+" || fail "the slow image is not the last one"
}

# With --unordered, a slow image does not delay the others.
results_are_printed_when_they_are_ready() {
    mkfifo "$work/later"
    restart_sandbox --task-delay-ms 0 --fault 'POST /v0.7/recognition/* delay=3000 count=1'
    deepomatic infer sandbox-colors "$cat" "$coffee" "$coffee" --jobs 1 --json
    expect_json "image" "$cat" "$coffee" "$coffee"
    restart_sandbox --task-delay-ms 0 --fault 'POST /v0.7/recognition/* delay=3000 count=1'
    # The first image is submitted before the others are listed.
    { echo "$cat"; sleep 1; printf '%s\n' "$coffee" "$photos/coffee.png"; } >"$work/later" &
    deepomatic infer sandbox-colors --files-from "$work/later" --unordered --json
    expect_line_count 3
    "$json_lines" image <"$stdout" | tail -n 1 | grep -qxF "$cat" || fail "the slow image is not the last one"
}

a_failure_of_all_images_is_reported_once() {
    local count
    DEEPOMATIC_API_KEY=sandbox-key deepomatic infer sandbox-colors "$work/five" --json --jobs 8
    expect_status 1
    [ "$(grep -c 'HTTP 401' "$stderr")" -eq 1 ] || fail "expected 1 message with HTTP 401, got $(grep -c 'HTTP 401' "$stderr")"
    count=$(wc -l <"$stdout")
    [ "$count" -ge 1 ] && [ "$count" -lt 100 ] || fail "expected 1 to 99 images, got $count"
    expect_text stderr "images not tried: $((500 - count))"
}

# peak COUNT: waits for COUNT results, and prints the peak memory of the job in kB.
peak() {
    local tries=0
    until [ "$(wc -l <"$stdout")" -ge "$1" ]; do
        [ $((tries += 1)) -lt 1200 ] || fail "timed out waiting for $1 results"
        sleep 0.05
    done
    sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$job/status"
}

memory_does_not_grow_with_the_number_of_images() {
    local job before after
    restart_sandbox --task-delay-ms 0
    mkfifo "$work/feed"
    "$program" infer sandbox-colors --files-from - --jobs 32 --json <"$work/feed" >"$stdout" 2>"$stderr" &
    job=$!
    exec 8>"$work/feed"
    for _ in $(seq 400); do echo "$work/tiny.png"; done >&8
    before=$(peak 400)
    for _ in $(seq 3000); do echo "$work/tiny.png"; done >&8
    after=$(peak 3400)
    exec 8>&-
    wait "$job" || fail "expected status 0, got $?"
    # Sanitizers do not release freed memory.
    [ -n "${DEEPOMATIC_TESTS_UNDER:-}" ] || [ $((after - before)) -lt 1024 ] || fail "memory grew from $before kB to $after kB"
}

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 0
make_tiny
run_tests retries_and_submissions_are_limited many_images_are_in_flight_at_the_same_time \
    an_image_is_sent_as_soon_as_a_result_makes_room \
    a_limited_rate_is_found_and_each_image_has_its_result \
    without_waiting_several_images_are_submitted_at_the_same_time a_failure_of_all_images_is_reported_once \
    results_are_printed_when_they_are_ready with_no_wait_and_unordered_task_ids_are_printed_when_they_are_known \
    memory_does_not_grow_with_the_number_of_images
