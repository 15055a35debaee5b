#!/usr/bin/env bash
# Runs the examples against the sandbox and checks what they print.
#
#     tests/examples/run.sh EXAMPLES-FOLDER SANDBOX-PROGRAM DEEPOMATIC-PROGRAM
set -euo pipefail
examples=$1
sandbox=$2
deepomatic=$3
here=$(cd "$(dirname "$0")" && pwd)
cat=$here/../../examples/photos/cat.jpg

. "$here/../support/sandbox.sh"
. "$here/../support/assert.sh"
trap 'sandbox_stop; rm -rf "$work"' EXIT

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
    [ "$(wc -l <"$stdout")" -le 5 ] || fail "more than 5 lines"
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

a_specification_lives_its_life() {
    run "$examples/specs" "$cat" 7
    expect_status 0
    expect_quiet stderr
    expect_line "Created specification 1."
    expect_line "'Colours' has no version yet."
    expect_line '  metadata: {"author":"me","project":"libdeepomatic"}'
    expect_line "  output 0: 3 labels"
    expect_line "  specification 1: Colours"
    expect_line "Renamed it to 'Colours of the cat'."
    expect_line "Created version 1 with network 7."
    expect_line_like '^  brown: 0\.[0-9]{3}$'
    expect_line "  version 1, network 7"
    expect_line "Deleted the specification and its version."
}

after_a_failure_the_specification_is_deleted_all_the_same() {
    run "$examples/specs" "$work/no-such-file.jpg"
    expect_status 1
    expect_text stderr "no-such-file.jpg"
    expect_line "Created specification 2."
    expect_line "Deleted the specification and its version."
}

without_an_image_it_says_how_it_is_used() {
    run "$examples/specs"
    expect_status 2
    expect_text stderr "usage:"
}

create_specification() {
    "$deepomatic" specs create --name "$1" --outputs '[{"labels": {"labels": [{"id": 1, "name": "red"}], "exclusive": true, "roi": "NONE"}}]' >/dev/null
}

# The matching ones are on three pages, with others between them.
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

sandbox_start "$sandbox" --task-delay-ms 20 --page-limit 10
run_tests the_quickstart_prints_label_and_score the_cpp_quickstart_prints_at_most_five_labels \
    the_quickstart_fails_with_a_reason a_specification_lives_its_life \
    after_a_failure_the_specification_is_deleted_all_the_same without_an_image_it_says_how_it_is_used \
    delete_all_deletes_every_specification_with_the_prefix delete_all_needs_a_prefix delete_all_fails_with_a_reason
