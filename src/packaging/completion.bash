# shellcheck shell=bash
# Completion of the command lines of deepomatic and deepomatic-sandbox for bash. It asks the programs' own --help, so it
# offers just what they take.

# _deepomatic_commands PROGRAM: the names of its commands, one per line, such as "specs list".
_deepomatic_commands() {
    "$1" --help 2>/dev/null | awk '
        /^[A-Z].*:$/ { listed = $0 == "Commands:" }
        listed && /^  [a-z]/ {
            name = $1
            for (i = 2; $i ~ /^[a-z-]+$/; i++)
                name = name " " $i
            print name
        }'
}

# _deepomatic_command COMMANDS WORD...: which of the commands the words begin with, or the first half of one.
_deepomatic_command() {
    local commands=$1 command= word
    shift
    for word; do
        if grep -qE -e "^${command:+$command }$word( |\$)" <<<"$commands"; then
            command+=${command:+ }$word
        fi
    done 2>/dev/null
    echo "$command"
}

_deepomatic() {
    local program=$1 word=$2 previous=$3 commands command options
    commands=$(_deepomatic_commands "$program")
    command=$(_deepomatic_command "$commands" "${COMP_WORDS[@]:1:COMP_CWORD-1}")
    # shellcheck disable=SC2086 # a command of several words
    options=$("$program" $command --help 2>/dev/null | grep '^  --' || true)
    COMPREPLY=()
    if [[ $previous == --* ]] && grep -qe "^  $previous [^ ]" <<<"$options"; then
        return # the value of an option: bash completes names of files
    elif [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(grep -o -e '^  --[a-z0-9-]*' <<<"$options") --help" -- "$word" | sort -u)
    elif ! grep -qx -e "$command" <<<"$commands"; then
        mapfile -t COMPREPLY < <(compgen -W "$(grep -e "^$command" <<<"$commands" | cut -c "$((${#command} + 1))-" |
            awk '{ print $1 }')" -- "$word" | sort -u)
    fi
}

complete -o default -F _deepomatic deepomatic deepomatic-sandbox
