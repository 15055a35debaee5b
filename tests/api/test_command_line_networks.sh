#!/usr/bin/env bash
# Networks: uploaded with progress, deployed, listed, shown, updated and deleted.
set -euo pipefail
. "$(dirname "$0")/command_line.sh"

model=$api_tests/../../examples/colours
preprocessing=$(tr -d ' \n' <"$model/preprocessing.json")

create() {
    deepomatic networks create --name Colours --framework tensorflow-1.x --preprocessing "@$model/preprocessing.json" "$@"
}

# expect_part NAME FILE: the last request must contain the file in the part NAME.
expect_part() {
    local digest
    digest=$(sha256sum <"$2")
    expect_request "{\"name\":\"$1\",\"filename\":\"$1\",\"content_type\":null,\"length\":$(wc -c <"$2"),\"sha256\":\"${digest%% *}\""
}

# ---- The life of a network; each test continues where the previous one ended ----

a_network_is_created_from_files() {
    create --description "Three of them" --metadata '{"n":1.0}' "$model"/saved_model.pbtxt "$model"/variables.* --json
    expect_status 0
    expect_quiet stderr
    expect_json "id name description framework task_id" "1 Colours Three of them tensorflow-1.x 1"
    expect_text stdout "\"preprocessing\":$preprocessing"
    expect_part saved_model.pbtxt "$model/saved_model.pbtxt"
    expect_part variables.index "$model/variables.index"
    expect_part variables.data-00000-of-00001 "$model/variables.data-00000-of-00001"
    expect_request '{"name":"metadata","filename":null,"content_type":null,"length":9,'
}

a_file_may_have_another_name() {
    cp "$model/saved_model.pbtxt" "$work/a=b"
    (cd "$work" && create "saved_model.pb=a=b" "./a=b" variables.index="$work/a=b") || true
    expect_status 0
    expect_part saved_model.pb "$work/a=b"
    expect_part variables.index "$work/a=b"
    expect_request '{"name":"a=b","filename":"a=b"'
    expect_line_like '^id +2$'
    expect_line_like '^framework +tensorflow-1.x$'
    expect_line_like '^task_id +2$'
}

a_deployment_is_waited_for() {
    create --wait "$model/saved_model.pbtxt" --json
    expect_status 0
    expect_quiet stderr
    expect_json "id task_id" "3 3"
    grep -q '"path":"/v0.7/tasks/3"' "$log" || fail "the task was not polled"
}

a_failed_deployment_is_reported_as_such() {
    create --wait "$model/variables.index" --json
    expect_status 1
    expect_json "id task_id" "4 4"
    expect_text stderr "the deployment failed (task 4): A TensorFlow model needs a file saved_model.pb"
}

progress_is_shown_on_request() {
    create --progress --wait "$model/saved_model.pbtxt"
    expect_status 0
    expect_text stderr "[####################] 100 % of 0.0 MB"
    create --progress --no-progress "$model/saved_model.pbtxt"
    expect_quiet stderr
}

networks_are_listed_and_shown() {
    deepomatic networks list
    expect_line_like '^ID +NAME +FRAMEWORK +UPDATED$'
    expect_line_like '^1 +Colours +tensorflow-1.x +20'
    expect_line_count 7
    deepomatic networks list --limit 1 --offset 1 --json
    expect_json "id name preprocessing" "2 Colours -"
    deepomatic networks list --public --json
    expect_json "id" sandbox-tensorflow sandbox-caffe
    deepomatic networks get 1
    expect_line_like '^description +Three of them$'
    expect_text stdout "$preprocessing"
    deepomatic networks get sandbox-caffe --json
    expect_json "id framework task_id" "sandbox-caffe nv-caffe-0.x-mod -"
    deepomatic networks get sandbox-caffe
    expect_line_like '^id +sandbox-caffe$'
    deepomatic networks list --public
    expect_line_like '^sandbox-caffe +A Caffe network'
}

a_network_is_updated() {
    deepomatic networks update 1 --name "" --json
    expect_failure 1 "name: This field may not be blank."
    deepomatic networks update 1 --name New --metadata '{}' --json
    expect_request '"body":"{\"name\":\"New\",\"metadata\":{}}"'
    expect_json "id name description" "1 New Three of them"
}

a_network_is_deleted_with_its_versions() {
    deepomatic specs create --name Colours --outputs "@$model/outputs.json"
    deepomatic versions create --spec 1 --network 1 --post-processings "@$model/post_processings.json" --json
    expect_json "id network_name" "1 New"
    deepomatic infer 1 "$cat" --json
    expect_json "outputs.0.labels.predicted.0.label_name" brown
    deepomatic networks delete 1 --yes
    expect_status 0
    deepomatic versions list --json
    expect_quiet stdout
    deepomatic networks delete 1 --yes
    expect_failure 1 "Not found."
    deepomatic networks delete 2 </dev/null
    expect_failure 2 "--yes"
}

# ---- Invalid arguments ----

the_fault_of_a_file_is_reported() {
    create "$work/no-such-file"
    expect_failure 1 "No such file"
    create "$model"
    expect_failure 1 "it is a directory"
    create "a=$cat" "a=$cat"
    expect_failure 2 "have the same name: \"a\""
    create "=$cat"
    expect_failure 2 "files[0].name is empty"
}

missing_arguments_are_named() {
    create
    expect_failure 2 "missing argument: expected [NAME=]FILE..."
    deepomatic networks create --name n --preprocessing '{}' "$cat"
    expect_failure 2 "missing option: --framework"
    deepomatic networks create --name n --framework f --preprocessing '{' "$cat"
    expect_failure 2 "--preprocessing is not valid JSON"
    deepomatic networks get ""
    expect_failure 2 "is not a network"
    deepomatic networks update public:n --name n
    expect_failure 2 "is not the id of one of your own networks"
}

# ---- Help ----

# example_of COMMAND: the JSON text between single quotes in the example of its help.
example_of() {
    deepomatic "$@" --help
    sed -n "/^Example/,\$p" "$stdout" | tr '\n' ' ' | sed "s/[^']*'\([^']*\)'.*/\1/"
}

the_examples_in_the_help_are_accepted() {
    local example
    example=$(example_of networks create)
    expect_text stdout "inputs[].image.resize_type"
    deepomatic networks create --name Example --framework tensorflow-1.x --preprocessing "$example" \
        "$model/saved_model.pbtxt" --wait --json
    expect_status 0
    expect_json "id" 7
    example=$(example_of specs create)
    deepomatic specs create --name Example --outputs "$example" --json
    expect_status 0
    expect_json "id outputs" "2 [2]"
    example=$(example_of versions create)
    deepomatic versions create --spec 2 --network 7 --post-processings "$example" --json
    expect_status 0
    expect_json "spec_id post_processings" "2 [2]"
}

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 30
run_tests a_network_is_created_from_files a_file_may_have_another_name a_deployment_is_waited_for \
    a_failed_deployment_is_reported_as_such progress_is_shown_on_request networks_are_listed_and_shown \
    a_network_is_updated a_network_is_deleted_with_its_versions the_fault_of_a_file_is_reported \
    missing_arguments_are_named the_examples_in_the_help_are_accepted
