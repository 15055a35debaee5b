#!/usr/bin/env bash
# Going on with an earlier run: --resume, and 'tasks wait --tasks-from'.
set -euo pipefail
. "$(dirname "$0")/command_line.sh"

a_run_continues_where_it_ended() {
    local output=$work/resumed.jsonl
    mkdir "$work/tree"
    cp "$cat" "$work/tree/a.jpg"
    cp "$cat" "$work/tree/b-c.jpg"
    cp "$photos/coffee.png" "$work/tree/b.png"
    cp "$cat" "$work/tree/c.jpg"
    "$program" infer sandbox-colors "$work/tree" "$work/missing.jpg" --json 2>"$stderr" | sed 2d >"$output" || true
    printf '{"image":"%s/tree/b.png","outp' "$work" >>"$output"
    : >"$log"
    "$program" infer sandbox-colors "$work/tree" "$work/missing.jpg" --json --resume "$output" >>"$output" 2>"$stderr" || true
    "$json_lines" image error.status <"$output" >"$work/values" || fail "$(cat "$output")"
    printf '%s\n' "$work/tree/a.jpg -" "$work/tree/b.png -" "$work/tree/c.jpg -" "$work/missing.jpg DM_ERR_FILE" \
        "$work/tree/b-c.jpg -" "$work/missing.jpg DM_ERR_FILE" | cmp -s - "$work/values" || fail "$(cat "$work/values")"
    [ "$(grep -c POST "$log")" -eq 1 ] || fail "expected 1 POST, got $(grep -c POST "$log")"
}

# Its output would continue the line, wherever it is appended to the file.
a_cut_line_that_cannot_be_removed_stops_the_run() {
    printf '{"image":"%s","outputs":[]}\n{"image":"%s","outp' "$cat" "$coffee" >"$work/cut.jsonl"
    cp "$work/cut.jsonl" "$work/before.jsonl"
    : >"$log"
    deepomatic infer sandbox-colors "$cat" "$coffee" --json --resume "$work/cut.jsonl"
    expect_failure 1 "--resume: $work/cut.jsonl: line 2: it is incomplete: there is no line feed at its end; remove this line, or"
    "$program" infer sandbox-colors "$cat" "$coffee" --json --resume "$work/cut.jsonl" 2>/dev/null \
        | tee -a "$work/cut.jsonl" >"$stdout" || true
    expect_quiet stdout
    cmp -s "$work/before.jsonl" "$work/cut.jsonl" || fail "the file was changed"
    expect_equal "$(grep -c POST "$log")" 0
}

# A text file that was edited on Windows.
earlier_output_may_have_windows_line_ends() {
    deepomatic infer sandbox-colors "$cat" --no-wait
    sed 's/$/\r/' "$stdout" >"$work/windows.tsv"
    deepomatic infer sandbox-colors "$cat" --no-wait --resume "$work/windows.tsv"
    expect_status 0
    expect_quiet stdout
    sed 's/\t.*//' "$work/windows.tsv" | sed 's/$/\r/' >"$work/windows.ids"
    deepomatic tasks wait --tasks-from "$work/windows.ids"
    expect_status 0
}

resume_begins_with_a_file_that_does_not_exist() {
    deepomatic infer sandbox-colors "$cat" --json --resume "$work/none.jsonl"
    expect_status 0
    expect_json "image" "$cat"
}

names_of_any_bytes_are_found_in_earlier_output() {
    local name="$work/"$'it\'s "\\ \xff\n.jpg'
    cp "$cat" "$name"
    deepomatic infer sandbox-colors "$name" --json
    cp "$stdout" "$work/bytes.jsonl"
    deepomatic infer sandbox-colors "$name" --json --resume "$work/bytes.jsonl"
    expect_status 0
    expect_quiet stdout
    deepomatic infer sandbox-colors "$name" --no-wait
    cp "$stdout" "$work/bytes.tsv"
    deepomatic infer sandbox-colors "$name" --no-wait --resume "$work/bytes.tsv"
    expect_quiet stdout
    rm "$name"
}

# resume ARGUMENTS...: resumes from $work/tasks, and sets `submissions` to the number of submitted images.
resume() {
    : >"$log"
    deepomatic infer sandbox-colors "$cat" "$coffee" "$@" --resume "$work/tasks"
    submissions=$(grep -c '"method":"POST"' "$log" || true)
    cat "$stdout" >>"$work/tasks"
}

# continues_with_the_task OPTION...: submits one of two images with these options, and resumes.
continues_with_the_task() {
    local submissions
    deepomatic infer sandbox-colors "$cat" --no-wait "$@"
    expect_status 0
    cp "$stdout" "$work/tasks"
    resume --json
    expect_status 0
    expect_json "image outputs" "$cat [1]" "$coffee [1]"
    expect_equal "$submissions" 1
    resume --json
    expect_status 0
    expect_quiet stdout
    expect_equal "$submissions" 0
}

an_image_that_was_submitted_is_not_submitted_again() {
    continues_with_the_task
    continues_with_the_task --json
}

without_waiting_only_images_without_a_task_are_submitted() {
    local submissions
    deepomatic infer sandbox-colors "$cat" --no-wait
    cp "$stdout" "$work/tasks"
    resume --no-wait
    expect_line_like "^[0-9]+	$coffee\$"
    expect_line_count 1
    resume --no-wait
    expect_quiet stdout
    deepomatic tasks wait --tasks-from "$work/tasks" --json
    expect_json "image status" "$cat success" "$coffee success"
    cp "$stdout" "$work/tasks"
    resume --json
    expect_quiet stdout
    expect_equal "$submissions" 0
}

a_task_that_was_not_done_in_time_is_waited_for() {
    local submissions
    restart_sandbox --task-delay-ms 3000
    deepomatic infer sandbox-colors "$cat" --json --timeout 0.5
    expect_status 1
    expect_json "error.status" DM_ERR_TIMEOUT
    grep -q '"task_id":"' "$stdout" || fail "expected a task id within half a second"
    cp "$stdout" "$work/tasks"
    resume --no-wait --json
    expect_json "image" "$coffee"
    resume --json
    expect_status 0
    expect_json "image outputs" "$cat [1]" "$coffee [1]"
    expect_equal "$submissions" 0
}

# Each image has one line in the output of each run.
a_task_that_has_failed_or_is_unknown_is_submitted_again() {
    local submissions
    restart_sandbox --task-delay-ms 0
    printf '%s\n' "{\"image\":\"$cat\",\"error\":{\"status\":\"DM_ERR_TASK_FAILED\",\"task_id\":\"7\"}}" \
        "{\"image\":\"$coffee\",\"id\":\"8\",\"status\":\"error\",\"error\":\"no image\",\"data\":null}" >"$work/tasks"
    resume --json
    expect_status 0
    expect_json "image outputs" "$cat [1]" "$coffee [1]"
    expect_equal "$submissions" 2
    printf '99999999\t%s\n' "$cat" >"$work/tasks"
    resume --json
    expect_status 1
    expect_json "image error.status error.task_id" "$cat DM_ERR_NOT_FOUND 99999999" "$coffee - -"
    resume --json
    expect_status 0
    expect_json "image outputs" "$cat [1]"
    expect_equal "$submissions" 1
    printf '../x\t%s\n' "$cat" >"$work/tasks"
    deepomatic infer sandbox-colors "$cat" --json --resume "$work/tasks"
    expect_failure 1 "$work/tasks: line 1: not a line that 'infer --json' or 'infer --no-wait' prints"
}

standard_input_is_never_matched_by_resume() {
    run "$program" infer sandbox-colors - --json <"$cat"
    expect_status 0
    cp "$stdout" "$work/input.jsonl"
    run "$program" infer sandbox-colors - --json --resume "$work/input.jsonl" <"$coffee"
    expect_json "image" -
    deepomatic infer sandbox-colors <(cat "$cat") --json
    expect_status 0
    cp "$stdout" "$work/input.jsonl"
    deepomatic infer sandbox-colors <(cat "$coffee") --json --resume "$work/input.jsonl"
    expect_line_count 1
}

output_is_never_emptied_by_resume() {
    deepomatic infer sandbox-colors "$cat" --json
    cp "$stdout" "$work/kept.jsonl"
    status=0
    "$program" infer sandbox-colors "$cat" "$coffee" --json --resume "$work/kept.jsonl" 1<>"$work/kept.jsonl" \
        2>"$stderr" || status=$?
    expect_status 2
    expect_text stderr "append to it, with '>>'"
    cmp -s "$stdout" "$work/kept.jsonl" || fail "the file was changed"
    echo "not JSON" >"$work/other"
    deepomatic infer sandbox-colors "$cat" --resume "$work/other"
    expect_failure 1 "$work/other: line 1: not a line that 'infer --json' or 'infer --no-wait' prints"
    echo '{"a":1}' >"$work/other"
    deepomatic infer sandbox-colors "$cat" --resume "$work/other"
    expect_failure 1 "$work/other: line 1: not a line that 'infer --json' or 'infer --no-wait' prints"
}

# --resume could not read the lines of a table.
a_table_is_not_appended_to_what_resume_reads() {
    deepomatic infer sandbox-colors "$cat" --json
    cp "$stdout" "$work/kept.jsonl"
    for format in --unordered --csv; do
        status=0
        "$program" infer sandbox-colors "$cat" "$coffee" "$format" --resume "$work/kept.jsonl" >>"$work/kept.jsonl" \
            2>"$stderr" || status=$?
        expect_status 2
        expect_text stderr "this is also the output: its lines need --json or --no-wait"
        cmp -s "$stdout" "$work/kept.jsonl" || fail "the file was changed"
    done
}

# Reading the whole file would never end.
a_resume_file_of_nul_bytes_is_refused() {
    deepomatic infer sandbox-colors "$cat" --resume /dev/zero
    expect_failure 1 "/dev/zero: line 1: it contains a NUL byte"
}

# It cannot be read at all, so no line is at fault.
a_directory_is_no_file_to_resume() {
    deepomatic infer sandbox-colors "$cat" --resume "$work"
    expect_failure 1 "--resume: $work: Is a directory"
    deepomatic tasks wait --tasks-from "$work"
    expect_failure 1 "--tasks-from: $work: Is a directory"
}

# ---- Waiting later ----

# waits_for_names FILE: 'tasks wait' must show the images of the tasks in the file.
waits_for_names() {
    deepomatic tasks wait --tasks-from "$1"
    expect_status 0
    expect_line "$cat:"
    expect_line "\$'$work/a\\012b.jpg':"
    deepomatic tasks wait --tasks-from - --json <"$1"
    expect_status 0
    "$json_lines" image status <"$stdout" | sed -n 1p | grep -qxF "$cat success" || fail "expected the first image with its status"
    grep -qF '/a\nb.jpg"' "$stdout" || fail "expected the second image"
}

tasks_are_waited_for_with_the_names_of_their_images() {
    cp "$cat" "$work/a
b.jpg"
    deepomatic infer sandbox-colors "$cat" "$work/a
b.jpg" --no-wait
    cp "$stdout" "$work/tasks.tsv"
    waits_for_names "$work/tasks.tsv"
    deepomatic infer sandbox-colors "$cat" "$work/missing.jpg" "$work/a
b.jpg" --no-wait --json
    expect_status 1
    expect_line_count 3
    cp "$stdout" "$work/tasks.jsonl"
    waits_for_names "$work/tasks.jsonl"
    printf '1\n' >"$work/ids"
    deepomatic tasks wait --tasks-from "$work/ids" 2
    expect_line_like '^task 1:'
    expect_line_like '^task 2:'
}

a_list_of_tasks_that_was_cut_is_refused() {
    printf '1\n2' >"$work/ids"
    deepomatic tasks wait --tasks-from "$work/ids"
    expect_failure 1 "--tasks-from: $work/ids: line 2: it is incomplete"
    echo '../x' >"$work/ids"
    deepomatic tasks wait --tasks-from "$work/ids"
    expect_failure 1 "line 1: not a line that 'infer --no-wait' prints"
}

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 0
run_tests a_run_continues_where_it_ended a_cut_line_that_cannot_be_removed_stops_the_run \
    earlier_output_may_have_windows_line_ends resume_begins_with_a_file_that_does_not_exist \
    names_of_any_bytes_are_found_in_earlier_output standard_input_is_never_matched_by_resume \
    an_image_that_was_submitted_is_not_submitted_again without_waiting_only_images_without_a_task_are_submitted \
    a_task_that_was_not_done_in_time_is_waited_for a_task_that_has_failed_or_is_unknown_is_submitted_again \
    output_is_never_emptied_by_resume a_table_is_not_appended_to_what_resume_reads \
    a_resume_file_of_nul_bytes_is_refused a_directory_is_no_file_to_resume \
    tasks_are_waited_for_with_the_names_of_their_images a_list_of_tasks_that_was_cut_is_refused
