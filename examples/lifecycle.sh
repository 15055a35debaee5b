#!/usr/bin/env bash
# Uploads a trained model, deploys it, recognises an image with it, and deletes everything again: lifecycle.sh IMAGE
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 IMAGE" >&2; exit 2; }
files=$(cd "$(dirname "$0")/colours" && pwd)
network=
spec=

id_of() { # the "id" in a line of JSON
    sed 's/^{"id":\([0-9]*\),.*/\1/'
}

delete_everything() {
    [ -z "$spec" ] || deepomatic specs delete --yes "$spec"
    [ -z "$network" ] || deepomatic networks delete --yes "$network"
}
trap delete_everything EXIT

network=$(deepomatic networks create --name Colours --framework tensorflow-1.x --json --wait \
    --preprocessing "@$files/preprocessing.json" \
    "$files/saved_model.pbtxt" "$files/variables.index" "$files/variables.data-00000-of-00001" | id_of)
spec=$(deepomatic specs create --name Colours --outputs "@$files/outputs.json" --json | id_of)
deepomatic versions create --spec "$spec" --network "$network" --post-processings "@$files/post_processings.json"
deepomatic infer "$spec" "$1"
