#!/usr/bin/env bash
# The maintainer of the packages: DEEPOMATIC_PACKAGE_CONTACT, or by default the user who builds them.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2016 # cmake expands it
printf 'include(%s/src/packaging/contact.cmake)\nmessage("${DEEPOMATIC_PACKAGE_CONTACT}")\n' "$root" >"$work/show.cmake"

# expect PATTERN [ARGUMENT...]: the contact must match, with these environment variables and arguments of cmake.
expect() {
    local pattern=$1 contact
    shift
    contact=$(env -u DEBFULLNAME -u DEBEMAIL GIT_CONFIG_GLOBAL="$work/gitconfig" GIT_CONFIG_SYSTEM=/dev/null \
        GIT_DIR="$work/none" "$@" -P "$work/show.cmake" 2>&1)
    [[ $contact =~ ^$pattern$ ]] || { echo "FAILED: expected $pattern, got $contact"; exit 1; }
    echo "ok: $contact"
}

: >"$work/gitconfig"
expect 'The libdeepomatic authors <noreply@[^@ ]+>' cmake
expect 'The libdeepomatic authors <noreply@[^@ ]+>' DEBFULLNAME=Joe DEBEMAIL=nonsense cmake
git config -f "$work/gitconfig" user.name 'Ann Other'
expect 'The libdeepomatic authors <noreply@[^@ ]+>' cmake
git config -f "$work/gitconfig" user.email ann@example.org
expect 'Ann Other <ann@example.org>' cmake
expect 'Joe Doe <joe@example.org>' DEBFULLNAME='Joe Doe' DEBEMAIL=joe@example.org cmake
expect 'Us <us@example.org>' DEBFULLNAME='Joe Doe' DEBEMAIL=joe@example.org \
    cmake '-DDEEPOMATIC_PACKAGE_CONTACT=Us <us@example.org>'
