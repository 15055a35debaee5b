# Sourced by the scripts that must work on a fresh Debian machine.

# need_packages NAME...: installs what is missing; whoever may not do that is told what to install.
need_packages() {
    missing=
    for package; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        echo "Please install these packages first:" >&2
        echo "    sudo apt-get install$missing" >&2
        exit 1
    fi
    echo "Installing$missing"
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

library_packages="gcc libc6-dev cmake make pkg-config libcurl4-openssl-dev libcjson-dev"
program_packages="g++ libmicrohttpd-dev libjson-c-dev libjpeg-dev libpng-dev libssl-dev"
test_packages="libcmocka-dev locales binutils"
ci_packages="clang clang-format clang-tidy libclang-rt-14-dev valgrind"
bench_packages="valgrind strace openssl"
