#!/usr/bin/env bash
# Invalid command lines, and --help.
set -euo pipefail
. "$(dirname "$0")/command_line.sh"

# wrong_usage TEXT ARGUMENTS...
wrong_usage() {
    local text=$1
    shift
    deepomatic "$@"
    expect_failure 2 "$text"
    expect_text stderr "--help"
}

wrong_usage_is_status_2_and_sends_nothing() {
    local before
    before=$(wc -l <"$log")
    wrong_usage "missing command"
    wrong_usage "missing command after 'specs'" specs
    wrong_usage "unknown command 'specs fly'" specs fly
    wrong_usage "unknown command 'fly'" fly
    wrong_usage "--fly" account --fly
    wrong_usage "does not take --name" account --name x
    wrong_usage "does not take --public" specs versions 1 --public
    wrong_usage "unexpected argument 'x'" account x
    wrong_usage "missing argument: expected" specs get
    wrong_usage "missing argument: expected" infer 1
    wrong_usage "missing argument: expected" tasks wait
    wrong_usage "missing option: --outputs" specs create --name x
    wrong_usage "missing option: --name" specs create --outputs "$outputs"
    wrong_usage "missing option: --network" versions create --spec 1 --post-processings '[]'
    wrong_usage "'0'" specs get 0
    wrong_usage "'-1'" specs get -- -1
    wrong_usage "'9223372036854775808'" specs get 9223372036854775808
    wrong_usage "'sandbox-colors'" specs update sandbox-colors --name x
    wrong_usage "'x'" versions get x
    wrong_usage "'x'" infer version:x "$cat"
    wrong_usage "'../x' is not a specification" infer ../x "$cat" "$coffee"
    wrong_usage "'public:..' is not a specification" infer public:.. "$cat"
    wrong_usage "'a%2fb' is not a network" networks get a%2fb
    wrong_usage "is not a specification" specs get $'a\nb'
    wrong_usage "not a valid task id" tasks get ../accounts/me
    wrong_usage "--limit" specs list --limit 0
    wrong_usage "--offset" specs list --offset -1
    wrong_usage "--timeout" account --timeout 0
    wrong_usage "--bbox" infer 1 "$cat" --bbox 0,0,1
    wrong_usage "--bbox" infer 1 "$cat" --bbox 0.5,0,0.5,1
    wrong_usage "--max-predictions" infer 1 "$cat" --max-predictions 0
    wrong_usage "only once" infer 1 - -
    wrong_usage "only once" infer 1 - --files-from -
    wrong_usage "only once" infer 1 --files-from - --resume -
    wrong_usage "--null needs --files-from" infer 1 "$cat" --null
    wrong_usage "--json and --csv cannot be used together" infer 1 "$cat" --json --csv
    wrong_usage "--no-wait and --threshold cannot be used together" infer 1 "$cat" --no-wait --threshold 0.5
    wrong_usage "--no-wait and --csv cannot be used together" infer 1 "$cat" --no-wait --csv
    wrong_usage "--jobs: '0' is not an integer from 1 to 10000" infer 1 "$cat" --jobs 0
    wrong_usage "--max-connections: '129' is not an integer from 1 to 128" infer 1 "$cat" --max-connections 129
    wrong_usage "--max-connections: '129' is not an integer from 1 to 128" infer 1 "$cat" --no-wait --max-connections 129
    wrong_usage "--retries: '-1' is not an integer from 0 to 1000" infer 1 "$cat" --retries -1
    wrong_usage "--threshold: '1.5' is not a number from 0 to 1" infer 1 "$cat" --threshold 1.5
    wrong_usage "--polygon: '0,0,1,1' is not x1,y1" infer 1 "$cat" --polygon 0,0,1,1
    wrong_usage "--polygon" infer 1 "$cat" --polygon 0,0,1,1,0.5
    wrong_usage "--polygon" infer 1 "$cat" --polygon 0,0,1,1,0.5,2
    wrong_usage "--shard: '0/3' is not I/N" infer 1 "$cat" --shard 0/3
    wrong_usage "--shard: '4/3'" infer 1 "$cat" --shard 4/3
    wrong_usage "--shard: '1'" infer 1 "$cat" --shard 1
    wrong_usage "--shard: '1/x'" infer 1 "$cat" --shard 1/x
    wrong_usage "does not take --tasks-from" tasks get 1 --tasks-from x
    wrong_usage "nothing to change" specs update 1
    wrong_usage "cannot be used together" specs update 1 --current-version 1 --clear-current-version
    [ "$(wc -l <"$log")" -eq "$before" ] || fail "something was sent"
}

wrong_json_is_status_2_and_sends_nothing() {
    local before
    before=$(wc -l <"$log")
    wrong_usage "--outputs is not valid JSON: at byte 2" specs create --name x --outputs '[{]'
    wrong_usage "--outputs must be a JSON array" specs create --name x --outputs '{}'
    wrong_usage "outputs[0].labels.roi" specs create --name x \
        --outputs '[{"labels":{"roi":"LINE","exclusive":true,"labels":[]}}]'
    wrong_usage "outputs[0].labels.exclusive" specs create --name x --outputs '[{"labels":{"roi":"NONE","labels":[]}}]'
    wrong_usage "outputs[0].labels.labels[1]" specs create --name x \
        --outputs '[{"labels":{"roi":"NONE","exclusive":true,"labels":[{"id":1,"name":"a"},{"id":9223372036854775808,"name":"b"}]}}]'
    wrong_usage "outputs[0].labels.labels[0] must be an object whose id is an integer of 64 bits" specs create --name x \
        --outputs '[{"labels":{"roi":"NONE","exclusive":true,"labels":[{"id":"1","name":"a"}]}}]'
    wrong_usage "whose name is a string" specs create --name x \
        --outputs '[{"labels":{"roi":"NONE","exclusive":true,"labels":[{"id":1,"name":2}]}}]'
    wrong_usage "unknown field 'nmae'" specs create --name x \
        --outputs '[{"labels":{"roi":"NONE","exclusive":true,"labels":[{"id":1,"name":"a","nmae":"b"}]}}]'
    wrong_usage "--metadata must be a JSON object" specs create --name x --outputs "$outputs" --metadata '[]'
    wrong_usage "--metadata is not valid JSON: at byte 6" specs update 1 --metadata '{"a":01}'
    wrong_usage "--post-processings must be a JSON array" versions create --spec 1 --network 1 --post-processings '{}'
    wrong_usage "No such file or directory" specs update 1 --metadata "@$work/missing.json"
    wrong_usage "--metadata must be a JSON object" specs update 1 --metadata '[1]'
    wrong_usage "there is nothing to change" specs update 1
    wrong_usage "cannot be used together" specs update 1 --current-version 1 --clear-current-version
    wrong_usage "--ca-file: \"$work/missing.pem\": No such file" account --ca-file "$work/missing.pem"
    [ "$(wc -l <"$log")" -eq "$before" ] || fail "something was sent"
}

help_is_everywhere() {
    local command words
    deepomatic --help
    expect_status 0
    expect_quiet stderr
    sed -n 's/^  \([a-z]*\( [a-z]*\)\{0,1\}\) .*  .*/\1/p' "$stdout" >"$work/commands"
    [ "$(wc -l <"$work/commands")" -eq 19 ] || fail "expected 19 commands, got $(wc -l <"$work/commands")"
    while read -r command; do
        for words in "$command --help" "--help $command" "$command -h"; do
            # shellcheck disable=SC2086 # a list of words
            run env -u DEEPOMATIC_API_KEY "$program" $words
            expect_status 0
            expect_quiet stderr
            expect_text stdout "Usage: deepomatic $command"
            expect_text stdout "--json"
        done
    done <"$work/commands"
    deepomatic specs --help
    expect_status 0
    expect_text stdout "specs versions SPEC"
    expect_no_text stdout "tasks wait"
    deepomatic --version
    expect_line_like '^deepomatic [0-9]+\.[0-9]+\.[0-9]+$'
}

# It is that of a variable without a value. It must not count as a missing option, or as a file to begin.
an_empty_file_name_is_not_a_file() {
    local option
    for option in --files-from --resume --report --ca-file; do
        wrong_usage "$option: '' is not the name of a file" infer sandbox-colors "$cat" "$option" ""
    done
    wrong_usage "--tasks-from: '' is not the name of a file" tasks wait --tasks-from ""
    deepomatic infer sandbox-colors "" --json
    expect_status 1
    expect_json "error.message" "the name of the image is empty"
}

a_file_that_cannot_be_read_is_named_with_its_option() {
    wrong_usage "--outputs: $work/none: No such file or directory" specs create --name x --outputs "@$work/none"
    deepomatic infer sandbox-colors --files-from "$work/none"
    expect_failure 1 "--files-from: $work/none: No such file or directory"
    deepomatic tasks wait --tasks-from "$work/none"
    expect_failure 1 "--tasks-from: $work/none: No such file or directory"
    deepomatic infer sandbox-colors "$cat" --report "$work/none/report.html"
    expect_failure 1 "--report: $work/none/report.html: No such file or directory"
}

an_option_is_refused_before_its_value_is_read() {
    mkfifo "$work/fifo"
    run timeout 10 "$program" account --metadata "@$work/fifo"
    expect_failure 2 "'account' does not take --metadata"
    run timeout 10 "$program" specs update 1 --metadata "@$work/fifo" --fly
    expect_failure 2 "unknown option '--fly'"
    run timeout 10 "$program" specs update 1 extra --metadata "@$work/fifo"
    expect_failure 2 "unexpected argument 'extra'"
    wrong_usage "'account' does not take --outputs" account --outputs '{'
    wrong_usage "'account' does not take --limit" account --limit
    wrong_usage "'account' does not take --limit" --limit 5 account
}

abbreviations_match_only_the_commands_own_options() {
    deepomatic account --v
    expect_status 0
    expect_text stderr "GET /v0.7/accounts/me"
    deepomatic specs list --o 1 --l 1
    expect_status 0
    deepomatic --pub specs list
    expect_status 0
    expect_text stdout "sandbox-colors"
    wrong_usage "unknown option '--lim'" account --lim 1
    wrong_usage "ambiguous option '--c' (--current-version, --clear-current-version, --ca-file)" specs update 1 --c 2
    wrong_usage "ambiguous option '--n' (--name, --network, --null, --no-wait, --no-progress)" --n x specs update 1
}

an_options_value_is_given_in_one_way() {
    wrong_usage "--json does not take a value" account --json=1
    wrong_usage "--timeout needs a value: SECONDS" account --timeout
    wrong_usage "unknown option '-x'" account -x
    deepomatic account --timeout=5
    expect_status 0
}

# invalid_json BYTE REASON JSON
invalid_json() {
    wrong_usage "--metadata is not valid JSON: at byte $1, $2" specs update 1 --metadata "$3"
    wrong_usage "--outputs is not valid JSON: at byte $1, $2" specs create --name x --outputs "$3"
    printf '%s' "$3" >"$work/invalid.json"
    wrong_usage "--post-processings is not valid JSON: at byte $1, $2" \
        versions create --spec 1 --network 1 --post-processings "@$work/invalid.json"
}

invalid_json_gets_a_position_and_a_reason() {
    invalid_json 1 "the text ends too early" '{'
    invalid_json 0 "the text ends too early" ''
    invalid_json 2 "expected a string in double quotes" '[{]'
    invalid_json 4 "expected ':'" '{"a"}'
    invalid_json 6 "expected ',' or '}'" '{"a":1]'
    invalid_json 2 "expected ',' or ']'" '[01]'
    invalid_json 3 "expected a value" '[1,]'
    invalid_json 3 "unexpected text after the value" '{} {}'
    invalid_json 3 "expected a digit" '[1.]'
    invalid_json 3 "invalid escape" '["\x"]'
    invalid_json 6 "\\u needs four hexadecimal digits" '["\u12g4"]'
    invalid_json 4 "a string must not contain \\u0000" '["\u0000"]'
    invalid_json 2 "unescaped control character in a string" $'["\t"]'
    wrong_usage "--outputs: invalid character code" specs create --name x --outputs '["\ud800"]'
    wrong_usage "--metadata is not JSON" specs update 1 --metadata '{"a":"\ud800"}'
    invalid_json 128 "nested too deeply" "$(printf '[%.0s' {1..200})"
    printf '[\0]' >"$work/nul.json"
    wrong_usage "--metadata is not valid JSON: $work/nul.json contains a NUL byte" \
        specs update 1 --metadata "@$work/nul.json"
}

valid_json_of_every_kind_is_accepted() {
    deepomatic specs create --name x --outputs "$outputs" --metadata \
        ' { "a" : [ ] , "b" : [ 0 , -0.5e+10 , 1E2 , true , false , null , "\"\\\/\b\f\n\r\t\u00e9é" ] , "c" : { } } '
    expect_status 0
}

ids_have_up_to_63_bits() {
    deepomatic specs get 9007199254740993
    expect_failure 1 "/recognition/specs/9007199254740993: HTTP 404"
    deepomatic versions get 9223372036854775807
    expect_failure 1 "/recognition/versions/9223372036854775807: HTTP 404"
    deepomatic specs update 1 --current-version 9223372036854775807
    expect_status 1
    grep -q 'current_version_id[^0-9]*9223372036854775807' "$log" || fail "expected the exact id in the request"
}

messages_name_the_commands_options() {
    wrong_usage "--name is not valid UTF-8" specs create --name $'\xe9' --outputs "$outputs"
    wrong_usage "--name is not valid UTF-8" specs update 1 --name $'\xe9'
    wrong_usage "is not an id" specs update 1 --current-version 9223372036854775808
    wrong_usage "is not the id of a version" versions get 9223372036854775808
    wrong_usage $'is not a specification' specs get $'\xe9'
    wrong_usage "--outputs: outputs[0].labels.labels[0].name is not valid UTF-8" specs create --name x \
        --outputs $'[{"labels":{"roi":"NONE","exclusive":true,"labels":[{"id":1,"name":"\xe9"}]}}]'
    deepomatic account --timeout 0.000001
    expect_no_text stderr "timeout_ms"
    run env -u DEEPOMATIC_API_KEY "$program" account
    expect_failure 1 "missing API key: set the environment variable DEEPOMATIC_API_KEY"
    expect_no_text stderr "options."
    deepomatic infer sandbox-colors "$work/missing.jpg"
    expect_failure 1 "deepomatic: $work/missing.jpg: No such file or directory"
    deepomatic infer sandbox-colors "$work"
    expect_failure 1 "deepomatic: $work: this directory contains no image files"
    : >"$work/empty.jpg"
    deepomatic infer sandbox-colors "$work/empty.jpg"
    expect_failure 1 "deepomatic: $work/empty.jpg: empty image"
    deepomatic infer sandbox-colors /dev/zero
    expect_failure 1 "deepomatic: /dev/zero: neither a regular file nor a pipe"
    deepomatic infer sandbox-colors $'http://127.0.0.1/a\nb.jpg'
    expect_no_text stderr "inputs[0]"
}

help_for_an_unknown_command_is_a_failure() {
    wrong_usage "unknown command 'fly'" fly --help
    wrong_usage "unknown command 'fly'" --help fly
    wrong_usage "unknown command 'specs fly'" specs fly --help
    wrong_usage "unknown command 'fly'" fly high -h
    wrong_usage "unknown option '--fly'" --fly --help
}

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 30
: >"$log"
run_tests wrong_usage_is_status_2_and_sends_nothing wrong_json_is_status_2_and_sends_nothing \
    an_empty_file_name_is_not_a_file a_file_that_cannot_be_read_is_named_with_its_option \
    an_option_is_refused_before_its_value_is_read abbreviations_match_only_the_commands_own_options \
    an_options_value_is_given_in_one_way invalid_json_gets_a_position_and_a_reason \
    valid_json_of_every_kind_is_accepted ids_have_up_to_63_bits messages_name_the_commands_options help_is_everywhere \
    help_for_an_unknown_command_is_a_failure
