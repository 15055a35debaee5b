#!/usr/bin/env bash
# Runs the examples against the sandbox and looks at what they say.
#
#     tests/examples/run.sh EXAMPLES-FOLDER SANDBOX-PROGRAM
set -euo pipefail
examples=$1
sandbox=$2
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
    expect_line "It is called 'Colours of the cat' now."
    expect_line "Version 1 binds network 7 to it."
    expect_line_like '^  brown: 0\.[0-9]{3}$'
    expect_line "  version 1, network 7"
    expect_line "Deleted the specification, and its version with it."
}

after_a_failure_the_specification_is_deleted_all_the_same() {
    run "$examples/specs" "$work/no-such-file.jpg"
    expect_status 1
    expect_text stderr "no-such-file.jpg"
    expect_line "Created specification 2."
    expect_line "Deleted the specification, and its version with it."
}

without_an_image_it_says_how_it_is_used() {
    run "$examples/specs"
    expect_status 2
    expect_text stderr "usage:"
}

sandbox_start "$sandbox" --task-delay-ms 20
run_tests the_quickstart_prints_label_and_score the_cpp_quickstart_prints_at_most_five_labels \
    the_quickstart_fails_with_a_reason a_specification_lives_its_life \
    after_a_failure_the_specification_is_deleted_all_the_same without_an_image_it_says_how_it_is_used
