#!/usr/bin/env bash
# In a clean Debian, in the folder of the packages: installs them, uses them as a new user would, and removes them.
# tests/matrix.sh debian_packages runs it in a chroot. It changes the system on which it runs.
set -euo pipefail
cd "$(dirname "$0")"
export DEBIAN_FRONTEND=noninteractive

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

install() {
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# recognises PROGRAM...: the program must print the label of the brown image.
recognises() {
    "$@" >said || fail "$*"
    grep -qw brown said || fail "expected 'brown' from $*, got: $(cat said)"
}

apt-get update -qq

# The package of the programs installs the library, but no development files.
install ./deepomatic-tools_*.deb ./libdeepomatic0.*.deb
deepomatic --version
[ ! -e /usr/include/deepomatic.h ] || fail "unexpected header: the package of the programs has installed it"
! ldd /usr/bin/deepomatic /usr/bin/deepomatic-sandbox | grep 'not found' || fail "a library is missing"

install ./libdeepomatic-dev_*.deb gcc libc6-dev pkg-config
deepomatic-sandbox --port 0 --api-key test-key >port &
sandbox=$!
trap 'kill $sandbox' EXIT
until grep -qs http port; do sleep 0.1; done
DEEPOMATIC_API_URL=$(grep -o 'http://[0-9.:]*' port | head -n 1)
export DEEPOMATIC_API_URL DEEPOMATIC_API_KEY=test-key

# shellcheck disable=SC2046 # words
cc /source/examples/quickstart.c $(pkg-config --cflags --libs deepomatic) -o quickstart
recognises ./quickstart /source/examples/photos/cat.jpg sandbox-colors
# shellcheck disable=SC2046 # words
cc /source/examples/quickstart.c \
    $(pkg-config --cflags --libs --static deepomatic | sed 's/-ldeepomatic/-l:libdeepomatic.a/') -o quickstart_static
recognises ./quickstart_static /source/examples/photos/cat.jpg sandbox-colors
recognises deepomatic infer sandbox-colors /source/examples/photos/cat.jpg

apt-get purge -y -qq deepomatic-tools libdeepomatic-dev 'libdeepomatic0.*' >/dev/null
left=$(find / -xdev -path /source -prune -o -path /packages -prune -o -path /proc -prune -o -name '*deepomatic*' -print)
[ -z "$left" ] || fail "files remain after the packages were removed: $left"
echo "installed, used (shared, static, from the shell) and removed"
