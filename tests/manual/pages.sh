#!/usr/bin/env bash
# The manual pages: each function, type and command has a page, which is complete and valid roff.
#
#     tests/manual/pages.sh FOLDER DEEPOMATIC-PROGRAM SANDBOX-PROGRAM
set -euo pipefail
pages=$1
deepomatic=$2
sandbox=$3
here=$(cd "$(dirname "$0")" && pwd)
header=$here/../../include/deepomatic.h

. "$here/../support/assert.sh"
trap 'rm -rf "$work"' EXIT

command -v mandoc >/dev/null || { echo "mandoc is missing: apt-get install mandoc" >&2; exit 1; }

functions=$(grep -o '^DM_API .*' "$header" | grep -o 'dm_[a-z0-9_]*(' | tr -d '(' | sort -u)
types=$(sed -n 's/^typedef \(struct \|enum \|void (\*\)\(dm_[a-z_]*\).*/\2/p' "$header" | sort -u)
commands=$("$deepomatic" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\( [a-z]\+\)\?\) .*/\1/p')

# open_page PAGE: sets $text to the page's text without formatting, on one line.
open_page() {
    page=$1
    [ -s "$pages/$page" ] || fail "expected a page $page"
    mandoc -Tascii -Owidth=1000 "$pages/$page" | sed 's/.\x08//g' | tr -s ' \n' ' ' >"$work/page"
    text=$(<"$work/page")
}

# has TEXT: the page that was opened last must contain the text, regardless of line breaks.
has() {
    [[ $text == *"$1"* ]] || fail "expected in $page: $1"
}

# has_summary NAME
has_summary() {
    [[ $text =~ "NAME $1 - "[^\ ]+" " ]] || fail "expected a summary in $page"
}

every_function_has_a_page() {
    local name
    [ "$(wc -l <<<"$functions")" -ge 40 ] || fail "the header's functions were not found"
    for name in $functions; do
        open_page "$name.3"
        for part in NAME SYNOPSIS DESCRIPTION "RETURN VALUE" "SEE ALSO" "#include <deepomatic.h>" "libdeepomatic(3)"; do
            has "$part"
        done
        has_summary "$name"
        [[ $text =~ [\ *]"$name(" ]] || fail "expected a prototype in $page"
    done
}

every_type_has_a_page() {
    local name
    [ "$(wc -l <<<"$types")" -ge 25 ] || fail "the header's types were not found"
    for name in $types; do
        open_page "$name.3"
        has_summary "$name"
    done
}

nothing_else_has_a_page() {
    local expected
    # shellcheck disable=SC2086 # lists of words
    expected=$(printf '%s.3\n' libdeepomatic $functions $types
        printf 'deepomatic%s.1\n' "" -sandbox
        sed 's/ /-/; s/^/deepomatic-/; s/$/.1/' <<<"$commands")
    run diff <(sort <<<"$expected") <(cd "$pages" && find . -type f | sed 's/^..//' | sort)
    expect_quiet stdout
}

a_page_contains_the_text_of_the_header() {
    open_page dm_spec_infer.3
    has "dm_status dm_spec_infer(dm_client *client, dm_spec_id id,"
    has "submits the inputs, waits for the task, and returns its predictions"
    has "Several images are several inferences: make one call for each image."
    has "DM_ERR_NOT_FOUND (there is no such specification; or, if error->task_id is set, the service has lost the task"
    has "DM_ERR_TASK_FAILED"
    has "DM_ERR_RATE_LIMITED"
    has "int64_t max_predictions"
    has "maximum number of predicted, and of discarded, labels"
    has "dm_spec_submit(3)"
    has '"inference output"'
    open_page dm_spec_iter_next.3
    has "DM_OK, DM_DONE (not an error: there are no more items, pages or results), or one of the errors below"
    has "DM_ERR_SERVER"
    open_page dm_task_wait_all.3
    has "ERRORS The common ones. DM_ERR_TIMEOUT and DM_ERR_RATE_LIMITED are returned only if no poll succeeded."
    open_page dm_error.3
    has "bool outcome_unknown"
    has "False if an upload was cut before its last byte"
    open_page dm_client_options.3
    has "connect_timeout_ms"
    has "PEM file of its private key; requires client_certificate"
    open_page libdeepomatic.3
    has "The struct path is the JSON path."
    has "A create is retried only if the service certainly did not carry it out."
}

# command_page NAME COMMAND...: the page must contain each word of the help, and an item for each option.
command_page() {
    local name=$1 word
    shift
    open_page "$name.1"
    text=${text,,}
    for word in $("$@" --help | grep -v '^[Uu]sage' | tr -s ' ' '\n' | sort -u); do
        word=${word,,}
        has "${word%[:.]}"
    done
    for word in $("$@" --help | grep -o '^  --[a-z0-9-]*' | sort -u); do
        grep -qE "^.fB${word//-/.-}( [^ ]*)?.fP\$" "$pages/$page" || grep -q "^.fB${word//-/.-} .(aq" "$pages/$page" ||
            fail "expected an item for $word in $page"
    done
}

every_command_has_a_page_with_the_text_of_its_help() {
    local command
    set -f
    [ "$(wc -l <<<"$commands")" -ge 14 ] || fail "the commands were not found"
    command_page deepomatic "$deepomatic"
    command_page deepomatic-sandbox "$sandbox"
    while read -r command; do
        # shellcheck disable=SC2086 # a command of several words
        command_page "deepomatic-${command/ /-}" "$deepomatic" $command
    done <<<"$commands"
    set +f
}

mandoc_reports_no_mistakes() {
    run mandoc -Tlint -Wwarning "$pages"/*
    expect_quiet stdout
    expect_status 0
}

run_tests every_function_has_a_page every_type_has_a_page nothing_else_has_a_page a_page_contains_the_text_of_the_header \
    every_command_has_a_page_with_the_text_of_its_help mandoc_reports_no_mistakes
