#!/usr/bin/env bash
# Host names some of whose addresses drop every packet, in a separate network namespace with its own hosts file:
#
#     192.0.2.0/24      drops every packet
#     198.51.100.2      answers: nginx on ports 8080 (HTTP) and 8443 (TLS), tinyproxy on 3128, microsocks on 1080
#     198.51.100.3      refuses connections
#
#     tests/gateways/dead_address.sh TEST-PROGRAM
#
# If the machine does not allow such a namespace, prints the reason and exits with 77, which CTest reports as skipped.
# TEST_RUNNER in the environment is a command prefix for the test program.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin

. "$here/../debian.sh"
. "$here/../tls/servers.sh"

skip() {
    echo "Skipped: $*"
    exit 77
}

# ---- Outside the namespace ----

enter_own_network() {
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(--map-root-user)
    [ -f /etc/hosts ] || skip "there is no /etc/hosts, over which a hosts file of the test's own could be mounted."
    unshare "${as_root[@]}" --net --mount true 2>/dev/null || skip "this machine does not allow network namespaces."
    unshare "${as_root[@]}" --net --mount --kill-child "$0" --inside "$folder" "$1"
}

# ---- Inside the namespace ----

# A device that drops all packets: a dummy device, or one end of a veth pair whose other end is unused.
add_silent_device() {
    ip link add silent type dummy 2>/dev/null && return 0
    ip link add silent type veth peer name void 2>/dev/null || return 1
    ip link set void up
    ip link set silent arp off
}

# glibc sorts addresses by their common prefix with the source address. A single source address keeps the order of the
# hosts file.
set_up_network() {
    ip link set lo up
    add_silent_device || skip "this machine has neither dummy nor veth devices."
    ip address add 203.0.113.1/32 dev silent
    ip link set silent up
    ip route add 192.0.2.0/24 dev silent
    ip route add local 198.51.100.0/24 dev lo src 203.0.113.1
}

# The resolver gives the addresses of a name in this order.
set_up_names() {
    cat >hosts <<'END'
127.0.0.1 localhost
192.0.2.1 dead-first.test
198.51.100.2 dead-first.test
192.0.2.1 two-dead-first.test
192.0.2.2 two-dead-first.test
198.51.100.2 two-dead-first.test
198.51.100.3 refused-first.test
198.51.100.2 refused-first.test
198.51.100.3 refused-and-dead-first.test
192.0.2.1 refused-and-dead-first.test
198.51.100.2 refused-and-dead-first.test
198.51.100.2 live.test
END
    mount --bind hosts /etc/hosts || skip "this machine does not allow to mount a hosts file."
}

make_certificate_for_names() {
    write_openssl_settings
    make_authority ca
    make_certificate good ca "DNS:live.test, DNS:dead-first.test"
}

write_service_settings() {
    write_nginx_head service
    cat <<END
    log_format service '\$request_method \$uri \$status';
    access_log $PWD/service.log service;
    server {
        listen 198.51.100.2:8080;
        listen 198.51.100.2:8443 ssl;
        default_type application/json;
        location ~ /v0.7/accounts/me\$ { return 200 '{"id":7,"name":"me"}'; }
        location ~ /v0.7/recognition/specs\$ { return 201 '{"id":42,"name":"s","outputs":[]}'; }
    }
}
END
}

start_servers() {
    write_service_settings >service.conf
    nginx -e "$PWD/service.error.log" -c "$PWD/service.conf" >service.out 2>&1 &
    printf 'Listen 198.51.100.2\nPort 3128\nTimeout 60\nLogFile "%s"\n' "$PWD/proxy.log" >proxy.conf
    tinyproxy -d -c proxy.conf >proxy.out 2>&1 &
    microsocks -i 198.51.100.2 -p 1080 >socks.out 2>&1 &
}

await_servers() {
    local port tries
    for port in 8080 8443 3128 1080; do
        for ((tries = 0; tries < 200; tries++)); do
            (exec 3<>"/dev/tcp/198.51.100.2/$port") 2>/dev/null && continue 2
            sleep 0.05
        done
        echo "No server listens on port $port:" >&2
        tail -n 5 ./*.out ./*.error.log >&2
        return 1
    done
}

run_inside() {
    cd "$1"
    set_up_network
    set_up_names
    make_certificate_for_names
    start_servers
    trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
    await_servers
    # shellcheck disable=SC2086 # a list of words
    TLS_FOLDER=$PWD ${TEST_RUNNER-} "$2"
}

if [ "$1" = --inside ]; then
    run_inside "$2" "$3"
    exit
fi
# shellcheck disable=SC2086,SC2154 # a list of words
need_servers $gateway_packages
folder=$(mktemp -d "${TMPDIR:-/tmp}/deepomatic-dead-address-XXXXXX")
trap 'rm -rf "$folder"' EXIT
enter_own_network "$(realpath "$1")"
