#!/usr/bin/env bash
# From a fresh machine to real predictions, in one command:
#
#     examples/quickstart.sh [IMAGE...]
#
# Builds the library and its programs, starts the sandbox server on this machine, recognises a few photographs and the
# images that you name, and stops the server again. With DEEPOMATIC_API_KEY set it asks the real service instead, with
# the public specification DEEPOMATIC_SPEC (fashion-v4 if that is not set).
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
    echo "Asking ${DEEPOMATIC_API_URL:-https://api.deepomatic.com}"
    specifications=${DEEPOMATIC_SPEC:-fashion-v4}
else
    coproc SANDBOX { exec "$sandbox" --port 0 --api-key quickstart-key; }
    trap 'kill "$SANDBOX_PID" && wait "$SANDBOX_PID"' EXIT
    read -r line <&"${SANDBOX[0]}"
    export DEEPOMATIC_API_URL=${line#listening on } DEEPOMATIC_API_KEY=quickstart-key
    echo "No DEEPOMATIC_API_KEY is set: asking the sandbox at $DEEPOMATIC_API_URL"
    specifications="sandbox-colors sandbox-regions"
fi

for specification in $specifications; do
    echo
    echo "== $specification"
    "$deepomatic" infer "$specification" examples/photos/*.jpg "${images[@]}"
done
