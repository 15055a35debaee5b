#!/usr/bin/env bash
# Builds the upload of a large model with optimisation, as the library is shipped, and runs it:
#
#     tests/soak/upload.sh [MIB]      2048 by default; the file is sparse, so it takes no disk space
set -euo pipefail
cd "$(dirname "$0")/../.."

. tests/debian.sh
# shellcheck disable=SC2086,SC2154 # lists of words
need_packages $library_packages $program_packages $test_packages

folder=${SOAK_BUILD:-build/soak}
cmake -S . -B "$folder" -DDEEPOMATIC_WERROR=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
cmake --build "$folder" --parallel "$(nproc)" --target soak_upload deepomatic-sandbox >"$folder/build.log" ||
    { cat "$folder/build.log"; exit 1; }
exec "$folder/tests/soak/soak_upload" "$@"
