#!/usr/bin/env bash
# The bash completion offers exactly the existing commands and options.
#
#     tests/manual/completion.sh DEEPOMATIC-PROGRAM SANDBOX-PROGRAM
set -euo pipefail
deepomatic=$1
sandbox=$2
here=$(cd "$(dirname "$0")" && pwd)

. "$here/../support/assert.sh"
trap 'rm -rf "$work"' EXIT
. "$here/../../src/packaging/completion.bash"

# offers EXPECTED WORD...: compares the completions of the last word. The first word is the program.
offers() {
    local expected=$1
    shift
    ran="$*"
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _deepomatic "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    printf '%s\n' "${COMPREPLY[@]}" >"$stdout"
    : >"$stderr"
    expect_equal "$(tr '\n' ' ' <"$stdout")" "$(tr -s ' \n' '\n' <<<"$expected" | sort -u | tr '\n' ' ')"
}

options_of() {
    "$@" --help | grep -o '^  --[a-z0-9-]*' | tr -d ' '
}

commands=$("$deepomatic" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\( [a-z]\+\)\?\) .*/\1/p')

the_first_word_is_a_command_or_a_group() {
    offers "$(sed 's/ .*//' <<<"$commands")" "$deepomatic" ""
    offers "specs" "$deepomatic" "sp"
}

the_second_word_is_one_of_the_group() {
    local group
    for group in $(sed -n 's/ .*//p' <<<"$commands" | sort | uniq -d); do
        offers "$(sed -n "s/^$group //p" <<<"$commands")" "$deepomatic" "$group" ""
    done
    offers "update" "$deepomatic" specs up
}

each_command_offers_its_options() {
    local command
    while read -r command; do
        # shellcheck disable=SC2086 # a command of several words
        offers "$(options_of "$deepomatic" $command)" "$deepomatic" $command --
    done <<<"$commands"
    offers "--public" "$deepomatic" specs list --pub
    offers "--json" "$deepomatic" infer 42 photo.jpg --js
    offers "$(options_of "$sandbox")" "$sandbox" --
    offers "--task-delay-ms" "$sandbox" --port 0 --task
}

operands_and_values_are_left_to_bash() {
    offers "" "$deepomatic" infer ""
    offers "" "$deepomatic" infer --ca-file ""
    offers "" "$deepomatic" specs create --outputs ""
    offers "" "$sandbox" --request-log ""
}

run_tests the_first_word_is_a_command_or_a_group the_second_word_is_one_of_the_group each_command_offers_its_options \
    operands_and_values_are_left_to_bash
