#!/usr/bin/env bash
# The commands and their output.
set -euo pipefail
. "$(dirname "$0")/command_line.sh"

metadata='{"n":1234567890123456789,"x":0.30000000000000004,"s":"é \"quoted\""}'

# ---- The life of a specification; each test continues where the previous one ended ----

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

json_may_precede_or_follow_the_command() {
    deepomatic --json specs get 1
    cp "$stdout" "$work/before"
    deepomatic specs get 1 --json
    cmp -s "$stdout" "$work/before" || fail "the two outputs differ"
    deepomatic specs --json get 1
    cmp -s "$stdout" "$work/before" || fail "the two outputs differ"
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

each_field_is_updated_separately() {
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

without_a_version_nothing_is_recognised() {
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

a_part_of_the_image_is_recognised() {
    local whole part
    deepomatic infer sandbox-colors "$cat" --json
    whole=$("$json_lines" outputs.0.labels.predicted.0.score <"$stdout")
    deepomatic infer sandbox-colors "$cat" --bbox 0.25,0,0.75,0.5 --json
    expect_status 0
    expect_request '"name":"inputs[0]image.bbox.xmin"'
    part=$("$json_lines" outputs.0.labels.predicted.0.score <"$stdout")
    [ "$part" != "$whole" ] || fail "the part has the same score as the whole image: $part"
}

# same_as_file COMMAND...: the command must print the same scores as for the file.
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

an_image_is_accepted_in_every_form() {
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
    "$json_lines" outputs.0.labels.predicted.0.roi.bbox.xmin <"$stdout" | grep -qE '^[0-9.e-]+$' || fail "expected a bbox"
}

submitted_images_can_be_waited_for() {
    local first second
    deepomatic infer 1 "$cat" "$photos/coffee.jpg" --no-wait
    expect_status 0
    expect_line_count 2
    expect_line_like $'^[0-9]+\t'"$cat\$"
    expect_line_like $'^[0-9]+\t'"$photos/coffee.jpg\$"
    first=$(sed -n 1p "$stdout" | cut -f1)
    second=$(sed -n 2p "$stdout" | cut -f1)
    deepomatic tasks wait "$second" "$first" --json
    expect_status 0
    expect_json "id status error data.outputs.0.labels.predicted.0.label_name" \
        "$second success null brown" "$first success null brown"
    deepomatic tasks get "$first"
    expect_line "task $first:"
    expect_line_like '^ +7 +brown +0\.691'
    deepomatic infer version:1 "$cat" --no-wait --json
    expect_json "image" "$cat"
    "$json_lines" task_id <"$stdout" | grep -qE '^[0-9]+$' || fail "expected a task_id"
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

a_file_that_is_not_an_image_fails_with_the_servers_message() {
    deepomatic infer 1 "$api_tests/test_command_line.sh" "$cat" --json
    expect_status 1
    expect_json "image error.status error.http_status" \
        "$api_tests/test_command_line.sh DM_ERR_TASK_FAILED 200" "$cat - -"
    expect_text stderr "inputs[0].image.source"
    deepomatic infer 1 "$api_tests/test_command_line.sh" --no-wait
    expect_status 0
    deepomatic tasks wait "$(cut -f1 "$stdout")" --json
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
    expect_json "id current_version_id" "sandbox-colors -" "sandbox-regions -" "sandbox-pair -"
    deepomatic --json specs list --public --limit 1
    expect_json "id" "sandbox-colors"
}

an_empty_list_prints_nothing() {
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
    ! grep -q "$(printf '[\001-\010\013-\037]')" "$stdout" || fail "unexpected control character"
}

label_ids_are_exact() {
    deepomatic specs create --name exact --json --outputs '[{"labels":{"roi":"NONE","exclusive":false,"labels":[
        {"id":9223372036854775807,"name":"red"},{"id":-9223372036854775808,"name":"\"1\\2"},
        {"id":9007199254740993,"name":"blue"}]}}]'
    expect_status 0
    expect_text stdout '{"id":9223372036854775807,"name":"red"},{"id":-9223372036854775808,"name":"\"1\\2"},{"id":9007199254740993,'
}

# ---- Deleting ----

delete_without_a_terminal_needs_yes() {
    deepomatic specs delete 2 </dev/null
    expect_failure 2 "--yes"
    deepomatic versions delete 3 </dev/null
    expect_failure 2 "--yes"
    deepomatic specs get 2
    expect_status 0
}

# on_terminal ANSWER COMMAND: runs the command on a pseudo-terminal; the file `terminal` gets its output and prompts.
on_terminal() {
    ran=$2
    status=0
    printf '%s\n' "$1" | script -qec "$2" "$work/typescript" >"$work/terminal" || status=$?
}

delete_asks_on_a_terminal() {
    on_terminal n "$program specs delete 2"
    expect_status 1
    grep -q "Delete specification 2 and all its versions? This cannot be undone" "$work/terminal" || fail "expected a confirmation prompt"
    grep -q "nothing was deleted" "$work/terminal" || fail "expected 'nothing was deleted'"
    on_terminal "" "$program versions delete 3"
    expect_status 1
    deepomatic versions get 3
    expect_status 0
    on_terminal y "$program versions delete 3"
    expect_status 0
    deepomatic versions get 3
    expect_failure 1 "Not found."
}

deleted_resources_are_gone() {
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

# ---- The account and failures ----

the_account_is_shown() {
    deepomatic account
    expect_status 0
    expect_line_like '^name +sandbox$'
    deepomatic --json account
    expect_json "id name" "1 sandbox"
}

wrong_credentials_fail_with_the_servers_message() {
    DEEPOMATIC_API_KEY=sandbox-key deepomatic account
    expect_failure 1 "HTTP 401"
    run env -u DEEPOMATIC_API_KEY "$program" account
    expect_failure 1 "DEEPOMATIC_API_KEY"
    DEEPOMATIC_API_URL=http://127.0.0.1:1 deepomatic account --timeout 2
    expect_failure 1 "127.0.0.1"
}

verbose_prints_each_request() {
    deepomatic account
    expect_quiet stderr
    deepomatic account --verbose
    expect_status 0
    expect_text stderr "deepomatic: GET /v0.7/accounts/me: HTTP 200, "
}

warnings_are_always_printed() {
    DEEPOMATIC_API_VERIFY_TLS=true deepomatic account
    expect_status 0
    expect_text stderr "TLS certificates are not verified"
}

the_servers_message_is_printed() {
    deepomatic specs update 2 --name ""
    expect_failure 1 "This field may not be blank."
    deepomatic versions create --spec 2 --network 1 --post-processings '[]'
    expect_failure 1 "One post-processing for each output of the specification is required."
    deepomatic versions create --spec 4711 --network 1 --post-processings '[]'
    expect_failure 1 'Invalid pk "4711" - object does not exist.'
}

sandbox_start "$sandbox" --networks 20 --request-log "$log" --page-limit 7 --task-delay-ms 30 --files "$photos"
run_tests a_specification_is_created_from_text_and_files a_specification_is_created_without_what_is_optional \
    a_specification_is_shown json_may_precede_or_follow_the_command each_field_is_updated_separately \
    without_a_version_nothing_is_recognised the_first_version_becomes_the_current_one \
    the_current_version_is_changed_and_cleared versions_are_listed_and_shown \
    an_image_is_recognised_as_a_table images_are_recognised_as_lines_of_json discarded_labels_are_shown_on_request \
    predictions_can_be_limited a_part_of_the_image_is_recognised an_image_is_accepted_in_every_form boxes_are_shown \
    submitted_images_can_be_waited_for a_task_without_data_is_shown an_unknown_task_does_not_hide_the_others \
    a_file_that_is_not_an_image_fails_with_the_servers_message \
    a_list_goes_through_all_pages one_page_is_listed_on_request public_specifications_are_listed \
    an_empty_list_prints_nothing label_ids_are_exact control_characters_do_not_reach_the_terminal \
    delete_without_a_terminal_needs_yes delete_asks_on_a_terminal deleted_resources_are_gone \
    the_account_is_shown wrong_credentials_fail_with_the_servers_message \
    verbose_prints_each_request warnings_are_always_printed the_servers_message_is_printed
