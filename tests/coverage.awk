# Adds up what gcov --stdout --branch-probabilities --branch-counts prints; see coverage.sh.

function percent(part, whole) {
    return whole == 0 ? 100 : 100 * part / whole
}

function failure(text) {
    failures[++failure_count] = text
}

# Puts the source line under a mark, if there is one on it or around it.
function read_mark(place, text, file) {
    if (match(text, /\/\* uncovered(:| begin:) .*[^ ] +\*\//)) {
        reason = substr(text, RSTART, RLENGTH)
        block = reason ~ /^\/\* uncovered begin:/
        sub(/^\/\* uncovered( begin)?: */, "", reason)
        sub(/ *\*\/.*/, "", reason)
        mark_of[place] = place
        if (!(place in mark_reason)) {
            mark_reason[place] = reason
            marks[++mark_count] = place
        }
        open_mark[file] = block ? place : ""
    } else if (text ~ /\/\* uncovered end \*\// && open_mark[file] != "") {
        mark_of[place] = open_mark[file]
        open_mark[file] = ""
    } else if (text ~ /\/\* uncovered/) {
        failure(place ": a mark that is not understood")
    }
    if (open_mark[file] != "")
        mark_of[place] = open_mark[file]
}

/^ *-: +0:Source:/ {
    source = $0
    sub(/^.*Source:/, "", source)
    wanted = index(source, root) == 1
    file = "src/" substr(source, length(root) + 1)
    if (wanted && !(file in seen_file)) {
        seen_file[file] = 1
        files[++file_count] = file
    }
    next
}

!wanted {
    next
}

/^ *([0-9]+\*?|-|#####|=====): *[0-9]+:/ {
    count = $0
    sub(/:.*/, "", count)
    gsub(/[ *]/, "", count)
    number = $0
    sub(/^[^:]*: */, "", number)
    text = number
    sub(/:.*/, "", number)
    sub(/^[0-9]+:/, "", text)
    branch = 0
    place = file ":" number
    if (number == 0)
        next
    if (!(place in text_of)) {
        text_of[place] = text
        read_mark(place, text, file)
    }
    if (count == "-")
        next
    if (!(place in hits)) {
        hits[place] = 0
        lines[++line_count] = place
        file_of[place] = file
    }
    hits[place] += count ~ /^[0-9]+$/ ? count : 0
    next
}

/^branch +[0-9]+ / && !/\(throw\)/ {
    if (text_of[place] ~ /^ *assert\(/)
        next
    taken[place, branch] += $3 == "taken" ? $4 : 0
    branch++
    if (branch > branches[place])
        branches[place] = branch
}

END {
    for (i = 1; i <= line_count; i++) {
        place = lines[i]
        file = file_of[place]
        reached = 0
        for (b = 0; b < branches[place]; b++)
            reached += taken[place, b] > 0
        missed = hits[place] == 0 || reached < branches[place]
        if (place in mark_of) {
            mark_needed[mark_of[place]] += missed
            continue
        }
        line_all[file]++
        line_hit[file] += hits[place] > 0
        branch_all[file] += branches[place]
        branch_hit[file] += reached
        if (hits[place] == 0)
            missing[++missing_count] = place ":" text_of[place]
        else if (missed)
            half[++half_count] = place ": " branches[place] - reached " of " branches[place] " branches:" text_of[place]
    }

    printf "%-32s %16s %24s\n", "", "lines", "branches"
    for (i = 1; i <= file_count; i++) {
        file = files[i]
        if (line_all[file] == 0)
            continue
        printf "%-32s %5d / %-5d %5.1f %% %6d / %-5d %5.1f %%\n", file, line_hit[file], line_all[file],
            percent(line_hit[file], line_all[file]), branch_hit[file], branch_all[file],
            percent(branch_hit[file], branch_all[file])
        all_lines += line_all[file]
        all_hit += line_hit[file]
        all_branches += branch_all[file]
        all_taken += branch_hit[file]
    }
    printf "%-32s %5d / %-5d %5.1f %% %6d / %-5d %5.1f %%\n", "all", all_hit, all_lines, percent(all_hit, all_lines),
        all_taken, all_branches, percent(all_taken, all_branches)

    print "\n" missing_count + 0 " lines never reached"
    for (i = 1; i <= missing_count; i++)
        print "    " missing[i]
    print "\n" half_count + 0 " lines with a branch never taken"
    for (i = 1; i <= half_count; i++)
        print "    " half[i]
    print "\n" mark_count + 0 " marked as not to be reached"
    for (i = 1; i <= mark_count; i++) {
        print "    " marks[i] ": " mark_reason[marks[i]]
        if (mark_needed[marks[i]] == 0)
            failure(marks[i] ": marked as uncovered, although all of it is reached")
    }
    print ""

    if (all_lines == 0)
        failure("no figures at all")
    if (all_hit < all_lines)
        failure("lines: " all_lines - all_hit " are never reached")
    if (all_taken < 0.95 * all_branches)
        failure(sprintf("branches: %.2f %% are taken, and 95 %% are wanted", percent(all_taken, all_branches)))
    for (i = 1; i <= failure_count; i++)
        print failures[i]
    exit failure_count > 0
}
