#!/usr/bin/env bash
# The library with real TLS servers and real proxies: nginx, openssl s_server, tinyproxy. All servers are on 127.0.0.1.
#
#     tests/tls/run.sh SANDBOX-PROGRAM TEST-PROGRAM...
#
# TEST_RUNNER in the environment is a command prefix for the test programs, such as "valgrind --error-exitcode=1".
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
sandbox=$(realpath "$1")
shift
PATH=$PATH:/usr/sbin:/sbin

. "$here/../debian.sh"
. "$here/servers.sh"

api_key=k3y-THAT-stays-home-0123456789 # SCENE_KEY of tests/support/scene.h

stop_all() {
    if [ -s "$folder/killable.pid" ]; then
        kill -KILL -- "-$(cat "$folder/killable.pid")" 2>/dev/null || true
    fi
    servers_stop
    rm -rf "$folder"
}

# ---- The control client: shows that failures of the library are not failures of the servers ----

# reached NAME CURL-OPTION...: curl must get an answer with these lenient options.
reached() {
    local name=$1 status
    shift
    status=$(curl --silent --show-error --noproxy '*' --max-time 30 --output /dev/null --write-out '%{http_code}' "$@" \
        "https://localhost:$(port_of "$name")/control" || true)
    [ "$status" != 000 ] || { echo "the control client cannot connect to the server $name" >&2; return 1; }
    echo "control: $name answers HTTP $status to curl $*"
}

reach_all() {
    local name as_client=(--cacert ca.pem --cert client.pem --key client.key)
    for name in good h2 tls12 tls13; do
        reached "$name" --cacert ca.pem
    done
    for name in wrong_host expired not_yet unknown_ca self_signed; do
        reached "$name" --insecure
    done
    reached unknown_ca --cacert other_ca.pem
    reached self_signed --cacert self_signed.pem
    reached client_certificate "${as_client[@]}"
    reached alert_tls1_2 "${as_client[@]}"
    reached alert_tls1_3 "${as_client[@]}"
    OPENSSL_CONF=anything.cnf reached tls11 --cacert ca.pem --tlsv1.0 --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0
    openssl s_client -connect "localhost:$(port_of tls11)" -tls1_1 -cipher DEFAULT@SECLEVEL=0 -CAfile ca.pem \
        </dev/null 2>&1 | grep -q 'Protocol  *: TLSv1.1' || { echo "the server tls11 does not accept TLS 1.1" >&2; return 1; }
}

# shellcheck disable=SC2086,SC2154 # a list of words
need_servers $tls_packages
folder=$(mktemp -d "${TMPDIR:-/tmp}/deepomatic-tls-XXXXXX")
trap stop_all EXIT
programs=()
for program; do
    programs+=("$(realpath "$program")")
done
servers_start "$folder" "$sandbox" "$api_key"
reach_all

# The system's configuration allows old protocols and weak ciphers, so that only the library can reject them.
export TLS_FOLDER=$folder OPENSSL_CONF=$folder/anything.cnf
for program in "${programs[@]}"; do
    # shellcheck disable=SC2086 # a list of words
    ${TEST_RUNNER-} "$program" || failed="${failed-} $program"
done
[ -z "${failed-}" ] || { echo "Failed:$failed" >&2; exit 1; }
