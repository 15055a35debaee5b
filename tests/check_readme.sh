#!/usr/bin/env bash
# Fails if the programs in the README differ from those that the tests compile and run, if the version differs between
# the build file, the header and the list of changes, or if src/README.md or tests/README.md names a file, a function or
# a test that does not exist.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

# shown FILE LANGUAGE: prints the README's first code block in that language after the link to the file.
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
    [ "$place" = "$version" ] || { echo "expected version $version (CMakeLists.txt), got '$place'"; exit 1; }
done

# code_words FILE: prints the words in backquotes, sorted.
# shellcheck disable=SC2016 # the backquotes are those of the pages
code_words() {
    grep -o '`[^`]*`' "$1" | tr -d '`' | sort -u
}

exists() {
    compgen -G "$1" >/dev/null || compgen -G "src/$1" >/dev/null || compgen -G "tests/$1" >/dev/null ||
        git ls-files --error-unmatch "*/$1" >/dev/null 2>&1
}

identifier='[a-z][a-z0-9]*(_[a-z0-9]+)+'
for page in src/README.md tests/README.md; do
    for file in $(code_words $page | grep -xE '[a-z0-9_/.]+\.(c|h|sh|txt|awk)'); do
        exists "$file" || { echo "$page: no such file: $file"; exit 1; }
    done
    unknown=$(comm -23 <(code_words $page | grep -xE "$identifier") \
        <(git grep --untracked -hoE "$identifier" -- include src tests ':!*/README.md' | sort -u))
    [ -z "$unknown" ] || { echo "$page: no such function or test: $unknown"; exit 1; }
done
echo "README.md shows the current examples; all files, functions and tests that src/README.md and tests/README.md name exist"
