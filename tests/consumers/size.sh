#!/usr/bin/env bash
# Builds the libraries as described in the README, with link-time optimisation, but at -O2. Checks the size of the code
# and constants of the stripped shared library (`text` in the output of `size`), and uses both libraries from external
# projects.
#
#     tests/consumers/size.sh BUILD-FOLDER
#
# The limit applies to gcc on x86-64.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$1
limit=125000

cmake -S . -B "$folder" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON \
    -DCMAKE_C_COMPILER=gcc -DCMAKE_C_FLAGS_RELEASE='-O2 -DNDEBUG' -DDEEPOMATIC_BUILD_TESTS=OFF >/dev/null
cmake --build "$folder" --parallel "$(nproc)" >"$folder/build.log" 2>&1 || { cat "$folder/build.log"; exit 1; }

strip -o "$folder/stripped.so" "$(readlink -f "$folder/libdeepomatic.so")"
text=$(size "$folder/stripped.so" | awk 'NR == 2 { print $1 }')
echo "text of the shared library: $text bytes; the limit is $limit"
[ "$text" -le "$limit" ]

tests/consumers/run.sh "$folder"
