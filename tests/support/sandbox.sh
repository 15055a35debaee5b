# shellcheck shell=bash
# Sourced by shell tests: the sandbox server as a child process, and the environment that leads to it.

# sandbox_start PROGRAM [OPTION...]: on a free port. End it with sandbox_stop.
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
