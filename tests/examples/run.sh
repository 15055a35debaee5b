#!/usr/bin/env bash
# Runs the examples against the sandbox and checks what they print.
#
#     tests/examples/run.sh EXAMPLES-FOLDER SANDBOX-PROGRAM DEEPOMATIC-PROGRAM
set -euo pipefail
examples=$1
sandbox=$2
deepomatic=$3
here=$(cd "$(dirname "$0")" && pwd)
sources=$(cd "$here/../../examples" && pwd)
cat=$sources/photos/cat.jpg
model=$sources/colours

. "$here/../support/sandbox.sh"
. "$here/../support/assert.sh"
trap 'sandbox_stop; rm -rf "$work"' EXIT
log=$work/requests.jsonl

the_quickstart_prints_label_and_score() {
    local program
    for program in quickstart quickstart_cpp; do
        run "$examples/$program" "$cat" sandbox-colors
        expect_status 0
        expect_line_like '^brown 0\.[0-9]{3}$'
        expect_line_like '^gray 0\.[0-9]{3}$'
        expect_quiet stderr
    done
}

the_cpp_quickstart_prints_at_most_five_labels() {
    run "$examples/quickstart_cpp" "$cat" sandbox-regions
    expect_status 0
    [ "$(wc -l <"$stdout")" -le 5 ] || fail "expected at most 5 lines, got $(wc -l <"$stdout")"
}

the_quickstart_fails_with_a_reason() {
    local program
    for program in quickstart quickstart_cpp; do
        run "$examples/$program" "$work/no-such-file.jpg" sandbox-colors
        expect_status 1
        expect_quiet stdout
        expect_text stderr "no-such-file.jpg"
        run "$examples/$program" "$cat" no-such-specification
        expect_status 1
        expect_text stderr "Not found."
    done
}

# The parts of the request that creates the network.
expect_upload() {
    local file digest
    grep -F '"method":"POST","path":"/v0.7/networks"' "$log" | tail -n 1 >"$work/request"
    for file in saved_model.pbtxt variables.index variables.data-00000-of-00001; do
        digest=$(sha256sum <"$model/$file")
        grep -qF "{\"name\":\"$file\",\"filename\":\"$file\",\"content_type\":null,\"length\":$(wc -c <"$model/$file"),\"sha256\":\"${digest%% *}\"" \
            "$work/request" || fail "expected $file in the request, got: $(cat "$work/request")"
    done
}

# expect_paths METHOD-AND-PATH...: compares with all requests since the last call, except those for tasks.
expect_paths() {
    sed -n 's/.*"method":"\([A-Z]*\)","path":"\([^"]*\)".*/\1 \2/p' "$log" | tail -n "+$((logged + 1))" |
        grep -vE ' /v0.7/tasks(/|$)' >"$work/paths"
    printf '%s\n' "$@" | sed 's| /| /v0.7/|' | diff "$work/paths" - >"$work/difference" ||
        fail "unexpected requests: $(cat "$work/difference")"
    logged=$(wc -l <"$log")
}

from_a_model_to_a_prediction_and_back_in_c() {
    logged=$(wc -l <"$log")
    run "$examples/specs" "$cat" "$model"/saved_model.pbtxt "$model"/variables.*
    expect_status 0
    expect_text stderr "100 % of 0.0 MB"
    expect_line "Created network 1 from 3 files."
    expect_line "The network is deployed."
    expect_line "Created specification 1."
    expect_line "'Colours' has no version yet."
    expect_line '  metadata: {"author":"me","project":"libdeepomatic"}'
    expect_line "  output 0: 3 labels"
    expect_line "  specification 1: Colours"
    expect_line "Renamed it to 'Colours of the cat'."
    expect_line "Created version 1 with network 1."
    expect_line_like '^  brown: 0\.[0-9]{3}$'
    expect_line "  version 1, network 1"
    expect_line "Deleted the specification and its version."
    expect_line "Deleted the network."
    expect_upload
    expect_paths "POST /networks" "POST /recognition/specs" "GET /recognition/specs/1" "GET /recognition/specs" \
        "PATCH /recognition/specs/1" "POST /recognition/versions" "POST /recognition/specs/1/inference" \
        "GET /recognition/specs/1/versions" "DELETE /recognition/specs/1" "DELETE /networks/1"
}

after_a_failure_everything_is_still_deleted() {
    run "$examples/specs" "$work/no-such-file.jpg" "$model/saved_model.pbtxt"
    expect_status 1
    expect_text stderr "no-such-file.jpg"
    expect_line "Created specification 2."
    expect_line "Deleted the specification and its version."
    expect_line "Deleted the network."
}

a_model_that_cannot_be_deployed_is_deleted() {
    run "$examples/specs" "$cat" "$model/variables.index"
    expect_status 1
    expect_text stderr "the network was not deployed: A TensorFlow model needs a file saved_model.pb"
    expect_line "Deleted the network."
}

from_a_model_to_a_prediction_and_back_in_the_shell() {
    mkdir -p "$work/bin"
    ln -sf "$deepomatic" "$work/bin/deepomatic"
    logged=$(wc -l <"$log")
    PATH=$work/bin:$PATH run "$sources/lifecycle.sh" "$cat"
    expect_status 0
    expect_quiet stderr
    expect_line_like '^network_id +4$'
    expect_line_like '^ +0 +brown +0\.[0-9]{3} +0\.025$'
    expect_upload
    expect_paths "POST /networks" "POST /recognition/specs" "POST /recognition/versions" \
        "POST /recognition/specs/3/inference" "DELETE /recognition/specs/3" "DELETE /networks/4"
    PATH=$work/bin:$PATH run "$sources/lifecycle.sh" "$work/no-such-file.jpg"
    expect_status 1
    expect_text stderr "no-such-file.jpg"
    PATH=$work/bin:$PATH run "$sources/lifecycle.sh"
    expect_status 2
    expect_text stderr "usage:"
    run "$deepomatic" networks list --json
    expect_quiet stdout
}

# The deployment fails if the model file is missing.
after_a_failed_deployment_the_script_deletes_everything() {
    mkdir -p "$work/copy"
    cp -r "$sources/lifecycle.sh" "$model" "$work/copy/"
    sed -i 's/"$files.saved_model.pbtxt" //' "$work/copy/lifecycle.sh"
    PATH=$work/bin:$PATH run "$work/copy/lifecycle.sh" "$cat"
    expect_status 1
    expect_text stderr "the deployment failed"
    run "$deepomatic" networks list --json
    expect_quiet stdout
}

without_an_image_it_prints_its_usage() {
    run "$examples/specs"
    expect_status 2
    expect_text stderr "usage:"
}

create_specification() {
    "$deepomatic" specs create --name "$1" --outputs '[{"labels": {"labels": [{"id": 1, "name": "red"}], "exclusive": true, "roi": "NONE"}}]' >/dev/null
}

# The matching specifications are on three pages, among others.
delete_all_deletes_every_specification_with_the_prefix() {
    local i
    create_specification "Keep trial"
    for i in {1..25}; do
        create_specification "Trial $i"
        [ "$i" -ne 12 ] || create_specification "trial"
    done
    run "$examples/delete_all" Trial
    expect_status 0
    expect_quiet stderr
    expect_line_count 25
    expect_line_like '^Deleted specification [0-9]+\.$'
    run "$deepomatic" specs list --json
    expect_line_count 2
    expect_line_like '"Keep trial"'
    expect_line_like '"trial"'
    run "$examples/delete_all" Trial
    expect_status 0
    expect_quiet stdout
}

delete_all_needs_a_prefix() {
    run "$examples/delete_all" ""
    expect_status 2
    expect_text stderr "usage:"
}

delete_all_fails_with_a_reason() {
    DEEPOMATIC_API_KEY=wrong run "$examples/delete_all" Trial
    expect_status 1
    expect_quiet stdout
    expect_text stderr "HTTP 401"
}

# Files whose names begin with a dot are ignored. A file that is not an image fails, and the others succeed.
many_recognises_a_directory_and_prints_csv() {
    mkdir "$work/photos"
    cp "$cat" "$work/photos/cat.jpg"
    cp "$cat" "$work/photos/cat two.jpg"
    cp "$cat" "$work/photos/.hidden.jpg"
    run "$examples/many" "$work/photos" sandbox-colors
    expect_status 0
    expect_quiet stderr
    expect_line_like "^\"$work/photos/cat.jpg\",\"brown\",0\\.[0-9]{3}\$"
    expect_line_like "^\"$work/photos/cat two.jpg\",\"brown\",0\\.[0-9]{3}\$"
    expect_no_text stdout hidden
    echo "no image" >"$work/photos/words.txt"
    run "$examples/many" "$work/photos" sandbox-colors
    expect_status 1
    expect_text stderr "words.txt"
    expect_line_like "^\"$work/photos/cat.jpg\",\"brown\""
    run "$examples/many" "$work/no-such-folder" sandbox-colors
    expect_status 1
    expect_text stderr "no-such-folder"
}

list_of_images() {
    local i
    for i in {1..100}; do
        echo "$cat"
    done
    echo "$work/no-such-file.jpg"
}

event_loop_recognises_what_it_reads() {
    local gap
    list_of_images >"$work/list"
    run "$examples/event_loop" sandbox-colors <"$work/list"
    expect_status 1
    expect_text stderr "no-such-file.jpg"
    expect_line_count 101
    [ "$(grep -c "^$cat: [1-9][0-9]* labels\$" "$stdout")" -eq 100 ] || fail "expected 100 results for the cat"
    gap=$(sed -n 's/^longest gap: \([0-9]*\)\.[0-9] ms$/\1/p' "$stdout")
    [ "$gap" -lt 5000 ] || fail "the event loop was blocked for $gap ms"
}

sandbox_start "$sandbox" --task-delay-ms 20 --page-limit 10 --request-log "$log"
run_tests the_quickstart_prints_label_and_score the_cpp_quickstart_prints_at_most_five_labels \
    the_quickstart_fails_with_a_reason from_a_model_to_a_prediction_and_back_in_c \
    after_a_failure_everything_is_still_deleted a_model_that_cannot_be_deployed_is_deleted \
    from_a_model_to_a_prediction_and_back_in_the_shell after_a_failed_deployment_the_script_deletes_everything \
    without_an_image_it_prints_its_usage \
    delete_all_deletes_every_specification_with_the_prefix delete_all_needs_a_prefix delete_all_fails_with_a_reason \
    many_recognises_a_directory_and_prints_csv event_loop_recognises_what_it_reads
