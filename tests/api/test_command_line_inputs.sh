#!/usr/bin/env bash
# Lists of images: directories, file lists and shards.
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

a_directory_means_its_images_in_byte_order() {
    deepomatic infer sandbox-colors "$work/tree" --json
    expect_status 0
    expect_quiet stderr
    expect_json "image" "$work"/tree/{a.jpg,b-c.jpg,b.png,c.jpg}
    deepomatic infer sandbox-colors "$work/tree/" "$cat" --json
    expect_json "image" "$work"/tree/{a.jpg,b-c.jpg,b.png,c.jpg} "$cat"
}

subdirectories_are_included_on_request() {
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
unreadable_items_do_not_hide_the_others() {
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
    "$json_lines" image <"$stdout" | sed -n 2p | grep -qE "^$deep/(d{250}/)+\$" || fail "the second image is not in the deep directory"
    expect_text stderr "$words"
}

names_are_read_from_a_file() {
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

# As Windows writes it. With --null, a name keeps each of its bytes.
a_list_may_have_windows_line_ends() {
    cp "$cat" "$work/elsewhere/cr.jpg"$'\r'
    printf '%s\r\n\r\n%s\r\n%s' "$cat" "$coffee" "$cat" >"$work/list"
    deepomatic infer sandbox-colors --files-from "$work/list" --json
    expect_status 0
    expect_json "image" "$cat" "$coffee" "$cat"
    printf '%s\0' "$work/elsewhere/cr.jpg"$'\r' >"$work/list0"
    deepomatic infer sandbox-colors --null --files-from "$work/list0" --json
    expect_status 0
    rm "$work/elsewhere/cr.jpg"$'\r'
}

# Windows programs write it before the first line. Anywhere else, and with --null, it is a part of a name.
a_byte_order_mark_before_a_list_is_skipped() {
    local mark=$'\xef\xbb\xbf'
    printf '%s%s\r\n%s%s\n' "$mark" "$cat" "$mark" "$cat" >"$work/list"
    deepomatic infer sandbox-colors --files-from "$work/list" --json
    expect_status 1
    expect_json "error.status" - DM_ERR_FILE
    printf '%s\n%s' "$mark" "$cat" >"$work/list"
    deepomatic infer sandbox-colors --files-from - --json <"$work/list"
    expect_status 0
    expect_json "image" "$cat"
    printf '%s' "$mark" >"$work/list"
    deepomatic infer sandbox-colors --files-from "$work/list" --json
    expect_status 0
    expect_quiet stdout
    printf '%s%s\0' "$mark" "$cat" >"$work/list0"
    deepomatic infer sandbox-colors --null --files-from "$work/list0" --json
    expect_status 1
    expect_json "error.status" DM_ERR_FILE
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
    wait $! || fail "expected status 0, got $?"
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

shards_with_parallel_find_every_image_once() {
    parallel --will-cite "$program" infer sandbox-colors "$work/many" --json --shard {}/3 '>' "$work"/part{}.jsonl ::: 1 2 3 \
        >"$stdout" 2>"$stderr" || fail "$(cat "$stderr")"
    cat "$work"/part[123].jsonl | "$json_lines" image | sort >"$work/values"
    printf '%s\n' "$work"/many/*.jpg | sort | cmp - "$work/values" || fail "expected each image once"
}

shards_have_about_the_same_size() {
    local part
    seq 3000 | sed 's/$/.jpg/' >"$work/list"
    for part in 1 2 3; do
        deepomatic infer sandbox-colors --files-from "$work/list" --shard "$part/3" --json --no-progress
        [ "$(wc -l <"$stdout")" -gt 900 ] || fail "expected more than 900 images in part $part, got $(wc -l <"$stdout")"
    done
}

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 0
make_tree
make_many
run_tests a_directory_means_its_images_in_byte_order subdirectories_are_included_on_request \
    a_directory_without_images_is_a_failure unreadable_items_do_not_hide_the_others \
    a_directory_that_cannot_be_read_does_not_hide_the_others names_are_read_from_a_file names_may_end_with_nul \
    a_list_may_have_windows_line_ends a_byte_order_mark_before_a_list_is_skipped \
    a_result_does_not_wait_for_the_next_name a_name_always_falls_into_the_same_part \
    shards_with_parallel_find_every_image_once shards_have_about_the_same_size
