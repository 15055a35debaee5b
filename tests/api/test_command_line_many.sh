#!/usr/bin/env bash
# Lists of images: directories, file lists, shards, resuming, and the output for each image.
set -euo pipefail
. "$(dirname "$0")/command_line.sh"

# Creates a tree of images: a.jpg, b-c.jpg, b.png, b/1.jpg, b/sub/2.JPEG, c.jpg (a link), and files to ignore.
make_tree() {
    mkdir -p "$work/tree/b/sub" "$work/tree/.hidden" "$work/tree/picture.jpg.d" "$work/elsewhere"
    cp "$cat" "$work/tree/a.jpg"
    cp "$cat" "$work/tree/b-c.jpg"
    cp "$photos/coffee.png" "$work/tree/b.png"
    cp "$cat" "$work/tree/b/1.jpg"
    cp "$cat" "$work/tree/b/sub/2.JPEG"
    cp "$cat" "$work/elsewhere/x.jpg"
    ln -s "$cat" "$work/tree/c.jpg"
    ln -s ../elsewhere "$work/tree/linked"
    ln -s .. "$work/tree/b/up"
    cp "$cat" "$work/tree/.hidden/h.jpg"
    cp "$cat" "$work/tree/.h.jpg"
    echo text >"$work/tree/notes.txt"
    mkfifo "$work/tree/pipe.jpg"
    mkdir "$work/tree/empty.jpg"
}

a_directory_stands_for_its_images_in_byte_order() {
    deepomatic infer sandbox-colors "$work/tree" --json
    expect_status 0
    expect_quiet stderr
    expect_json "image" "$work"/tree/{a.jpg,b-c.jpg,b.png,c.jpg}
    deepomatic infer sandbox-colors "$work/tree/" "$cat" --json
    expect_json "image" "$work"/tree/{a.jpg,b-c.jpg,b.png,c.jpg} "$cat"
}

directories_below_come_on_request() {
    deepomatic infer sandbox-colors "$work/tree" --recursive --json
    expect_status 0
    expect_json "image" "$work"/tree/{a.jpg,b-c.jpg,b.png,b/1.jpg,b/sub/2.JPEG,c.jpg}
    "$json_lines" image <"$stdout" | LC_ALL=C sort -c || fail "not in byte order"
}

a_directory_without_images_is_a_failure() {
    deepomatic infer sandbox-colors "$work/tree/empty.jpg" "$cat" --json
    expect_status 1
    expect_text stderr "$work/tree/empty.jpg: this directory contains no image files"
    expect_json "image error.status" "$work/tree/empty.jpg DM_ERR_FILE" "$cat -"
}

# The tests may run as root, who can read every directory, so the directory is missing and the link is broken.
what_cannot_be_read_does_not_hide_the_others() {
    ln -sfn "$work/nowhere" "$work/tree/broken.jpg"
    deepomatic infer sandbox-colors "$work/tree" --json
    expect_status 1
    expect_json "image error.message" "$work/tree/a.jpg -" "$work/tree/b-c.jpg -" "$work/tree/b.png -" \
        "$work/tree/broken.jpg No such file or directory" "$work/tree/c.jpg -"
    rm "$work/tree/broken.jpg"
}

# A path of more than 4,095 bytes cannot be opened, even by root.
a_directory_that_cannot_be_read_does_not_hide_the_others() {
    local name deep="$work/deep" depth=0 words="File name too long"
    name=$(printf 'd%.0s' $(seq 250))
    mkdir "$deep"
    (cd "$deep" && while [ $((depth += 1)) -le 17 ]; do mkdir "$name" && cd "$name"; done)
    cp "$cat" "$deep/a.jpg"
    cp "$cat" "$deep/e.jpg"
    deepomatic infer sandbox-colors "$deep" --recursive --json
    expect_status 1
    ! grep -q 'Filename too long' "$stdout" || words="Filename too long" # musl
    expect_json "error.message" - "$words" -
    "$json_lines" image <"$stdout" | sed -n 2p | grep -qE "^$deep/(d{250}/)+\$" || fail "another directory"
    expect_text stderr "$words"
}

names_come_from_a_file() {
    printf '%s\n\n%s\n%s' "$work/tree/a.jpg" "$work/tree/b" "$cat" >"$work/list"
    deepomatic infer sandbox-colors --files-from "$work/list" --json
    expect_status 0
    expect_json "image" "$work/tree/a.jpg" "$work/tree/b/1.jpg" "$cat"
    deepomatic infer sandbox-colors "$coffee" --files-from - --json <"$work/list"
    expect_json "image" "$coffee" "$work/tree/a.jpg" "$work/tree/b/1.jpg" "$cat"
    printf '%s\n' - "$coffee" >"$work/list"
    deepomatic infer sandbox-colors --files-from - --json <"$work/list"
    expect_status 1
    expect_json "image error.message" "- this is the list of images, not an image" "$coffee -"
    deepomatic infer sandbox-colors --files-from "$work/missing" --json
    expect_failure 1 "$work/missing: No such file or directory"
    deepomatic infer sandbox-colors --files-from /dev/null --json
    expect_status 0
    expect_quiet stdout
}

names_may_end_with_nul() {
    cp "$cat" "$work/elsewhere/two
lines.jpg"
    find "$work/elsewhere" -name '*.jpg' -print0 | LC_ALL=C sort -z >"$work/list0"
    deepomatic infer sandbox-colors --null --files-from - --json <"$work/list0"
    expect_status 0
    expect_json "image" "$work/elsewhere/two" "lines.jpg" "$work/elsewhere/x.jpg"
    deepomatic infer sandbox-colors --files-from "$work/list0" --json
    expect_status 1
    expect_text stderr "$work/list0: a name is longer than 64 KiB, or contains a NUL byte (see --null)"
    head -c 70000 /dev/zero | tr '\0' x >"$work/long"
    deepomatic infer sandbox-colors --files-from "$work/long" "$cat" --json
    expect_status 1
    expect_json "image error.status" "$cat -" "$work/long DM_ERR_FILE"
}

# As with a program that watches a directory and writes the name of each new file.
a_result_does_not_wait_for_the_next_name() {
    mkfifo "$work/names"
    "$program" infer sandbox-colors --files-from - --json <"$work/names" >"$stdout" 2>"$stderr" &
    exec 7>"$work/names"
    echo "$cat" >&7
    local tries=0
    until [ -s "$stdout" ]; do
        [ $((tries += 1)) -lt 600 ] || fail "no result while the list is open"
        sleep 0.05
    done
    echo "$coffee" >&7
    exec 7>&-
    wait $! || fail "status $?"
    expect_json "image" "$cat" "$coffee"
}

# The shard of a file must never change between versions.
a_name_always_falls_into_the_same_part() {
    local part
    for part in 1 2 3 4 5; do
        printf '%s\n' one.jpg two.jpg three.jpg four.jpg five.jpg six.jpg >"$work/list"
        deepomatic infer sandbox-colors --files-from "$work/list" --shard "$part/5" --json
        "$json_lines" image <"$stdout" | sed "s/^/$part /"
    done >"$work/parts"
    printf '%s\n' "1 one.jpg" "2 four.jpg" "4 two.jpg" "4 three.jpg" "5 five.jpg" "5 six.jpg" >"$work/expected"
    cmp -s "$work/expected" "$work/parts" || fail "$(cat "$work/parts")"
}

# An image of one black pixel.
make_tiny() {
    base64 -d >"$work/tiny.png" <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==
END
}

make_many() {
    local i
    mkdir -p "$work/many"
    for i in $(seq -w 60); do cp "$cat" "$work/many/$i.jpg"; done
}

shards_with_parallel_find_every_image_once() {
    parallel --will-cite "$program" infer sandbox-colors "$work/many" --json --shard {}/3 '>' "$work"/part{}.jsonl ::: 1 2 3 \
        >"$stdout" 2>"$stderr" || fail "$(cat "$stderr")"
    cat "$work"/part[123].jsonl | "$json_lines" image | sort >"$work/values"
    printf '%s\n' "$work"/many/*.jpg | sort | cmp - "$work/values" || fail "not every image once"
}

shards_have_about_the_same_size() {
    local part
    seq 3000 | sed 's/$/.jpg/' >"$work/list"
    for part in 1 2 3; do
        deepomatic infer sandbox-colors --files-from "$work/list" --shard "$part/3" --json --no-progress
        [ "$(wc -l <"$stdout")" -gt 900 ] || fail "part $part has $(wc -l <"$stdout") images"
    done
}

# ---- Resuming ----

a_run_goes_on_where_it_ended() {
    local output=$work/resumed.jsonl
    "$program" infer sandbox-colors "$work/tree" "$work/missing.jpg" --json 2>"$stderr" | sed 2d >"$output" || true
    printf '{"image":"%s/tree/b.png","outp' "$work" >>"$output"
    : >"$log"
    "$program" infer sandbox-colors "$work/tree" "$work/missing.jpg" --json --resume "$output" >>"$output" 2>"$stderr" || true
    "$json_lines" image error.status <"$output" >"$work/values" || fail "$(cat "$output")"
    printf '%s\n' "$work/tree/a.jpg -" "$work/tree/b.png -" "$work/tree/c.jpg -" "$work/missing.jpg DM_ERR_FILE" \
        "$work/tree/b-c.jpg -" "$work/missing.jpg DM_ERR_FILE" | cmp -s - "$work/values" || fail "$(cat "$work/values")"
    [ "$(grep -c POST "$log")" -eq 1 ] || fail "$(grep -c POST "$log") images were sent, not 1"
}

resume_begins_with_a_file_that_does_not_exist() {
    deepomatic infer sandbox-colors "$cat" --json --resume "$work/none.jsonl"
    expect_status 0
    expect_json "image" "$cat"
}

names_of_any_bytes_are_recognised_again() {
    local name="$work/elsewhere/"$'it\'s "\\ \xff\n.jpg'
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
    grep -q '"task_id":"' "$stdout" || fail "not submitted in half a second"
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

standard_input_is_never_taken_for_an_earlier_one() {
    run "$program" infer sandbox-colors - --json <"$cat"
    expect_status 0
    cp "$stdout" "$work/input.jsonl"
    run "$program" infer sandbox-colors - --json --resume "$work/input.jsonl" <"$coffee"
    expect_json "image" -
}

# With '--report *.jpg', the first image becomes the argument of --report.
a_report_overwrites_only_an_earlier_report() {
    cp "$cat" "$work/kept.jpg"
    deepomatic infer sandbox-colors --report "$work/kept.jpg" "$coffee"
    expect_failure 1 "--report: $work/kept.jpg: this file is not an earlier report: it is not overwritten"
    cmp "$cat" "$work/kept.jpg" || fail "the image was overwritten"
    : >"$work/report.html"
    for picture in "$cat" "$coffee"; do
        deepomatic infer sandbox-colors "$picture" --report "$work/report.html"
        expect_status 0
    done
    [ "$(grep -c '^<figure' "$work/report.html")" -eq 1 ] || fail "not the report of the second run alone"
}

a_report_is_not_the_output() {
    status=0
    "$program" infer sandbox-colors "$cat" --json --report "$work/both" >"$work/both" 2>"$stderr" || status=$?
    expect_status 1
    expect_text stderr "--report: $work/both: this is also the output"
    cp /dev/null "$stdout"
    cmp "$stdout" "$work/both" || fail "something was written"
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

# ---- Waiting later ----

# waits_for_names FILE: 'tasks wait' must show the images of the tasks in the file.
waits_for_names() {
    deepomatic tasks wait --tasks-from "$1"
    expect_status 0
    expect_line "$cat:"
    expect_line "\$'$work/a\\012b.jpg':"
    deepomatic tasks wait --tasks-from - --json <"$1"
    expect_status 0
    "$json_lines" image status <"$stdout" | sed -n 1p | grep -qxF "$cat success" || fail "no image"
    grep -qF '/a\nb.jpg"' "$stdout" || fail "no second image"
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
    expect_failure 1 "--tasks-from: $work/ids: line 2: it was cut"
    echo '../x' >"$work/ids"
    deepomatic tasks wait --tasks-from "$work/ids"
    expect_failure 1 "line 1: not a line that 'infer --no-wait' prints"
}

# ---- Output ----

labels_are_printed_as_csv() {
    deepomatic infer sandbox-colors "$cat" "$work/missing, \"it\".jpg" --csv
    expect_status 1
    expect_line "image,output,state,label_id,label_name,score,threshold,region_id,xmin,ymin,xmax,ymax,error"
    expect_line_like "^\"$cat\",0,predicted,[0-9]+,\"brown\",0\\.69[0-9]+,0\\.025,,,,,,\$"
    expect_line "\"$work/missing, \"\"it\"\".jpg\",,,,,,,,,,,,\"No such file or directory\""
    deepomatic infer sandbox-regions "$cat" --csv --show-discarded
    expect_line_like ",predicted,[0-9]+,\"[a-z]+\",[0-9.]+,[0-9.]+,[0-9]+,[0-9.]+,[0-9.]+,[0-9.]+,[0-9.]+,\$"
    expect_line_like ",discarded,"
    awk -F, 'NF != 13 { exit 1 }' "$stdout" || fail "not 13 cells in each row"
}

# scores STATE: of the labels in that list, in order.
scores() {
    "$json_lines" "outputs.0.labels.$1.0.score" "outputs.0.labels.$1.1.score" "outputs.0.labels.$1" <"$stdout"
}

a_threshold_of_ones_own_sorts_the_labels_anew() {
    deepomatic infer sandbox-colors "$cat" --json --show-discarded --max-predictions 100
    local first second
    read -r first second _ < <(scores predicted)
    deepomatic infer sandbox-colors "$cat" --json --threshold 0.5
    expect_equal "$(scores predicted)" "$first - [1]"
    expect_json "outputs.0.labels.discarded outputs.0.labels.predicted.0.threshold" "[0] 0.5"
    deepomatic infer sandbox-colors "$cat" --json --threshold 0.5 --show-discarded
    expect_json "outputs.0.labels.discarded.0.score outputs.0.labels.discarded.0.threshold" "$second 0.5"
    deepomatic infer sandbox-colors "$cat" --json --threshold 0 --max-predictions 2
    expect_equal "$(scores predicted)" "$first $second [2]"
    deepomatic infer sandbox-colors "$cat" --json --threshold 1
    expect_equal "$(scores predicted)" "- - [0]"
}

what_the_service_is_told_about_an_image() {
    deepomatic infer sandbox-colors "$cat" --polygon 0,0,1,0,0.5,0.75 --crop-uniform-background --json
    expect_status 0
    expect_request 'polygon'
    expect_request 'crop_uniform_background'
    expect_request '0.75'
}

retries_and_submissions_are_limited() {
    local before
    sandbox_stop
    sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 30 --fault 'POST /v0.7/recognition/* status=503 count=3'
    : >"$log"
    deepomatic infer sandbox-colors "$cat" --retries 0
    expect_status 1
    [ "$(grep -c POST "$log")" -eq 1 ] || fail "it was retried"
    deepomatic infer sandbox-colors "$cat" --submit-once
    expect_status 1
    [ "$(grep -c POST "$log")" -eq 2 ] || fail "it was submitted again"
    deepomatic infer sandbox-colors "$cat" --retries 1
    expect_status 0
    [ "$(grep -c POST "$log")" -eq 4 ] || fail "it was not retried"
}

# ---- Concurrency ----

restart_sandbox() {
    sandbox_stop
    sandbox_start "$sandbox" --request-log "$log" "$@"
    : >"$log"
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
    [ "$SECONDS" -lt 25 ] || fail "it took $SECONDS s"
    "$json_lines" image <"$stdout" >"$work/values"
    printf '%s\n' "$work"/five/*.png | cmp - "$work/values" || fail "not every image once, in order"
    grep '"method":"POST"' "$log" | "$json_lines" connection | sort -u >"$work/connections"
    [ "$(wc -l <"$work/connections")" -le 8 ] || fail "$(wc -l <"$work/connections") connections"
    deepomatic infer sandbox-colors "$work/five" --jobs 64 --unordered --json --max-connections 2
    "$json_lines" image <"$stdout" | sort >"$work/values"
    printf '%s\n' "$work"/five/*.png | sort | cmp - "$work/values" || fail "not every image once"
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
    printf '%s\n' "${names[@]}" | cmp - "$work/values" || fail "not every image once, in order"
    [ "$("$json_lines" task_id <"$stdout" | grep -cE '^[0-9]+$')" -eq 40 ] || fail "not 40 tasks"
    connections=$(grep '"method":"POST"' "$log" | "$json_lines" connection | sort -u | wc -l)
    [ "$connections" -gt 2 ] && [ "$connections" -le 10 ] || fail "$connections connections"
    # Each task belongs to the image on its line.
    cp "$stdout" "$work/tasks.jsonl"
    deepomatic tasks wait --tasks-from "$work/tasks.jsonl" --json
    "$json_lines" image data.outputs.0.labels.predicted.0.label_name <"$stdout" >"$work/values"
    sed -n 's/-cat.jpg brown$/&/p; s/-tiny.png black$/&/p' "$work/values" >"$work/right"
    [ "$(wc -l <"$work/right")" -eq 40 ] || fail "the tasks are of other images: $(cat "$work/values")"
}

without_waiting_and_an_order_task_ids_come_when_they_are_there() {
    restart_sandbox --task-delay-ms 0 --fault 'POST /v0.7/recognition/* delay=3000 count=1'
    { echo "$cat"; sleep 1; printf '%s\n' "$coffee" "$photos/coffee.png"; } >"$work/later" &
    deepomatic infer sandbox-colors --files-from "$work/later" --unordered --no-wait --json
    expect_status 0
    expect_line_count 3
    "$json_lines" image task_id <"$stdout" | tail -n 1 | grep -qxE "$cat [0-9]+" || fail "the slow image is not the last one"
}

# With --unordered, a slow image does not delay the others.
results_come_when_they_are_there() {
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

a_failure_of_all_images_is_told_once() {
    local count
    DEEPOMATIC_API_KEY=sandbox-key deepomatic infer sandbox-colors "$work/five" --json --jobs 8
    expect_status 1
    [ "$(grep -c 'HTTP 401' "$stderr")" -eq 1 ] || fail "it is told $(grep -c 'HTTP 401' "$stderr") times"
    count=$(wc -l <"$stdout")
    [ "$count" -ge 1 ] && [ "$count" -lt 100 ] || fail "$count images were tried"
    expect_text stderr "images not tried: $((500 - count))"
}

# peak COUNT: waits for COUNT results, and prints the peak memory of the job in kB.
peak() {
    local tries=0
    until [ "$(wc -l <"$stdout")" -ge "$1" ]; do
        [ $((tries += 1)) -lt 1200 ] || fail "not $1 results"
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
    wait "$job" || fail "status $?"
    # Sanitizers do not release freed memory.
    [ -n "${DEEPOMATIC_TESTS_UNDER:-}" ] || [ $((after - before)) -lt 1024 ] || fail "from $before kB to $after kB"
}

# ---- Progress ----

no_progress_is_shown_without_a_terminal() {
    deepomatic infer sandbox-colors "$cat" "$coffee" --json
    expect_quiet stderr
    deepomatic infer sandbox-colors "$cat" "$coffee" "$work/missing.jpg" --json --progress
    expect_text stderr "deepomatic: 3 of 3 images done, 1 failed, "
}

progress_is_shown_on_a_terminal() {
    local -x TERM=xterm
    script -qec "$program infer sandbox-colors $work/many --json >$stdout" "$work/typescript" </dev/null >"$work/terminal"
    grep -qE $'\r60 of 60 images done, 0 failed, [0-9.]+ a second' "$work/terminal" || fail "$(cat "$work/terminal")"
    script -qec "$program infer sandbox-colors $cat --no-progress" "$work/typescript" </dev/null >"$work/terminal"
    ! grep -q done "$work/terminal" || fail "$(cat "$work/terminal")"
    TERM=dumb script -qec "$program infer sandbox-colors $cat" "$work/typescript" </dev/null >"$work/terminal"
    ! grep -qF $'\033' "$work/terminal" || fail "an escape sequence: $(cat "$work/terminal")"
    script -qec "$program infer sandbox-colors $cat $work/missing.jpg" "$work/typescript" </dev/null >"$work/terminal" ||
        true
    grep -q "missing.jpg: No such file or directory" "$work/terminal" || fail "$(cat "$work/terminal")"
}

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 0
make_tree
make_tiny
make_many
run_tests a_directory_stands_for_its_images_in_byte_order directories_below_come_on_request \
    a_directory_without_images_is_a_failure what_cannot_be_read_does_not_hide_the_others \
    a_directory_that_cannot_be_read_does_not_hide_the_others names_come_from_a_file \
    names_may_end_with_nul a_result_does_not_wait_for_the_next_name a_name_always_falls_into_the_same_part \
    shards_with_parallel_find_every_image_once shards_have_about_the_same_size a_run_goes_on_where_it_ended \
    resume_begins_with_a_file_that_does_not_exist names_of_any_bytes_are_recognised_again \
    standard_input_is_never_taken_for_an_earlier_one an_image_that_was_submitted_is_not_submitted_again \
    without_waiting_only_images_without_a_task_are_submitted a_task_that_was_not_done_in_time_is_waited_for \
    a_task_that_has_failed_or_is_unknown_is_submitted_again a_report_overwrites_only_an_earlier_report \
    output_is_never_emptied_by_resume a_table_is_not_appended_to_what_resume_reads \
    a_resume_file_of_nul_bytes_is_refused a_report_is_not_the_output tasks_are_waited_for_with_the_names_of_their_images \
    a_list_of_tasks_that_was_cut_is_refused labels_are_printed_as_csv a_threshold_of_ones_own_sorts_the_labels_anew \
    what_the_service_is_told_about_an_image no_progress_is_shown_without_a_terminal progress_is_shown_on_a_terminal \
    retries_and_submissions_are_limited many_images_are_in_flight_at_the_same_time \
    without_waiting_several_images_are_submitted_at_the_same_time a_failure_of_all_images_is_told_once results_come_when_they_are_there \
    without_waiting_and_an_order_task_ids_come_when_they_are_there memory_does_not_grow_with_the_number_of_images
