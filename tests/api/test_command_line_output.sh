#!/usr/bin/env bash
# The output for many images: reports, tables, thresholds and progress.
set -euo pipefail
. "$(dirname "$0")/command_line.sh"

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
    [ "$(grep -c '^<figure' "$work/report.html")" -eq 1 ] || fail "expected 1 figure in the report, got $(grep -c '^<figure' "$work/report.html")"
}

a_report_is_not_the_output() {
    status=0
    "$program" infer sandbox-colors "$cat" --json --report "$work/both" >"$work/both" 2>"$stderr" || status=$?
    expect_status 1
    expect_text stderr "--report: $work/both: this is also the output"
    cp /dev/null "$stdout"
    cmp "$stdout" "$work/both" || fail "the output was changed"
}

labels_are_printed_as_csv() {
    deepomatic infer sandbox-colors "$cat" "$work/missing, \"it\".jpg" --csv
    expect_status 1
    expect_line "image,output,state,label_id,label_name,score,threshold,region_id,xmin,ymin,xmax,ymax,error"
    expect_line_like "^\"$cat\",0,predicted,[0-9]+,\"brown\",0\\.69[0-9]+,0\\.025,,,,,,\$"
    expect_line "\"$work/missing, \"\"it\"\".jpg\",,,,,,,,,,,,\"No such file or directory\""
    deepomatic infer sandbox-regions "$cat" --csv --show-discarded
    expect_line_like ",predicted,[0-9]+,\"[a-z]+\",[0-9.]+,[0-9.]+,[0-9]+,[0-9.]+,[0-9.]+,[0-9.]+,[0-9.]+,\$"
    expect_line_like ",discarded,"
    awk -F, 'NF != 13 { exit 1 }' "$stdout" || fail "expected 13 cells in each row"
}

# scores STATE: of the labels in that list, in order.
scores() {
    "$json_lines" "outputs.0.labels.$1.0.score" "outputs.0.labels.$1.1.score" "outputs.0.labels.$1" <"$stdout"
}

a_threshold_replaces_those_of_the_labels() {
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

the_options_of_an_image_are_sent() {
    deepomatic infer sandbox-colors "$cat" --polygon 0,0,1,0,0.5,0.75 --crop-uniform-background --json
    expect_status 0
    expect_request 'polygon'
    expect_request 'crop_uniform_background'
    expect_request '0.75'
}

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
    ! grep -qF $'\033' "$work/terminal" || fail "unexpected escape sequence: $(cat "$work/terminal")"
    script -qec "$program infer sandbox-colors $cat $work/missing.jpg" "$work/typescript" </dev/null >"$work/terminal" ||
        true
    grep -q "missing.jpg: No such file or directory" "$work/terminal" || fail "$(cat "$work/terminal")"
}

# on_terminal COLUMNS ARGUMENTS...: runs it on a terminal of this width.
on_terminal() {
    script -qec "stty cols $1; $program ${*:2} >$stdout" "$work/typescript" </dev/null >"$work/terminal" || true
}

# Of a long line, a narrow terminal would only show the beginning.
progress_fits_a_narrow_terminal() {
    local -x TERM=xterm
    on_terminal 20 infer sandbox-colors "$work/many" "$work/missing.jpg" --json --unordered
    grep -qF $'\r61 of 61, 1 failed\033[K' "$work/terminal" || fail "$(cat "$work/terminal")"
    on_terminal 20 networks create --name x --framework tensorflow-1.x "$cat" --preprocessing "'{\"inputs\": []}'"
    grep -qE $'\r100 % of 0\\.[0-9] MB' "$work/terminal" || fail "$(cat "$work/terminal")"
}

sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 0
make_many
run_tests a_report_overwrites_only_an_earlier_report a_report_is_not_the_output labels_are_printed_as_csv \
    a_threshold_replaces_those_of_the_labels the_options_of_an_image_are_sent \
    no_progress_is_shown_without_a_terminal progress_is_shown_on_a_terminal progress_fits_a_narrow_terminal
