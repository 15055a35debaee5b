# Writes the manual page of a program or of one of its commands from what its --help prints.
#
#     PROGRAM [COMMAND] --help | awk -v out=FOLDER -v name=NAME -v also="OTHER PAGES" -v version=VERSION -v date=DATE \
#         -f roff.awk -f commands.awk
#
# The help is: a line "Usage: ...", a sentence that says what it is for, and then paragraphs, lists of items
# ("  TERM   text") and headings ("Options:").

function trimmed(text)
{
    gsub(/^ +| +$/, "", text)
    return text
}

# Text, with options and words in single quotes in bold.
function prose(text, result, word)
{
    result = ""
    while (match(text, /(^|[ (])--[a-z][a-z0-9-]*/)) {
        word = substr(text, RSTART, RLENGTH)
        result = result roff_text(substr(text, 1, RSTART - 1))
        if (word !~ /^-/) {
            result = result substr(word, 1, 1)
            word = substr(word, 2)
        }
        result = result bold(word)
        text = substr(text, RSTART + RLENGTH)
    }
    return result roff_text(text)
}

function write_name(text)
{
    sub(/\.$/, "", text)
    heading("Name")
    roff_line(roff_code(name) " \\- " roff_text(tolower(substr(text, 1, 1)) substr(text, 2)))
    heading("Synopsis")
    print ".nf" >page
    for (i = 1; i <= usage_count; i++)
        code_line(usages[i])
    print ".fi" >page
    heading("Description")
    roff_line(prose(toupper(substr(text, 1, 1)) substr(text, 2) "."))
    described = 1
}

# Starts a section of the page. The options need one even if the help has no heading for them.
function begin_part(title)
{
    if (title == "Options")
        has_options = 1
    heading(title)
    in_item = 0
    between = 0
}

# The texts of a list are in one column. If a term is too long for that, one space separates it from its text.
function split_item(line, place)
{
    place = 0
    if (match(line, /[^ ]   */))
        place = RSTART + RLENGTH
    else if (column > 0 && substr(line, column - 1, 1) == " ")
        place = column
    else if (match(line, /^ *--[a-z0-9-]+ [A-Z][^ ]* /))
        place = RLENGTH + 1
    if (place > 0 && column == 0)
        column = place
    item_term = place > 0 ? trimmed(substr(line, 1, place - 1)) : trimmed(line)
    item_text = place > 0 ? substr(line, place) : ""
}

function write_item(line)
{
    if (!has_options && line ~ /^  --/)
        begin_part("Options")
    split_item("  " trimmed(line))
    print ".TP" >page
    roff_line(bold(item_term))
    roff_line(item_text == "" ? "\\&" : prose(item_text))
    in_item = 1
    between = 0
}

function write_paragraph_line(line)
{
    if (between || in_item)
        print ".PP" >page
    roff_line(prose(line))
    in_item = between = 0
}

BEGIN { page_open(out, name, 1) }

/^[Uu]sage: / {
    sub(/^[Uu]sage: /, "")
    usages[++usage_count] = $0
    next
}
!described && /^ / && usage_count { usages[++usage_count] = $0; next }
!described && /^$/ { next }
!described { write_name($0); next }

/^$/ { between = 1; column = 0; next }

# "Options:"
/^[A-Z][a-z ]*:$/ { sub(/:$/, ""); begin_part($0); next }

# "Exit status: 0 if ...", "Faults. FAULT is ..."
between && match($0, /^[A-Z][a-z]+( [a-z]+)?[:.] /) {
    begin_part(substr($0, 1, RLENGTH - 2))
    roff_line(prose(substr($0, RLENGTH + 1)))
    next
}

/^  [^ ]/ { write_item($0); next }
/^    / && in_item { roff_line(prose(trimmed($0))); next }
{ write_paragraph_line($0) }

END {
    heading("See also")
    count = split(also, pages, " ")
    for (i = 1; i <= count; i++)
        roff_line(bold(pages[i]) (pages[i] ~ /^lib/ ? "(3)" : "(1)") (i < count ? "," : ""))
    page_close()
}
