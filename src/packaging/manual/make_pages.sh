#!/bin/sh
# Makes the manual pages: those of the functions and types from the public header, and those of the programs and their
# commands from their --help.
#
#     make_pages.sh HEADER FOLDER VERSION DATE [DEEPOMATIC-PROGRAM SANDBOX-PROGRAM]
set -eu
header=$1
folder=$2
version=$3
date=$4
here=$(dirname "$0")

# Removes pages of functions and commands that no longer exist.
rm -rf "$folder"
mkdir -p "$folder"

awk -v out="$folder" -v version="$version" -v date="$date" -f "$here/roff.awk" -f "$here/functions.awk" "$header"
[ $# -gt 4 ] || exit 0
deepomatic=$5
sandbox=$6

# write_page NAME PAGES: writes the help on standard input as the page NAME(1), with references to the other pages.
write_page() {
    awk -v out="$folder" -v name="$1" -v also="$2" -v version="$version" -v date="$date" \
        -f "$here/roff.awk" -f "$here/commands.awk"
}

# The words of each command, as the program lists them: "specs list".
commands() {
    "$deepomatic" --help | awk '
        /^[A-Z].*:$/ { listed = $0 == "Commands:" }
        listed && /^  [a-z]/ {
            words = ""
            for (i = 1; $i ~ /^[a-z-]+$/; i++)
                words = words (words == "" ? "" : " ") $i
            print words
        }'
}

pages=$(commands | sed 's/ /-/g; s/^/deepomatic-/' | tr '\n' ' ')
"$deepomatic" --help | write_page deepomatic "${pages}deepomatic-sandbox libdeepomatic"
"$sandbox" --help | write_page deepomatic-sandbox "deepomatic libdeepomatic"
commands | while read -r command; do
    # shellcheck disable=SC2086 # a command of several words
    "$deepomatic" $command --help | write_page "deepomatic-$(echo "$command" | tr ' ' '-')" "deepomatic"
done
