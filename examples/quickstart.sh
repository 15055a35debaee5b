#!/usr/bin/env bash
# Sets everything up on a fresh Debian machine, and recognises images:
#
#     examples/quickstart.sh [IMAGE...]
#
# Installs missing packages, builds the library and its programs, starts the sandbox server on this machine, recognises
# some photographs and your images, and stops the server. If DEEPOMATIC_API_KEY is set, it uses the real service instead,
# with the public specification DEEPOMATIC_SPEC (default: fashion-v4).
set -euo pipefail

images=()
for image; do
    case $image in
    /* | http://* | https://*) images+=("$image") ;;
    *) images+=("$PWD/$image") ;;
    esac
done
cd "$(dirname "$0")/.."

. tests/debian.sh
# shellcheck disable=SC2086,SC2154 # lists of words
need_packages $library_packages $program_packages

cmake -S . -B build/quickstart -DDEEPOMATIC_BUILD_TESTS=OFF -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build build/quickstart --parallel "$(nproc)" >/dev/null
deepomatic=build/quickstart/src/tools/deepomatic/deepomatic
sandbox=build/quickstart/src/tools/sandbox/deepomatic-sandbox

if [ -n "${DEEPOMATIC_API_KEY:-}" ]; then
    echo "Using ${DEEPOMATIC_API_URL:-https://api.deepomatic.com}"
    specifications=${DEEPOMATIC_SPEC:-fashion-v4}
else
    coproc SANDBOX { exec "$sandbox" --port 0 --api-key quickstart-key; }
    trap 'kill "$SANDBOX_PID" && wait "$SANDBOX_PID"' EXIT
    read -r line <&"${SANDBOX[0]}"
    export DEEPOMATIC_API_URL=${line#listening on } DEEPOMATIC_API_KEY=quickstart-key
    echo "DEEPOMATIC_API_KEY is not set: using the sandbox at $DEEPOMATIC_API_URL"
    specifications="sandbox-colors sandbox-regions"
fi

for specification in $specifications; do
    echo
    echo "== $specification"
    "$deepomatic" infer "$specification" examples/photos/*.jpg "${images[@]}"
done
