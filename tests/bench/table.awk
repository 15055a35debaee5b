# Prints lines "JOB IMPLEMENTATION FIGURE VALUE" as a table in Markdown, with the median of a figure's values.

function median_of(list,    values, count, i, j, kept) {
    count = split(list, values, " ")
    for (i = 2; i <= count; i++) {
        kept = values[i] + 0
        for (j = i - 1; j >= 1 && values[j] + 0 > kept; j--)
            values[j + 1] = values[j]
        values[j + 1] = kept
    }
    return count % 2 ? values[(count + 1) / 2] + 0 : (values[count / 2] + values[count / 2 + 1]) / 2
}

# A value below the precision of the table counts as 0, and so does a negative difference, which is noise.
function value(job, implementation, figure,    median) {
    median = median_of(values[job, implementation, figure]) / divisor[figure]
    return median < 0.05 ? 0 : median
}

# The ratio of 0 to 0 is 1. Any other ratio to 0 does not exist.
function ratio(above, below) {
    if (above == 0 && below == 0)
        return "1.00"
    return below == 0 ? "–" : sprintf("%.2f", above / below)
}

function print_implementation(job, implementation, title,    i) {
    printf "| %s | %s |", job, title
    for (i = 1; i <= figure_count; i++)
        printf " " format[figures[i]] " |", value(job, implementation, figures[i])
    print ""
}

function print_ratio(job, implementation, title,    i) {
    printf "| %s | *%s* |", job, title
    for (i = 1; i <= figure_count; i++)
        printf " *%s* |", ratio(value(job, "library", figures[i]), value(job, implementation, figures[i]))
    print ""
}

function add_figure(name, title, one, shape) {
    figures[++figure_count] = name
    divisor[name] = one
    format[name] = shape
    heading = heading " " title " |"
    rule = rule " ---: |"
}

BEGIN {
    add_figure("instructions", "instructions, k", 1000, "%.1f")
    add_figure("cpu_us", "CPU, µs", 1, "%.1f")
    add_figure("wall_us", "wall, µs", 1, "%.1f")
    add_figure("heap_calls", "heap calls", 1, "%.1f")
    add_figure("heap_bytes", "heap, kB", 1000, "%.1f")
    add_figure("peak_kb", "peak, MB", 1024, "%.1f")
    add_figure("system_calls", "system calls", 1, "%.1f")
    add_figure("brk", "brk", 1, "%.1f")
    add_figure("faults", "page faults", 1, "%.1f")
    add_figure("connections", "new connections", 1, "%.1f")
}

!($1 in seen) {
    seen[$1] = 1
    jobs[++job_count] = $1
}

{ values[$1, $2, $3] = values[$1, $2, $3] " " $4 }

END {
    print "| job | implementation |" heading
    print "| --- | --- |" rule
    for (i = 1; i <= job_count; i++) {
        print_implementation(jobs[i], "raw", "(a) raw libcurl")
        print_implementation(jobs[i], "raw_cjson", "(b) raw libcurl + cJSON")
        print_implementation(jobs[i], "careful", "(c) careful hand")
        print_implementation(jobs[i], "library", "(d) library")
        print_ratio(jobs[i], "raw", "(d) / (a)")
        print_ratio(jobs[i], "raw_cjson", "(d) / (b)")
        print_ratio(jobs[i], "careful", "(d) / (c)")
    }
}
