#!/usr/bin/env -S awk -f
# Lists the declarations of the public header that have no comment. A declaration counts as documented
# - by a comment above it, or above the first of a group of declarations;
# - by a comment on its own line;
# - a field also by its name in the comment above its type;
# - an array's ..._count by the header's first rule;
# - a ..._free also by its name in the comment of what it frees.

function names_word(text, word)
{
    return match(text, "(^|[^a-z0-9_])" word "([^a-z0-9_]|$)")
}

function complain(what)
{
    missing[++missing_count] = FILENAME ":" FNR ": " what
}

# The name that a declaration declares: its last word before '(', '[', ';', ',' or '='.
function declared_name(text)
{
    sub(/\/\*.*/, "", text)
    if (match(text, /\(\*[a-z0-9_]+\)/))
        return substr(text, RSTART + 2, RLENGTH - 3)
    sub(/[[(;,=].*/, "", text)
    sub(/[ \t]+$/, "", text)
    sub(/.*[^a-zA-Z0-9_]/, "", text)
    return text
}

# The example at the top and the rulers between sections do not document a declaration.
/^\/\* -+ \*\/$/ || (/^\/\* / && /API pages?:/) { above = ""; next }

in_comment || /^ *\/\*/ {
    above = in_comment || !covered ? above " " $0 : $0
    comments = comments " " $0
    in_comment = !/\*\//
    covered = in_comment
    next
}

/^ *$/ { above = ""; covered = 0; if (depth == 0) group = 0; next }
/^#/ || /^extern "C"/ || /^}$/ { above = ""; next }

{
    own = /\/\*/
    comments = comments " " $0
    in_comment = own && !/\*\//
}

# A type with members begins.
/^typedef (struct|enum) [a-z_]+ \{/ {
    type = $3
    is_enum = $2 == "enum"
    type_comment = above
    if (above == "" && !own)
        complain("type " type)
    depth = 1
    above = ""
    next
}

depth == 1 && /^}/ { depth = 0; group = 0; above = ""; next }

# A member.
depth == 1 {
    name = declared_name($0)
    if (name != "" && above == "" && !own && !names_word(type_comment, name) && name !~ /_count$/)
        complain((is_enum ? "constant " : "field " type ".") name)
    above = ""
    next
}

# Another type.
/^typedef / {
    if (above == "" && !own)
        complain("type " declared_name($0))
    group = 1
    above = ""
    next
}

# A function, whose declaration may continue on the next line.
/^DM_API/ {
    name = declared_name($0)
    if (above == "" && !own && !group)
        undocumented[name] = FILENAME ":" FNR ": function " name
    functions++
    group = 1
    above = ""
}

END {
    for (name in undocumented)
        if (name !~ /_free$/ || !names_word(comments, name))
            missing[++missing_count] = undocumented[name]
    for (i = 1; i <= missing_count; i++)
        print missing[i] " has no comment"
    if (functions < 40)
        print "only " functions + 0 " functions were found"
    exit missing_count > 0 || functions < 40
}
