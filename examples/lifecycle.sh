#!/usr/bin/env bash
# From the files of a trained model to a prediction, and back: lifecycle.sh IMAGE
set -euo pipefail
files=$(cd "$(dirname "$0")/colours" && pwd)

id_of() { # the "id" in a line of JSON
    sed 's/^{"id":\([0-9]*\),.*/\1/'
}

network=$(deepomatic networks create --name Colours --framework tensorflow-1.x --json --wait \
    --preprocessing "@$files/preprocessing.json" \
    "$files/saved_model.pbtxt" "$files/variables.index" "$files/variables.data-00000-of-00001" | id_of)
trap 'deepomatic networks delete --yes "$network"' EXIT

spec=$(deepomatic specs create --name Colours --outputs "@$files/outputs.json" --json | id_of)
trap 'deepomatic specs delete --yes "$spec"; deepomatic networks delete --yes "$network"' EXIT

deepomatic versions create --spec "$spec" --network "$network" --post-processings "@$files/post_processings.json"
deepomatic infer "$spec" "$1"
