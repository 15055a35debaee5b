#!/usr/bin/env bash
# Fails if a file of the library includes a file of a higher layer, or is missing from the list.
set -euo pipefail
cd "$(dirname "$0")/.."

grep -rH '' src/api src/client src/codec src/transport src/message src/base --include='*.[ch]' | awk -F: -v list=tests/layers.txt '
    function stem(path) { sub(/\.[ch]$/, "", path); return path }
    BEGIN { while ((getline line <list) > 0) if (line !~ /^(#|$)/) floor[line] = ++floors }
    { file = stem($1); seen[file] = 1 }
    $2 ~ /^#include "/ {
        split($2, quoted, "\"")
        included = stem("src/" quoted[2])
        if (file != included && floor[included] <= floor[file]) {
            print $1 " includes " quoted[2] ", which is not below it"
            bad = 1
        }
    }
    END {
        for (file in seen) if (!(file in floor)) { print file " is not in tests/layers.txt"; bad = 1 }
        for (file in floor) if (!(file in seen)) { print "tests/layers.txt names " file ", which is gone"; bad = 1 }
        if (!bad) print floors " files, no include leads upwards"
        exit bad
    }'
