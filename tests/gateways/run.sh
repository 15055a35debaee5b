#!/usr/bin/env bash
# The library behind real gateways: HAProxy, nginx and Caddy. All servers are on 127.0.0.1.
#
#     tests/gateways/run.sh TEST-PROGRAM...
#
# TEST_RUNNER in the environment is a command prefix for the test programs, such as "valgrind --error-exitcode=1".
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin

. "$here/../debian.sh"
. "$here/gateways.sh"

stop_all() {
    servers_stop
    rm -rf "$folder"
}

# shellcheck disable=SC2086,SC2154 # a list of words
need_servers $gateway_packages
folder=$(mktemp -d "${TMPDIR:-/tmp}/deepomatic-gateways-XXXXXX")
trap stop_all EXIT
programs=()
for program; do
    programs+=("$(realpath "$program")")
done
gateways_start "$folder"

export TLS_FOLDER=$folder # tests/tls/servers.c reads it
for program in "${programs[@]}"; do
    # shellcheck disable=SC2086 # a list of words
    ${TEST_RUNNER-} "$program" || failed="${failed-} $program"
done
[ -z "${failed-}" ] || { echo "Failed:$failed" >&2; exit 1; }
