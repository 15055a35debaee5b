#!/usr/bin/env bash
# The page of 'infer --report', in Chromium.
#
#     tests/browser/report.sh DEEPOMATIC-PROGRAM SANDBOX-PROGRAM JSON-LINES-PROGRAM MAKE-PICTURE-PROGRAM CHECK-BOXES-PROGRAM
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../debian.sh"
# shellcheck disable=SC2086,SC2154 # a list of words
need_packages $browser_packages
make_picture=$4
check_boxes=$5
. "$here/../api/command_line.sh"

browser() {
    timeout 120 chromium --headless --no-sandbox --disable-gpu --force-device-scale-factor=1 --hide-scrollbars \
        --user-data-dir="$work/profile" --virtual-time-budget=10000 "$@" 2>"$work/browser.log"
}

# file_address PATH
file_address() {
    printf 'file://%s' "$1"
}

# copy_with_script SCRIPT: writes a copy of the report that runs the script when the page is loaded. In an idle page,
# Chromium skips all of the virtual time at once, sometimes before the images are loaded. So a timer fires every 20 ms.
copy_with_script() {
    local clock='setInterval(()=>{document.body.dataset.clock=Date.now()},20);'
    { cat "$report"; printf '<script>addEventListener("load",()=>{%s%s})</script>\n' "$clock" "$1"; } >"$work/pages/copy.html"
}

# with_script SCRIPT: prints the state of the images in the page after the script.
with_script() {
    copy_with_script "$1"
    browser --dump-dom "$(file_address "$work/pages/copy.html")" >"$work/dom"
    sed -n 's/.*<span id="count">\([^<]*\)<.*/\1/p' "$work/dom"
}

set_score() {
    printf 'const s=document.getElementById("score");s.value="%s";s.dispatchEvent(new Event("input"));' "$1"
}

set_label() {
    printf 'const l=document.getElementById("label");l.value="%s";l.dispatchEvent(new Event("change"));' "$1"
}

# A name with special characters of URLs and HTML, in another directory than the report.
name="we ird #1%41?&\"<b>'"$'\xc3\xa9'".png"
report=$work/pages/report.html

a_report_is_written() {
    deepomatic infer sandbox-regions "$work/pictures/$name" "$work/pictures/<i>broken.png" "$work/missing.png" "$cat" \
        --report "$report" --json
    expect_status 1
    expect_line_count 4
    ! grep -qE '<b>|<i>' "$report" || fail "a name is not escaped"
    [ "$(grep -c '^<figure' "$report")" -eq 4 ] || fail "expected 4 figures, got $(grep -c '^<figure' "$report")"
    grep -q ' width="400" height="300"' "$report" || fail "the size of the picture is missing"
}

# Headers of pictures of 300 x 200 pixels.
make_headers() {
    printf 'GIF89a\x2c\x01\xc8\x00' >"$work/pictures/x.gif"
    printf 'BM0123456789abcdef\x2c\x01\x00\x00\x38\xff\xff\xff' >"$work/pictures/x.bmp"
    printf 'RIFF0123WEBPVP8X0123\x00\x00\x00\x00\x2b\x01\x00\xc7\x00\x00' >"$work/pictures/extended.webp"
    printf 'RIFF0123WEBPVP8L0123\x2f\x2b\xc1\x31\x00' >"$work/pictures/lossless.webp"
    printf 'RIFF0123WEBPVP8 0123\x00\x00\x00\x9d\x01\x2a\x2c\x01\xc8\x00' >"$work/pictures/lossy.webp"
}

sizes_are_read_from_the_pictures() {
    make_headers
    deepomatic infer sandbox-regions "$work"/pictures/{x.gif,x.bmp,extended.webp,lossless.webp,lossy.webp} "$cat" \
        "$photos/coffee.jpg" "$work/pictures/<i>broken.png" --report "$work/pages/sizes.html"
    sed -n 's/.* data-src="[^"]*"\( width="\([0-9]*\)" height="\([0-9]*\)"\)\{0,1\}>.*/\2x\3/p' "$work/pages/sizes.html" \
        >"$work/sizes"
    printf '%s\n' 300x200 300x200 300x200 300x200 300x200 451x300 600x400 x | cmp -s - "$work/sizes" ||
        fail "$(cat "$work/sizes")"
}

# The boxes in the service's reply, with the colours of the report.
list_boxes() {
    local i
    for i in $(seq 0 9); do
        head -n 1 "$stdout" | "$json_lines" outputs.0.labels.predicted."$i".roi.bbox.{xmin,ymin,xmax,ymax}
    done | grep -v -e - >"$work/corners"
    grep -m 1 '^<figure' "$report" | grep -oE '<g class="l" style="--c:#[0-9a-f]{6}' | sed 's/.*#//' >"$work/colours"
    paste -d ' ' "$work/corners" "$work/colours"
}

# About one in a few hundred screenshots still shows no image; then another one is taken.
take_screenshot() {
    local try status
    copy_with_script ''
    for ((try = 0; try < 3; try++)); do
        status=0
        browser --window-size=1000,700 --screenshot="$work/shot.png" "$(file_address "$work/pages/copy.html")"
        "$check_boxes" "$work/shot.png" <"$work/boxes" >"$work/checked" || status=$?
        [ $status -eq 3 ] || return 0
    done
}

boxes_are_drawn_where_they_belong() {
    list_boxes >"$work/boxes"
    [ "$(wc -l <"$work/boxes")" -eq 4 ] || fail "expected 4 boxes, got: $(cat "$work/boxes")"
    take_screenshot
    "$check_boxes" "$work/shot.png" <"$work/boxes" >"$work/checked" || fail "$(cat "$work/checked")"
}

# The check must fail for boxes that are shifted.
shifted_boxes_are_detected() {
    local shifted
    for shifted in '$1 += 0.01' '$2 += 0.01' '$3 -= 0.01' '$4 -= 0.01' '$5 = "123456"'; do
        sed 3,3p -n "$work/boxes" | awk "{ $shifted; print }" >"$work/shifted"
        ! "$check_boxes" "$work/shot.png" <"$work/shifted" >/dev/null || fail "the check accepted shifted boxes: $shifted"
    done
}

a_label_or_a_score_selects_images() {
    expect_equal "$(with_script '')" "4 of 4 images"
    expect_equal "$(with_script "$(set_label =blue)")" "1 of 4 images"
    expect_equal "$(with_script "$(set_label failed)")" "2 of 4 images"
    expect_equal "$(with_script "$(set_score 0.01)")" "2 of 4 images"
    expect_equal "$(with_script "$(set_label =white)$(set_score 0.9)")" "0 of 4 images"
}

failed_images_have_their_reason() {
    with_script '' >/dev/null
    grep -q '&lt;i&gt;broken.png<p>[^<]*neither JPEG nor PNG</p>' "$work/dom" || fail "expected the reason for broken.png"
    grep -q 'missing.png<p>No such file or directory</p>' "$work/dom" || fail "expected the reason for missing.png"
}

# Images outside the view are not loaded. Each has a different URL, so that none is cached.
ten_thousand_images_open() {
    awk '!/^<figure/ { print }
        /^<figure/ && !figure { figure = $0 }
        END { for (i = 0; i < 10000; i++) { copy = figure; sub(/\.png" width/, ".png?" i "\" width", copy); print copy } }
    ' "$report" >"$work/pages/many"
    (
        report=$work/pages/many
        expect_equal "$(with_script 'setTimeout(()=>{document.title=[...document.images].filter(i=>i.naturalWidth>0).length},2000)')" \
            "10000 of 10000 images"
    )
    local loaded
    loaded=$(sed -n 's/.*<title>\([0-9]*\)<.*/\1/p' "$work/dom")
    [ "$loaded" -gt 0 ] && [ "$loaded" -lt 1000 ] || fail "expected 1 to 999 loaded pictures, got $loaded"
}

a_report_that_cannot_be_written_is_a_failure() {
    deepomatic infer sandbox-regions "$cat" --report "$work/none/report.html"
    expect_failure 1 "--report: $work/none/report.html: No such file or directory"
    [ -e /dev/full ] || return 0
    deepomatic infer sandbox-regions "$cat" "$cat" --report /dev/full
    expect_status 1
    expect_text stderr "--report: /dev/full: No space left on device"
}

mkdir "$work/pages" "$work/pictures"
"$make_picture" "$work/pictures/$name"
echo text >"$work/pictures/<i>broken.png"
sandbox_start "$sandbox" --request-log "$log" --task-delay-ms 0
run_tests sizes_are_read_from_the_pictures a_report_is_written boxes_are_drawn_where_they_belong shifted_boxes_are_detected \
    a_label_or_a_score_selects_images failed_images_have_their_reason ten_thousand_images_open \
    a_report_that_cannot_be_written_is_a_failure
