# Sourced by the scripts that must work on a fresh Debian machine.

# need_packages NAME...: installs the missing packages as root; for other users, prints them and fails.
need_packages() {
    missing=
    for package; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        echo "Please install these packages first:" >&2
        echo "    sudo apt-get update && sudo apt-get install$missing" >&2
        exit 1
    fi
    echo "Installing$missing"
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# need_servers NAME...: like need_packages, but apt does not start the servers as system services.
need_servers() (
    policy=/usr/sbin/policy-rc.d
    if [ "$(id -u)" -eq 0 ] && [ ! -e "$policy" ]; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    need_packages "$@"
)

# HTTPS needs ca-certificates: libcurl only recommends it, and recommended packages are not installed here.
library_packages="gcc libc6-dev cmake make pkg-config libcurl4-openssl-dev libcjson-dev zlib1g-dev ca-certificates"
program_packages="g++ libmicrohttpd-dev libjson-c-dev libjpeg-dev libpng-dev libssl-dev"
test_packages="libcmocka-dev locales binutils git mandoc parallel"
ci_packages="abigail-tools clang clang-format clang-tidy libclang-rt-14-dev valgrind"
tls_packages="nginx tinyproxy-bin openssl curl"
gateway_packages="haproxy nginx caddy tinyproxy-bin microsocks iproute2 util-linux openssl"
browser_packages="chromium"
bench_packages="valgrind strace openssl"
matrix_packages="clang mmdebstrap util-linux"
