#!/usr/bin/env bash
# Fails if the programs that the README shows are not the ones that the tests compile and run.
set -euo pipefail
cd "$(dirname "$0")/.."

# shown LANGUAGE: the README's first block of that language.
shown() {
    awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } /^```/ && inside { exit } inside' README.md
}

diff <(shown c) examples/quickstart.c
diff <(shown cpp) examples/quickstart.cpp
echo "README.md shows the examples as they are"
