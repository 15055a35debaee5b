# shellcheck shell=bash
# Sourced by shell tests: starts the sandbox as a child process, and sets the environment variables to use it.

# sandbox_start PROGRAM [OPTION...]: starts it on a free port; sandbox_stop stops it.
sandbox_start() {
    local program=$1 line
    shift
    coproc SANDBOX { exec "$program" --port 0 "$@"; }
    read -r line <&"${SANDBOX[0]}"
    unset DEEPOMATIC_APP_ID DEEPOMATIC_API_VERIFY_TLS http_proxy all_proxy ALL_PROXY
    export DEEPOMATIC_API_URL=${line#listening on } DEEPOMATIC_API_KEY=sandbox
}

sandbox_stop() {
    [ -n "${SANDBOX_PID:-}" ] || return 0
    kill "$SANDBOX_PID"
    wait "$SANDBOX_PID" || echo "the sandbox ended with status $?" >&2
}
