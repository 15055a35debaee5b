#!/usr/bin/env bash
# Fails if the programs that the README shows are not the ones that the tests compile and run, or if the version is not
# the same everywhere: in the build file, in the header and in the list of changes.
set -euo pipefail
cd "$(dirname "$0")/.."

# shown FILE LANGUAGE: the README's first block of that language behind the link to the file.
shown() {
    awk -v link="]($1)" -v fence="\`\`\`$2" '
        index($0, link) { found = 1 }
        found && $0 == fence { inside = 1; next }
        /^```/ && inside { exit }
        inside' README.md
}

for file in examples/quickstart.c examples/many.c; do
    diff <(shown "$file" c) "$file"
done
diff <(shown examples/quickstart.cpp cpp) examples/quickstart.cpp

version=$(sed -n 's/^ *VERSION \([0-9.]*\)$/\1/p' CMakeLists.txt)
for place in "$(sed -n 's/^#define DM_VERSION "\(.*\)"$/\1/p' include/deepomatic.h)" \
    "$(sed -n 's/^## \[\([0-9.]*\)\] - [0-9-]*$/\1/p' src/CHANGELOG.md | head -1)"; do
    [ "$place" = "$version" ] || { echo "CMakeLists.txt is of version $version, something else of '$place'"; exit 1; }
done
echo "README.md shows the examples as they are"
