# shellcheck shell=bash
# Sourced by shell tests: runs programs and checks their output. Creates the folder $work, which the script removes.

work=$(mktemp -d)
stdout=$work/stdout
stderr=$work/stderr
status=0
ran=
test_name=
tests_run=0

# fail MESSAGE: prints the message and the output of the last program, and ends the test.
fail() {
    echo "FAILED: $test_name: $*" >&2
    if [ -n "$ran" ]; then
        echo "after: $ran (status $status)" >&2
        sed 's/^/stdout: /' "$stdout" >&2
        sed 's/^/stderr: /' "$stderr" >&2
    fi
    exit 1
}

# run COMMAND...: writes the output to the files $stdout and $stderr, and sets $status.
run() {
    ran=$*
    status=0
    "$@" >"$stdout" 2>"$stderr" || status=$?
}

expect_status() {
    [ "$status" -eq "$1" ] || fail "expected status $1, got $status"
}

# expect_line TEXT: standard output has exactly this line.
expect_line() {
    grep -qxF -e "$1" "$stdout" || fail "expected this line in standard output: $1"
}

# expect_line_like REGEX: standard output has a line that matches the expression.
expect_line_like() {
    grep -qE -e "$1" "$stdout" || fail "expected a line that matches: $1"
}

# expect_text stdout|stderr TEXT: the output contains the text.
expect_text() {
    grep -qF -e "$2" "$work/$1" || fail "expected in $1: $2"
}

expect_no_text() {
    ! grep -qF -e "$2" "$work/$1" || fail "unexpected in $1: $2"
}

expect_line_count() {
    [ "$(wc -l <"$stdout")" -eq "$1" ] || fail "expected $1 lines, got $(wc -l <"$stdout")"
}

# other_lines FILE: prints the file without the warning that every command prints if libcurl has no threaded resolver.
other_lines() {
    grep -avF 'libcurl is built without an asynchronous resolver' "$1" || true
}

# expect_quiet stdout|stderr: the output is empty.
expect_quiet() {
    ! other_lines "$work/$1" | grep -aq '' || fail "expected no output on $1"
}

# expect_equal ACTUAL EXPECTED
expect_equal() {
    [ "$1" = "$2" ] || fail "expected '$2', got '$1'"
}

# run_tests FUNCTION...: runs the functions; each name states the tested behaviour.
run_tests() {
    for test_name; do
        "$test_name"
        echo "ok: $test_name"
        tests_run=$((tests_run + 1))
    done
    [ "$tests_run" -gt 0 ] && echo "$tests_run tests passed"
}
