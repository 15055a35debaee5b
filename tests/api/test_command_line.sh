#!/usr/bin/env bash
# The command line, as people and scripts use it, against the sandbox.
#
#     tests/api/test_command_line.sh DEEPOMATIC-PROGRAM SANDBOX-PROGRAM JSON-LINES-PROGRAM
set -euo pipefail
program=$1
sandbox=$2
json_lines=$3
here=$(cd "$(dirname "$0")" && pwd)
photos=$(cd "$here/../../examples/photos" && pwd)
cat=$photos/cat.jpg

. "$here/../support/sandbox.sh"
. "$here/../support/assert.sh"
trap 'sandbox_stop; rm -rf "$work"' EXIT
log=$work/requests.jsonl

deepomatic() {
    run "$program" "$@"
}

# expect_json PATHS VALUES...: standard output is as many JSON objects, with these values at the paths.
expect_json() {
    local paths=$1
    shift
    # shellcheck disable=SC2086 # a list of paths
    "$json_lines" $paths <"$stdout" >"$work/values" || fail "standard output is not lines of JSON objects"
    printf '%s\n' "$@" >"$work/expected"
    cmp -s "$work/values" "$work/expected" || fail "$paths: $(tr '\n' ';' <"$work/values")"
}

# expect_request TEXT: the last request but for questions about tasks holds the text.
expect_request() {
    grep -v '"path":"/v0.7/tasks' "$log" | tail -n 1 >"$work/request"
    grep -qF -e "$1" "$work/request" || fail "not in the last request: $1: $(cat "$work/request")"
}

expect_failure() {
    expect_status "$1"
    expect_quiet stdout
    expect_text stderr "$2"
    expect_no_text stderr "sandbox-key"
}

outputs='[{"labels":{"roi":"NONE","exclusive":true,"labels":[{"id":7,"name":"brown"},{"id":-3,"name":"gray"},{"id":0,"name":"black"}]}}]'
post_processings='[{"classification":{"output_tensor":"prob","thresholds":[0.1,0.2,0.999]}}]'
metadata='{"n":1234567890123456789,"x":0.30000000000000004,"s":"é \"quoted\""}'

# ---- The life of a specification; each test goes on where the last one ended ----

a_specification_is_created_from_text_and_files() {
    printf '%s\n' "$outputs" >"$work/outputs.json"
    printf ' %s\n' "$metadata" >"$work/metadata.json"
    deepomatic specs create --name "Birds 'n' \"bees\"" --description "of all kinds" --metadata "@$work/metadata.json" \
        --outputs "@$work/outputs.json" --json
    expect_status 0
    expect_quiet stderr
    expect_json "id name description current_version_id outputs" "1 Birds 'n' \"bees\" of all kinds null [1]"
    expect_json "outputs.0.labels.roi outputs.0.labels.exclusive outputs.0.labels.labels" "NONE true [3]"
    expect_json "outputs.0.labels.labels.1.id outputs.0.labels.labels.1.name" "-3 gray"
    expect_text stdout "\"metadata\":$metadata,"
}

a_specification_is_created_without_what_is_optional() {
    deepomatic specs create --name Plain --outputs "$outputs"
    expect_status 0
    expect_line_like '^id +2$'
    expect_line_like '^name +Plain$'
    expect_line_like '^metadata +\{\}$'
    expect_line_like '^current_version_id +none$'
    expect_line "outputs[0]: 3 labels, exclusive, roi NONE"
    expect_line_like '^ +-3 +gray$'
}

a_specification_is_shown() {
    deepomatic specs get 1
    expect_status 0
    expect_line_like '^description +of all kinds$'
    expect_text stdout "$metadata"
    deepomatic specs get sandbox-colors --json
    expect_json "id name current_version_id outputs" "sandbox-colors Colours - [1]"
    deepomatic specs get public:sandbox-colors --json
    expect_json "id" "sandbox-colors"
}

json_may_be_said_before_and_after_the_command() {
    deepomatic --json specs get 1
    cp "$stdout" "$work/before"
    deepomatic specs get 1 --json
    cmp -s "$stdout" "$work/before" || fail "the two differ"
    deepomatic specs --json get 1
    cmp -s "$stdout" "$work/before" || fail "the two differ"
    expect_line_count 1
}

# shown_as NAME DESCRIPTION CURRENT-VERSION METADATA
shown_as() {
    expect_status 0
    expect_json "name description current_version_id" "$1 $2 $3"
    expect_text stdout "\"metadata\":$4,"
    deepomatic specs get 1 --json
    expect_json "name description current_version_id" "$1 $2 $3"
    expect_text stdout "\"metadata\":$4,"
}

each_field_is_updated_alone() {
    deepomatic specs update 1 --name Birds --json
    expect_request '"body":"{\"name\":\"Birds\"}"'
    shown_as Birds "of all kinds" null "$metadata"
    deepomatic specs update 1 --description "" --json
    expect_request '"body":"{\"description\":\"\"}"'
    shown_as Birds "" null "$metadata"
    deepomatic specs update 1 --description feathered --json
    shown_as Birds feathered null "$metadata"
    printf '{ "n" : 9223372036854775807 }' >"$work/new.json"
    deepomatic specs update 1 --metadata "@$work/new.json" --json
    expect_request '"body":"{\"metadata\":{ \"n\" : 9223372036854775807 }}"'
    shown_as Birds feathered null '{"n":9223372036854775807}'
}

without_a_version_it_cannot_recognise() {
    deepomatic infer 1 "$cat"
    expect_failure 1 "The specification has no current version: it can't run an inference."
    expect_text stderr "$cat: "
}

the_first_version_becomes_the_current_one() {
    printf '%s' "$post_processings" >"$work/post.json"
    deepomatic versions create --spec 1 --network 11 --post-processings "@$work/post.json" --json
    expect_status 0
    expect_json "id spec_id network_id spec_name network_name" "1 1 11 Birds network 11"
    expect_text stdout "\"post_processings\":$post_processings"
    deepomatic versions create --spec 1 --network 12 --post-processings "$post_processings"
    expect_line_like '^network_id +12$'
    deepomatic specs get 1 --json
    expect_json "current_version_id" "1"
}

the_current_version_is_changed_and_cleared() {
    deepomatic specs update 1 --current-version 2 --json
    expect_request '"body":"{\"current_version_id\":2}"'
    shown_as Birds feathered 2 '{"n":9223372036854775807}'
    deepomatic specs update 1 --clear-current-version --json
    expect_request '"body":"{\"current_version_id\":null}"'
    shown_as Birds feathered null '{"n":9223372036854775807}'
    deepomatic specs update 1 --current-version 1 --json
    shown_as Birds feathered 1 '{"n":9223372036854775807}'
}

versions_are_listed_and_shown() {
    deepomatic versions create --spec 2 --network 13 --post-processings "$post_processings"
    deepomatic versions list --json
    expect_json "id spec_id network_id post_processings" "1 1 11 -" "2 1 12 -" "3 2 13 -"
    deepomatic specs versions 1 --json
    expect_json "id spec_id" "1 1" "2 1"
    deepomatic specs versions 1 --limit 1 --offset 1 --json
    expect_json "id spec_id" "2 1"
    deepomatic versions list
    expect_line_count 4
    expect_line_like '^ID +SPEC +SPEC NAME +NETWORK +NETWORK NAME +UPDATED$'
    expect_line_like '^3 +2 +Plain +13 +network 13 +20'
    deepomatic versions get 3
    expect_line_like '^spec_name +Plain$'
    expect_text stdout "$post_processings"
}

# ---- Recognising ----

an_image_is_recognised_as_a_table() {
    deepomatic infer 1 "$cat"
    expect_status 0
    expect_quiet stderr
    expect_line "$cat:"
    expect_line_like '^ +LABEL +NAME +SCORE +THRESHOLD$'
    expect_line_like '^ +7 +brown +0\.691 +0\.100$'
    expect_line_like '^ +-3 +gray +0\.295 +0\.200$'
    expect_no_text stdout black
}

images_are_recognised_as_lines_of_json() {
    deepomatic infer 1 "$cat" "$photos/coffee.png" --json
    expect_status 0
    expect_json "image outputs.0.labels.predicted.0.label_name outputs.0.labels.discarded" \
        "$cat brown [0]" "$photos/coffee.png brown [0]"
    expect_json "outputs.0.labels.predicted.0.label_id outputs.0.labels.predicted.0.threshold" \
        "7 0.10000000000000001" "7 0.10000000000000001"
}

discarded_labels_are_shown_on_request() {
    deepomatic infer 1 "$cat" --show-discarded --json
    expect_json "outputs.0.labels.predicted outputs.0.labels.discarded.0.label_name" "[2] black"
    expect_request '"name":"show_discarded"'
    deepomatic infer 1 "$cat" --show-discarded
    expect_line_like '^ +0 +black +0\.[0-9]+ +0\.999 +discarded$'
}

predictions_can_be_limited() {
    deepomatic infer 1 --max-predictions 1 "$cat" --json
    expect_json "outputs.0.labels.predicted" "[1]"
    expect_request '"name":"max_predictions"'
}

a_part_of_the_image_can_be_looked_at() {
    local whole part
    deepomatic infer sandbox-colors "$cat" --json
    whole=$("$json_lines" outputs.0.labels.predicted.0.score <"$stdout")
    deepomatic infer sandbox-colors "$cat" --bbox 0.25,0,0.75,0.5 --json
    expect_status 0
    expect_request '"name":"inputs[0]image.bbox.xmin"'
    part=$("$json_lines" outputs.0.labels.predicted.0.score <"$stdout")
    [ "$part" != "$whole" ] || fail "the part scores as the whole: $part"
}

# same_as_file COMMAND...: says what the file says.
same_as_file() {
    deepomatic infer 1 "$cat" --json
    "$json_lines" outputs.0.labels.predicted.0.score outputs.0.labels.predicted.1.score <"$stdout" >"$work/scores"
    "$@"
    expect_status 0
    expect_json "outputs.0.labels.predicted.0.score outputs.0.labels.predicted.1.score" "$(cat "$work/scores")"
}

infer_from_input() {
    deepomatic infer 1 - --json <"$cat"
}

infer_from_input_as_base64() {
    deepomatic infer 1 - --base64 --json <"$cat"
}

an_image_may_come_in_any_form() {
    same_as_file deepomatic infer 1 "$cat" --base64 --json
    expect_request '"content-type":"application/json"'
    same_as_file infer_from_input
    expect_json "image" "-"
    expect_request '"name":"inputs[0]image.source"'
    same_as_file infer_from_input_as_base64
    same_as_file deepomatic infer 1 "$DEEPOMATIC_API_URL/files/cat.jpg" --json
    expect_request '/files/cat.jpg'
    same_as_file deepomatic infer version:2 "$cat" --json
    expect_request '"path":"/v0.7/recognition/versions/2/inference"'
}

boxes_are_shown() {
    deepomatic infer sandbox-regions "$cat"
    expect_line_like '^ +LABEL +NAME +SCORE +THRESHOLD +REGION +BBOX$'
    deepomatic infer sandbox-regions "$cat" --json
    "$json_lines" outputs.0.labels.predicted.0.roi.bbox.xmin <"$stdout" | grep -qE '^[0-9.e-]+$' || fail "no bbox"
}

submitted_images_can_be_waited_for() {
    local first second
    deepomatic infer 1 "$cat" "$photos/coffee.jpg" --no-wait
    expect_status 0
    expect_line_count 2
    first=$(sed -n 1p "$stdout")
    second=$(sed -n 2p "$stdout")
    deepomatic tasks wait "$second" "$first" --json
    expect_status 0
    expect_json "id status error data.outputs.0.labels.predicted.0.label_name" \
        "$second success null brown" "$first success null brown"
    deepomatic tasks get "$first"
    expect_line "task $first:"
    expect_line_like '^ +7 +brown +0\.691'
    deepomatic infer version:1 "$cat" --no-wait --json
    expect_json "image" "$cat"
    "$json_lines" task_id <"$stdout" | grep -qE '^[0-9]+$' || fail "no task_id"
}

a_task_without_data_is_shown() {
    deepomatic tasks get 1
    expect_status 0
    expect_line "task 1: success"
    deepomatic tasks get 1 --json
    expect_json "id status error data" "1 success null null"
}

an_unknown_task_does_not_hide_the_others() {
    deepomatic tasks get 4711 1
    expect_status 1
    expect_line "task 1: success"
    expect_text stderr "task 4711"
    deepomatic tasks wait 4711 1 --json
    expect_status 1
    expect_json "id" 1
}

a_missing_file_does_not_hide_the_others() {
    deepomatic infer 1 "$cat" "$work/missing.jpg" "$photos/coffee.jpg" --json
    expect_status 1
    expect_json "image" "$cat" "$photos/coffee.jpg"
    expect_text stderr "$work/missing.jpg"
    expect_text stderr "No such file or directory"
    deepomatic infer 1 "$work/missing.jpg" "$cat" --base64 --json
    expect_status 1
    expect_json "image" "$cat"
    expect_text stderr "No such file or directory"
}

what_is_no_image_fails_with_the_servers_words() {
    deepomatic infer 1 "$here/test_command_line.sh" "$cat" --json
    expect_status 1
    expect_json "image" "$cat"
    expect_text stderr "inputs[0].image.source"
    deepomatic infer 1 "$here/test_command_line.sh" --no-wait
    expect_status 0
    deepomatic tasks wait "$(cat "$stdout")" --json
    expect_status 1
    expect_json "status data" "error null"
    expect_text stderr "inputs[0].image.source"
}

# ---- Lists ----

a_list_goes_through_all_pages() {
    local i
    for i in $(seq 3 16); do
        deepomatic specs create --name "number $i" --outputs "$outputs"
    done
    deepomatic specs list --json
    expect_status 0
    # shellcheck disable=SC2046 # a list of numbers
    expect_json "id" $(seq 16)
    expect_no_text stdout '"outputs"'
    deepomatic specs list
    expect_line_count 17
    expect_line_like '^ID +NAME +CURRENT VERSION +UPDATED$'
    expect_line_like '^16 +number 16 +20'
}

one_page_is_listed_on_request() {
    deepomatic specs list --offset 2 --limit 3 --json
    expect_json "id" 3 4 5
    expect_request '"query":[["offset","2"],["limit","3"]]'
    deepomatic specs list --offset 14 --json
    expect_json "id" 15 16
    deepomatic specs list --limit 50 --json
    expect_line_count 7
}

public_specifications_are_listed() {
    deepomatic specs list --public --json
    expect_json "id current_version_id" "sandbox-colors -" "sandbox-regions -"
    deepomatic --json specs list --public --limit 1
    expect_json "id" "sandbox-colors"
}

an_empty_list_is_nothing() {
    deepomatic specs versions 16 --json
    expect_status 0
    expect_quiet stdout
    expect_quiet stderr
    deepomatic specs versions 16
    expect_quiet stdout
}

control_characters_do_not_reach_the_terminal() {
    deepomatic specs update 2 --name "$(printf 'red \033[31malert\a')"
    expect_status 0
    expect_line_like '^name +red \\u001b\[31malert\\u0007$'
    deepomatic specs get 2 --json
    expect_text stdout '"name":"red \u001b[31malert\u0007"'
    deepomatic specs list
    ! grep -q "$(printf '[\001-\010\013-\037]')" "$stdout" || fail "a control character"
}

# ---- The end ----

delete_without_a_terminal_wants_yes() {
    deepomatic specs delete 2 </dev/null
    expect_failure 2 "--yes"
    deepomatic versions delete 3 </dev/null
    expect_failure 2 "--yes"
    deepomatic specs get 2
    expect_status 0
}

# on_terminal ANSWER COMMAND: its output and questions are in the file terminal.
on_terminal() {
    ran=$2
    status=0
    printf '%s\n' "$1" | script -qec "$2" "$work/typescript" >"$work/terminal" || status=$?
}

delete_asks_on_a_terminal() {
    on_terminal n "$program specs delete 2"
    expect_status 1
    grep -q "Delete specification 2 and all its versions? This cannot be undone" "$work/terminal" || fail "no question"
    grep -q "nothing was deleted" "$work/terminal" || fail "it does not say what it did"
    on_terminal "" "$program versions delete 3"
    expect_status 1
    deepomatic versions get 3
    expect_status 0
    on_terminal y "$program versions delete 3"
    expect_status 0
    deepomatic versions get 3
    expect_failure 1 "Not found."
}

what_is_deleted_is_gone() {
    deepomatic specs delete 1 --yes
    expect_status 0
    expect_quiet stdout
    deepomatic specs get 1
    expect_failure 1 "Not found."
    deepomatic versions get 1
    expect_failure 1 "Not found."
    deepomatic specs delete 1 --yes
    expect_failure 1 "HTTP 404: Not found."
    deepomatic infer 1 "$cat"
    expect_failure 1 "Not found."
    deepomatic versions create --spec 2 --network 5 --post-processings "$post_processings" --json
    deepomatic versions delete "$("$json_lines" id <"$stdout")" --yes
    expect_status 0
    expect_quiet stderr
}

# ---- The account, and failures ----

the_account_is_shown() {
    deepomatic account
    expect_status 0
    expect_line_like '^name +sandbox$'
    deepomatic --json account
    expect_json "id name" "1 sandbox"
}

credentials_fail_with_the_servers_words() {
    DEEPOMATIC_API_KEY=sandbox-key deepomatic account
    expect_failure 1 "HTTP 401"
    run env -u DEEPOMATIC_API_KEY "$program" account
    expect_failure 1 "DEEPOMATIC_API_KEY"
    DEEPOMATIC_API_URL=http://127.0.0.1:1 deepomatic account --timeout 2
    expect_failure 1 "127.0.0.1"
}

what_no_other_image_would_mend_ends_it() {
    DEEPOMATIC_API_KEY=sandbox-key deepomatic infer 1 "$cat" "$photos/coffee.jpg"
    expect_failure 1 "HTTP 401"
    expect_no_text stderr "coffee.jpg"
    deepomatic infer no-such-specification "$cat" "$photos/coffee.jpg"
    expect_failure 1 "HTTP 404"
    expect_no_text stderr "coffee.jpg"
}

what_is_sent_is_said_if_that_is_asked_for() {
    deepomatic account
    expect_quiet stderr
    deepomatic account --verbose
    expect_status 0
    expect_text stderr "deepomatic: GET /v0.7/accounts/me: HTTP 200, "
}

a_warning_is_said_in_any_case() {
    DEEPOMATIC_API_VERIFY_TLS=true deepomatic account
    expect_status 0
    expect_text stderr "TLS certificates are not verified"
}

the_servers_words_are_said() {
    deepomatic specs update 2 --name ""
    expect_failure 1 "This field may not be blank."
    deepomatic versions create --spec 2 --network 1 --post-processings '[]'
    expect_failure 1 "One post-processing for each output of the specification is required."
    deepomatic versions create --spec 4711 --network 1 --post-processings '[]'
    expect_failure 1 'Invalid pk "4711" - object does not exist.'
}

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
    wrong_usage "not a valid task id" tasks get ../accounts/me
    wrong_usage "--limit" specs list --limit 0
    wrong_usage "--offset" specs list --offset -1
    wrong_usage "--timeout" account --timeout 0
    wrong_usage "--bbox" infer 1 "$cat" --bbox 0,0,1
    wrong_usage "--bbox" infer 1 "$cat" --bbox 0.5,0,0.5,1
    wrong_usage "--max-predictions" infer 1 "$cat" --max-predictions 0
    wrong_usage "only once" infer 1 - -
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
        --outputs '[{"labels":{"roi":"NONE","exclusive":true,"labels":[{"id":1,"name":"a"},{"id":9007199254740993,"name":"b"}]}}]'
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

output_that_cannot_be_written_is_a_failure() {
    [ -e /dev/full ] || return 0
    status=0
    "$program" specs list --public >/dev/full 2>"$work/stderr" || status=$?
    expect_status 1
    expect_text stderr "cannot write to standard output"
}

a_reader_that_goes_away_ends_it_with_a_message() {
    local images=("$cat" "$cat" "$cat" "$cat" "$cat" "$cat" "$cat" "$cat")
    set +o pipefail
    "$program" infer sandbox-colors "${images[@]}" --json 2>"$work/stderr" | head -n 1 >"$work/stdout"
    status=${PIPESTATUS[0]}
    set -o pipefail
    expect_status 1
    expect_text stderr "cannot write to standard output"
    expect_json "image" "$cat"
}

help_is_everywhere() {
    local command words
    deepomatic --help
    expect_status 0
    expect_quiet stderr
    sed -n 's/^  \([a-z]*\( [a-z]*\)\{0,1\}\) .*  .*/\1/p' "$stdout" >"$work/commands"
    [ "$(wc -l <"$work/commands")" -eq 14 ] || fail "$(wc -l <"$work/commands") commands, not 14"
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

# ---- Tasks that take long ----

a_time_limit_ends_the_wait_and_tells_how_to_go_on() {
    local id
    deepomatic infer sandbox-colors "$cat" --timeout 0.3
    expect_failure 1 "to go on waiting: deepomatic tasks wait"
    id=$(sed -n 's/.*deepomatic tasks wait //p' "$stderr")
    deepomatic tasks wait "$id" --timeout 0.3 --json
    expect_status 1
    expect_json "id status data" "$id pending null"
    expect_text stderr "timed out: 1 of 1 tasks are still pending"
    deepomatic tasks get "$id"
    expect_status 0
    expect_line "task $id: pending"
}

# A job of an interactive shell, because others have SIGINT ignored.
interrupt_while_waiting() {
    local questions job tries=0
    ran="$* (interrupted)"
    questions=$(grep -c '"path":"/v0.7/tasks' "$log" || true)
    set -m
    "$@" >"$work/stdout" 2>"$work/stderr" &
    job=$!
    set +m
    until [ "$(grep -c '"path":"/v0.7/tasks' "$log")" -gt "$questions" ]; do
        [ $((tries += 1)) -lt 600 ] || fail "no question about a task was sent"
        sleep 0.05
    done
    kill -INT "$job"
    SECONDS=0
    status=0
    wait "$job" || status=$?
    [ "$SECONDS" -lt 10 ] || fail "it went on for $SECONDS s"
}

control_c_ends_the_wait() {
    interrupt_while_waiting "$program" infer sandbox-colors "$cat" "$photos/coffee.jpg"
    expect_status 130
    expect_quiet stdout
    expect_text stderr "$cat"
    expect_no_text stderr "coffee.jpg"
    interrupt_while_waiting "$program" tasks wait 1
    expect_status 130
    expect_quiet stdout
}

sandbox_start "$sandbox" --request-log "$log" --page-limit 7 --task-delay-ms 30 --files "$photos"
run_tests a_specification_is_created_from_text_and_files a_specification_is_created_without_what_is_optional \
    a_specification_is_shown json_may_be_said_before_and_after_the_command each_field_is_updated_alone \
    without_a_version_it_cannot_recognise the_first_version_becomes_the_current_one \
    the_current_version_is_changed_and_cleared versions_are_listed_and_shown \
    an_image_is_recognised_as_a_table images_are_recognised_as_lines_of_json discarded_labels_are_shown_on_request \
    predictions_can_be_limited a_part_of_the_image_can_be_looked_at an_image_may_come_in_any_form boxes_are_shown \
    submitted_images_can_be_waited_for a_task_without_data_is_shown an_unknown_task_does_not_hide_the_others \
    a_missing_file_does_not_hide_the_others what_is_no_image_fails_with_the_servers_words \
    a_list_goes_through_all_pages one_page_is_listed_on_request public_specifications_are_listed \
    an_empty_list_is_nothing control_characters_do_not_reach_the_terminal \
    delete_without_a_terminal_wants_yes delete_asks_on_a_terminal what_is_deleted_is_gone \
    the_account_is_shown credentials_fail_with_the_servers_words what_no_other_image_would_mend_ends_it \
    what_is_sent_is_said_if_that_is_asked_for a_warning_is_said_in_any_case the_servers_words_are_said \
    wrong_usage_is_status_2_and_sends_nothing wrong_json_is_status_2_and_sends_nothing \
    output_that_cannot_be_written_is_a_failure a_reader_that_goes_away_ends_it_with_a_message help_is_everywhere
sandbox_stop

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 3600000
run_tests a_time_limit_ends_the_wait_and_tells_how_to_go_on control_c_ends_the_wait
