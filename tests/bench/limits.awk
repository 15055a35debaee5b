# The figures are lines "JOB IMPLEMENTATION FIGURE VALUE". With -v update=1, prints the limits for them. Otherwise reads
# the limits and then the figures, and fails if a figure exceeds its limit by more than -v margin.

function name_of(job, figure) {
    return job " " figure
}

/^#/ { next }

!update && FNR == NR {
    limit[name_of($1, $2)] = $3
    ratio_limit[name_of($1, $2)] = $4
    next
}

$3 == "heap_bytes" { next }
$2 == "raw_cjson" { base[name_of($1, $3)] = $4 }
$2 == "library" {
    names[++count] = name_of($1, $3)
    measured[names[count]] = $4
}

function print_limits(    i, name) {
    print "# What one operation of the library may cost: absolute, and as a ratio to raw libcurl with cJSON's parse and delete."
    print "# Written by `tests/bench/run.sh --update`; run.sh says how the two are used."
    for (i = 1; i <= count; i++) {
        name = names[i]
        printf "%s %.0f %.4f\n", name, measured[name], measured[name] / base[name]
    }
}

# A figure is too high only if both limits are exceeded: see run.sh.
function verdict(name, ratio) {
    if (!(name in limit))
        return "NO LIMIT"
    if (measured[name] > limit[name] * (1 + margin) && ratio > ratio_limit[name] * (1 + margin))
        return "TOO MUCH"
    if (measured[name] < limit[name] * (1 - margin) && ratio < ratio_limit[name] * (1 - margin))
        return "less than the limit: run.sh --update"
    return "ok"
}

function check_limits(    i, name, ratio, word, failed) {
    printf "%-26s %12s %12s %10s %10s\n", "", "measured", "limit", "ratio", "limit"
    for (i = 1; i <= count; i++) {
        name = names[i]
        ratio = measured[name] / base[name]
        word = verdict(name, ratio)
        failed = failed || word == "TOO MUCH" || word == "NO LIMIT"
        printf "%-26s %12.0f %12.0f %10.4f %10.4f  %s\n", name, measured[name], limit[name], ratio, ratio_limit[name], word
    }
    return failed
}

END {
    if (count == 0) {
        print "nothing was measured" >"/dev/stderr"
        exit 1
    }
    if (update) {
        print_limits()
        exit 0
    }
    exit check_limits()
}
