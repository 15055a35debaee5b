# shellcheck shell=bash
# Sourced by shell tests: runs programs and looks at what they say. Makes the folder $work, which the script removes.

work=$(mktemp -d)
stdout=$work/stdout
stderr=$work/stderr
status=0
ran=
test_name=
tests_run=0

# fail MESSAGE: ends the test program, with all that is known.
fail() {
    echo "FAILED: $test_name: $*" >&2
    if [ -n "$ran" ]; then
        echo "after: $ran (status $status)" >&2
        sed 's/^/stdout: /' "$stdout" >&2
        sed 's/^/stderr: /' "$stderr" >&2
    fi
    exit 1
}

# run COMMAND...: its output is in the files $stdout and $stderr, its status in $status.
run() {
    ran=$*
    status=0
    "$@" >"$stdout" 2>"$stderr" || status=$?
}

expect_status() {
    [ "$status" -eq "$1" ] || fail "the status is $status, not $1"
}

# expect_line TEXT: standard output has this very line.
expect_line() {
    grep -qxF -e "$1" "$stdout" || fail "no such line: $1"
}

# expect_line_like REGEX: standard output has a line that matches it.
expect_line_like() {
    grep -qE -e "$1" "$stdout" || fail "no line like: $1"
}

# expect_text stdout|stderr TEXT: it holds this text.
expect_text() {
    grep -qF -e "$2" "$work/$1" || fail "$1 does not hold: $2"
}

expect_no_text() {
    ! grep -qF -e "$2" "$work/$1" || fail "$1 holds: $2"
}

expect_line_count() {
    [ "$(wc -l <"$stdout")" -eq "$1" ] || fail "$(wc -l <"$stdout") lines, not $1"
}

# other_lines FILE: without the warning that every command prints if libcurl looks names up without a thread.
other_lines() {
    grep -avF 'libcurl is built without an asynchronous resolver' "$1" || true
}

# expect_quiet stdout|stderr: nothing was said there.
expect_quiet() {
    ! other_lines "$work/$1" | grep -aq '' || fail "$1 is not empty"
}

# expect_equal ACTUAL EXPECTED
expect_equal() {
    [ "$1" = "$2" ] || fail "'$1' is not '$2'"
}

# run_tests FUNCTION...: their names say what they show.
run_tests() {
    for test_name; do
        "$test_name"
        echo "ok: $test_name"
        tests_run=$((tests_run + 1))
    done
    [ "$tests_run" -gt 0 ] && echo "$tests_run tests passed"
}
