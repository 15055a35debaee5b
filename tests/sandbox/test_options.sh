#!/usr/bin/env bash
# The sandbox's command line: test_options.sh SANDBOX
set -euo pipefail
program=$1
. "$(dirname "$0")/../support/assert.sh"
. "$(dirname "$0")/../support/sandbox.sh"
trap 'sandbox_stop; rm -rf "$work"' EXIT

# refused TEXT OPTION...: the sandbox must not start, and its message must contain the text.
refused() {
    local text=$1
    shift
    run timeout 20 "$program" "$@"
    [ "$status" -ne 0 ] && [ "$status" -ne 124 ] || fail "expected an error status, got $status"
    expect_quiet stdout
    expect_text stderr "$text"
}

messages_name_the_option() {
    refused "--port 70000: expected a number from 0 to 65535" --port 70000
    refused "--port x: expected a number" --port x
    refused "--task-delay-ms -1: expected a number" --task-delay-ms -1
    refused "--delay-scatter 101: expected a number from 0 to 100" --delay-scatter 101
    refused "--rate-limit 0: expected a number from 1" --rate-limit 0
    refused "--rate-limit-kind leaky: expected sliding, fixed or bucket" --rate-limit-kind leaky
    refused "--page-limit 0: expected a number from 1" --page-limit 0
    refused "--api-key: the value is empty" --api-key ''
    refused "--files /no/such: not a directory" --files /no/such
    refused "--request-log /no/such: No such file or directory" --request-log /no/such
    refused "unexpected argument 'extra'" extra
    refused "--host 192.0.2.1 --port 0: cannot listen" --host 192.0.2.1
}

a_port_in_use_is_named() {
    sandbox_start "$program"
    refused "--port ${DEEPOMATIC_API_URL##*:}: cannot listen: Address " --port "${DEEPOMATIC_API_URL##*:}"
    sandbox_stop
}

invalid_faults_are_rejected() {
    refused "--fault '': expected METHOD PATH WORD" --fault ''
    refused "--fault 'GET': the path is missing" --fault 'GET'
    refused "'get' is not a method" --fault 'get /x status=500'
    refused "'v0.7/tasks' is not a path" --fault 'GET v0.7/tasks status=500'
    refused "--fault 'GET /x': the fault is missing" --fault 'GET /x'
    refused "the fault is missing" --fault 'GET /x count=3'
    refused "unknown word 'statsu=500': expected status=N" --fault 'GET /x statsu=500'
    refused "unknown word 'stall=1'" --fault 'GET /x stall=1'
    refused "unknown word 'status'" --fault 'GET /x status'
    refused "status=99: expected a number from 200 to 599" --fault 'GET /x status=99'
    refused "count=0: expected a number from 1" --fault 'GET /x status=500 count=0'
    refused "cut=-1: expected a number from 0" --fault 'GET /x cut=-1'
    refused "status is given twice" --fault 'GET /x status=500 status=501'
    refused "retry-after=soon: expected a number of seconds" --fault 'GET /x status=503 retry-after=soon'
    refused "retry-after needs status" --fault 'GET /x retry-after=1 stall'
    refused "cannot be used together" --fault 'GET /x stall reset'
    refused "they cannot be used with status, cut or delay" --fault 'GET /x stall status=500'
    refused "early needs status, stall, close or reset" --fault 'GET /x early delay=5'
    refused "status=1000: expected" --fault 'GET /x status=500' --fault 'GET /y status=1000'
}

it_listens_on_loopback_by_default() {
    sandbox_start "$program"
    expect_equal "${DEEPOMATIC_API_URL%:*}" "http://127.0.0.1"
    sandbox_stop
}

can_connect() {
    (exec 3<>"/dev/tcp/$1/$2") 2>"$work/stderr"
}

a_host_may_be_chosen() {
    sandbox_start "$program" --host 127.0.0.2
    expect_equal "${DEEPOMATIC_API_URL%:*}" "http://127.0.0.2"
    can_connect 127.0.0.2 "${DEEPOMATIC_API_URL##*:}" || fail "expected a server on 127.0.0.2"
    ! can_connect 127.0.0.1 "${DEEPOMATIC_API_URL##*:}" || fail "unexpected server on 127.0.0.1"
    sandbox_stop
}

a_host_may_be_a_name() {
    if ! getent hosts localhost >/dev/null; then
        echo "skipped: localhost is not in /etc/hosts"
        return
    fi
    sandbox_start "$program" --host localhost
    can_connect localhost "${DEEPOMATIC_API_URL##*:}" || fail "expected a server on localhost"
    sandbox_stop
}

a_host_may_be_an_ipv6_address() {
    if [ ! -s /proc/net/if_inet6 ]; then
        echo "skipped: this machine has no IPv6"
        return
    fi
    sandbox_start "$program" --host ::1
    expect_equal "${DEEPOMATIC_API_URL%:*}" "http://[::1]"
    can_connect ::1 "${DEEPOMATIC_API_URL##*:}" || fail "expected a server on ::1"
    sandbox_stop
}

the_help_names_everything() {
    run "$program" --help
    expect_status 0
    for word in --host --port --task-delay-ms --delay-scatter --fault sandbox-pair status=N retry-after= cut=BYTES delay=MS stall close reset early \
        skip=N count=N; do
        expect_text stdout "$word"
    done
    expect_equal "$(awk 'length > 120' "$stdout")" ""
}

run_tests messages_name_the_option a_port_in_use_is_named invalid_faults_are_rejected it_listens_on_loopback_by_default \
    a_host_may_be_chosen a_host_may_be_a_name a_host_may_be_an_ipv6_address the_help_names_everything
