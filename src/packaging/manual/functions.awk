# Writes a manual page for each function and each type of the public header, and libdeepomatic(3).
#
#     awk -v out=FOLDER -v version=VERSION -v date=DATE -f roff.awk -f functions.awk deepomatic.h
#
# The text is that of the header. The script relies on this form:
# - A ruler "/* ---- */" begins a section. The next line has its title and the API's page that describes it.
# - A comment belongs to the declarations below it up to the next empty line. If there is none, it is a text of the section.
# - A function begins with DM_API. "Errors:" in its comment begins the list of them.
# - In a comment, an empty line, or a line that ends early with a full stop, ends a paragraph. Lines that begin with a number
#   or a dash are a list; indented ones are code, or a table if a word and two spaces begin them.
# - A member of a type has its comment on its own line. The comment may continue on the next lines.

# ---- Reading the header ----

# A comment's line without the comment's signs.
function comment_text(line)
{
    sub(/^ *\/\*+ ?/, "", line)
    sub(/ ?\*\/ *$/, "", line)
    sub(/^ *\* ?/, "", line)
    return line
}

function function_named_in(text)
{
    return match(text, /dm_[a-z0-9_]+\(/) ? substr(text, RSTART, RLENGTH - 1) : ""
}

# A section of the header: its title, and the page of the API's documentation that it follows.
function note_section(line, title)
{
    line = comment_text(line)
    sub(/ +$/, "", line)
    title = line
    sub(/   +.*/, "", title)
    if (title != "") {
        section_titles[++section_count] = title
        api_pages[section_count] = ""
    }
    sub(/^.*   +/, "", line)
    if (line != title)
        api_pages[section_count] = api_pages[section_count] (api_pages[section_count] == "" ? "" : " ") line
}

# At an empty line. A comment that belongs to no declaration is a text of its section.
function end_group()
{
    if (comment != "" && !comment_used)
        notes[section_count] = notes[section_count] (notes[section_count] == "" ? "" : "\n\n") comment
    comment = ""
    comment_used = 0
}

function note_function(text, name)
{
    own_comment = ""
    if (match(text, /\/\*.*\*\//)) {
        own_comment = comment_text(substr(text, RSTART, RLENGTH))
        text = substr(text, 1, RSTART - 1)
    }
    gsub(/DM_(API|MUST_CHECK) /, "", text)
    gsub(/[ \t]+/, " ", text)
    sub(/ $/, "", text)
    name = function_named_in(text)
    functions[++function_count] = name
    prototypes[name] = text
    sections[name] = section_count
    comments[name] = comment
    comment_used = 1
    own_comments[name] = own_comment
}

function note_type(name, body)
{
    types[++type_count] = name
    type_bodies[name] = body
    sections[name] = section_count
    comments[name] = comment
    comment = ""
}

# A type's name is the last word before its semicolon, or the one in (*name).
function type_name(text)
{
    if (match(text, /\(\*dm_[a-z_]+\)/))
        return substr(text, RSTART + 2, RLENGTH - 3)
    sub(/; *$/, "", text)
    sub(/.*[ }]/, "", text)
    return text
}

BEGIN {
    section_count = 0
    section_titles[0] = "The version of the library"
}

/^\/\* -+ \*\/ *$/ { in_ruler = 1; next }
in_ruler && /^\/\*/ { note_section($0); next }
{ in_ruler = 0 }
/^\/\* ---- .* ---- \*\/$/ {
    line = $0
    gsub(/----/, "", line)
    gsub(/(\/\* +)|( +\*\/)/, "", line)
    api_page = api_pages[section_count]
    section_titles[++section_count] = line
    api_pages[section_count] = api_page
    next
}

# Comments between declarations.
!depth && !declaration && (in_comment || /^\/\*/) {
    if (!in_comment)
        comment = ""
    text = comment_text($0)
    if (!(text == "" && (comment == "" || /\*\//)))
        comment = comment (comment == "" ? "" : "\n") text
    in_comment = !/\*\//
    next
}

/^typedef (struct|enum) [a-z_]+ \{/ { depth = 1; body = ""; next }
depth && /^}/ { depth = 0; note_type(type_name($0), body); next }
depth { body = body $0 "\n"; next }
/^typedef / { declaration = "type"; text = "" }
/^DM_API / { declaration = "function"; text = "" }
declaration {
    text = (text == "" ? "" : text " ") $0
    if (text ~ /;( *\/\*.*\*\/)? *$/) {
        if (declaration == "function")
            note_function(text)
        else
            note_type(type_name(text), text ~ /\(\*/ ? text : "")
        declaration = text = ""
    }
    next
}
/^ *$/ { end_group() }

# ---- Writing prose ----

# Prose with the names of functions, types and constants in bold, and words in backticks in italics.
function prose(text, result, word, before)
{
    result = ""
    while (match(text, /`[^`]+`|[dD][mM]_[a-zA-Z0-9_]*[a-zA-Z0-9]/)) {
        before = substr(text, 1, RSTART - 1)
        word = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        if (word ~ /^`/)
            word = "\\fI" roff_code(substr(word, 2, length(word) - 2)) "\\fP"
        else if (word in prototypes && word != page_name)
            word = bold(word) "(3)"
        else
            word = bold(word)
        result = result roff_text(before) word
    }
    return result roff_text(text)
}

function close_block()
{
    if (block == "code")
        print ".fi\n.RE" >page
    if (block == "names")
        print ".RE" >page
    block = ""
}

# Ends a block of lines that are not prose. A paragraph or the rest of an item follows.
function resume_prose()
{
    close_block()
    print (in_list ? ".IP \"\" 3" : ".PP") >page
}

# Opens a block, or continues the open one.
function open_block(kind, requests)
{
    if (block == kind)
        return
    close_block()
    print requests >page
    block = kind
}

# An indented line of a comment: a row of a table, more text of a row, or code.
function indented_line(line, term)
{
    if (block == "row" && line ~ /^                /) {
        sub(/^ +/, "", line)
        roff_line(prose(line))
    } else if (is_row(line)) {
        close_block()
        sub(/^ +/, "", line)
        match(line, /   */)
        term = substr(line, 1, RSTART - 1)
        line = substr(line, RSTART + RLENGTH)
        sub(/   */, "; ", line)
        print ".TP" >page
        roff_line(bold(term))
        roff_line(prose(line))
        block = "row"
    } else if (line ~ /^ +DM_[A-Z_]+(, DM_[A-Z_]+)*,?$/) {
        open_block("names", ".RS 4")
        roff_line(prose(trimmed(line)))
    } else {
        open_block("code", ".RS 4\n.nf")
        sub(/^    /, "", line)
        code_line(line)
    }
}

# A line of a list: "1. text" or "- text".
function begin_item(line, mark)
{
    close_block()
    mark = line
    sub(/ .*/, "", mark)
    sub(/^[^ ]+ /, "", line)
    print ".IP " (mark == "-" ? "\\(bu" : mark) " 3" >page
    roff_line(prose(line))
    in_list = 1
}

function is_row(line)
{
    return line ~ /^ +[a-z_][a-z_, ]*[a-z]   *[^ ]/
}

# An empty line before the next paragraph. Lists and tables have their own space.
function write_gap(next_line)
{
    if (block == "code" && next_line ~ /^    /)
        print "" >page
    else if (next_line != "" && next_line !~ /^([0-9]+\.|-) / && !(next_line ~ /^    / && is_row(next_line)))
        resume_prose()
}

# Writes a comment as paragraphs, lists, tables and code. The "Errors:" at its end are written elsewhere.
function write_comment(text, lines, count, i, line)
{
    count = split(text, lines, "\n")
    block = ""
    in_list = 0
    for (i = 1; i <= count; i++) {
        line = lines[i]
        if (line == "") {
            in_list = 0
            write_gap(lines[i + 1])
        } else if (line ~ /^([0-9]+\.|-) /) {
            begin_item(line)
        } else if (line ~ (in_list ? "^      " : "^    ")) {
            indented_line(line)
        } else {
            if (block != "")
                resume_prose()
            if (i > 1 && ends_early(lines[i - 1], line))
                print ".PP" >page
            sub(/^ +/, "", line)
            roff_line(prose(line))
        }
    }
    close_block()
}

# Returns whether a line ends although the next word would fit: then a new paragraph begins.
function ends_early(line, next_line, words)
{
    split(next_line, words, " ")
    return line ~ /\.$/ && length(line) + 1 + length(words[1]) < 115
}

function one_line(text)
{
    gsub(/\n/, " ", text)
    gsub(/  +/, " ", text)
    return text
}

function first_sentence(text)
{
    text = one_line(text)
    if (match(text, /\. /))
        text = substr(text, 1, RSTART - 1)
    sub(/\.$/, "", text)
    if (text ~ /^[A-Z][a-z ]/)
        text = tolower(substr(text, 1, 1)) substr(text, 2)
    gsub(/`/, "", text)
    return text
}

# What a dm_THING_free frees.
function freed_type(name)
{
    sub(/_free$/, "", name)
    return name
}

function is_free(name)
{
    return name ~ /_free$/
}

function summary(name)
{
    if (own_comments[name] != "")
        return first_sentence(own_comments[name])
    if (comments[name] != "")
        return first_sentence(comments[name])
    return is_free(name) ? "frees a " freed_type(name) : ""
}

function write_name(name)
{
    page_name = name
    heading("Name")
    roff_line(roff_code(name) " \\- " roff_text(summary(name)))
}

# ---- Types ----

# The names of other types in a text, as a list in the order of the header.
function types_in(text, result, i)
{
    result = ""
    for (i = 1; i <= type_count; i++)
        if (text ~ ("(^|[^a-z0-9_])" types[i] "([^a-z0-9_]|$)"))
            result = result " " types[i]
    return result
}

function without_comments(text)
{
    gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "", text)
    return text
}

# A member of a type: its declaration, and the part of its comment that is on this line.
function write_member(line, declaration_text, text)
{
    match(line, /\/\*/)
    declaration_text = RSTART ? substr(line, 1, RSTART - 1) : line
    text = RSTART ? substr(line, RSTART) : ""
    gsub(/^ +|[ ,;]+$/, "", declaration_text)
    text = comment_text(text)
    print ".TP" >page
    roff_line(bold(declaration_text))
    roff_line(text == "" ? "\\&" : prose(text))
}

function write_members(body, lines, count, i, in_text)
{
    count = split(body, lines, "\n")
    in_text = 0
    for (i = 1; i < count; i++) {
        if (in_text)
            roff_line(prose(trimmed(comment_text(lines[i]))))
        else
            write_member(lines[i])
        in_text = (in_text || lines[i] ~ /\/\*/) && lines[i] !~ /\*\//
    }
}

function trimmed(text)
{
    gsub(/^ +| +$/, "", text)
    return text
}

function write_type(name)
{
    write_comment(comments[name])
    if (type_bodies[name] ~ /^typedef/) {
        print ".PP\n.nf" >page
        code_line(one_line(type_bodies[name]))
        print ".fi" >page
    } else if (type_bodies[name] != "")
        write_members(type_bodies[name])
}

# ---- Errors ----

# The part of a comment from "Errors:" on, on one line.
function errors_text(name, text)
{
    text = one_line(comments[name])
    return match(text, /Errors: /) ? substr(text, RSTART + 8) : ""
}

function description(name, text)
{
    text = comments[name]
    if (match(text, /(^|[\n ])Errors: /))
        text = substr(text, 1, RSTART - 1)
    return text
}

# The statuses that a function can return: those that its comment names, those that are common to all functions that
# talk to the service, and those of the functions that it refers to.
function add_errors(name, set, text, word, level)
{
    text = errors_text(name)
    if (text ~ /the common ones/)
        text = text " " common_errors
    while (match(text, /DM_ERR_[A-Z_]+|dm_[a-z_]+[a-z]/)) {
        word = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        if (word ~ /^DM_ERR_/)
            set[word] = 1
        else if (word in prototypes && level < 3)
            add_errors(word, set, "", "", level + 1)
    }
}

function find_common_errors(text)
{
    text = notes[0]
    match(text, /Common errors:/)
    text = substr(text, RSTART)
    match(text, /If a function does not name/)
    common_errors = one_line(substr(text, 1, RSTART - 1))
}

# The constants of dm_status with their comments.
function read_statuses(lines, count, i, name)
{
    count = split(type_bodies["dm_status"], lines, "\n")
    for (i = 1; i < count; i++) {
        if (match(lines[i], /DM_[A-Z_]+/)) {
            name = substr(lines[i], RSTART, RLENGTH)
            statuses[++status_count] = name
            status_texts[name] = ""
        }
        if (match(lines[i], /\/\*.*/))
            status_texts[name] = comment_text(substr(lines[i], RSTART))
        else
            status_texts[name] = status_texts[name] " " trimmed(comment_text(lines[i]))
    }
}

function write_errors(name, set, text, i)
{
    add_errors(name, set, "", "", 0)
    heading("Errors")
    text = errors_text(name)
    if (text ~ /\(|those of|\. [A-Z]/) # it says more than the names of the errors
        roff_line(prose(toupper(substr(text, 1, 1)) substr(text, 2)))
    for (i = 1; i <= status_count; i++)
        if (statuses[i] in set) {
            print ".TP" >page
            roff_line(bold(statuses[i]))
            roff_line(prose(status_texts[statuses[i]]))
        }
}

# ---- Pages ----

function write_synopsis(name)
{
    heading("Synopsis")
    print ".nf\n.B #include <deepomatic.h>\n.PP\n.ft B" >page
    code_line(prototypes[name])
    print ".ft R\n.fi" >page
}

# The name after ** in a prototype: the result of the function.
function output_parameter(name)
{
    return match(prototypes[name], /\*\*[a-z_]+/) ? substr(prototypes[name], RSTART + 2, RLENGTH - 2) : ""
}

function write_return_value(name, text, type, i)
{
    type = prototypes[name]
    sub(/dm_[a-z0-9_]+\(.*/, "", type)
    type = trimmed(type)
    heading("Return value")
    if (type == "void")
        text = "None. The function cannot fail."
    else if (type != "dm_status")
        text = "A value of type `" type "`, as described above."
    else {
        text = "DM_OK"
        for (i = 1; i <= status_count; i++)
            if (statuses[i] !~ /^DM_(OK|ERR_.*)$/ && comments[name] ~ statuses[i])
                text = text ", " statuses[i] " (" status_texts[statuses[i]] ")"
        text = text ", or one of the errors below."
        if (output_parameter(name) != "")
            text = text " On a failure `*" output_parameter(name) "` is NULL."
        text = text " The message of `*error` says what failed."
    }
    roff_line(prose(text))
}

# The types of the prototype, and those that they refer to.
function write_types(name, seen, i, count, list, words, found)
{
    list = types_in(prototypes[name] " " freed_type(name))
    for (i = 1; i <= split(list, words, " "); i++) {
        list = list types_in(without_comments(type_bodies[words[i]]))
        if (length(list) > 4000)
            break
    }
    count = split(list, words, " ")
    for (i = 1; i <= count; i++)
        if (!(words[i] in seen) && !(words[i] in everyday)) {
            if (!found++)
                heading("Types")
            seen[words[i]] = 1
            print ".SS " words[i] >page
            write_type(words[i])
        }
}

# The names that a page refers to, each once, in the order of the header.
function write_see_also(wanted, name, api_page, text, i)
{
    delete wanted[name]
    heading("See also")
    text = bold("libdeepomatic") "(3)"
    for (i = 1; i <= type_count; i++)
        if (types[i] in wanted)
            text = text ",\n" bold(types[i]) "(3)"
    for (i = 1; i <= function_count; i++)
        if (functions[i] in wanted)
            text = text ",\n" bold(functions[i]) "(3)"
    print text >page
    api_page = api_pages[sections[name]]
    sub(/^API pages?: /, "", api_page)
    if (api_page != "") {
        print ".PP" >page
        roff_line("In the documentation of the API at https://docs.deepomatic.com: " prose(api_page))
    }
}

function add_mentioned(text, wanted)
{
    while (match(text, /dm_[a-z0-9_]*[a-z0-9]/)) {
        wanted[substr(text, RSTART, RLENGTH)] = 1
        text = substr(text, RSTART + RLENGTH)
    }
}

function write_function(name, wanted, i)
{
    page_open(out, name, 3)
    write_name(name)
    write_synopsis(name)
    heading("Description")
    if (comments[name] != "")
        write_comment(description(name))
    else
        roff_line(prose("Frees a " freed_type(name) " with everything that it owns. Freeing NULL does nothing."))
    if (own_comments[name] != "")
        roff_line(prose(own_sentence(name)))
    write_return_value(name)
    if (prototypes[name] ~ /^dm_status /)
        write_errors(name)
    write_types(name)
    add_mentioned(comments[name] prototypes[name], wanted)
    for (i = 1; i <= function_count; i++)
        if (sections[functions[i]] == sections[name])
            wanted[functions[i]] = 1
    write_see_also(wanted, name)
    page_close()
}

function own_sentence(name)
{
    return name " makes " own_comments[name] "."
}

function write_type_page(name, wanted, i)
{
    page_open(out, name, 3)
    write_name(name)
    heading("Synopsis")
    print ".B #include <deepomatic.h>" >page
    heading("Description")
    write_type(name)
    add_mentioned(comments[name] type_bodies[name], wanted)
    for (i = 1; i <= function_count; i++)
        if (!(name in everyday) && index(types_in(prototypes[functions[i]]) " ", " " name " "))
            wanted[functions[i]] = 1
    if ((name "_free") in prototypes)
        wanted[name "_free"] = 1
    write_see_also(wanted, name)
    page_close()
}

function write_section(i, j)
{
    print ".SS " section_titles[i] >page
    for (j = 1; j <= function_count; j++)
        if (sections[functions[j]] == i) {
            print ".TP" >page
            roff_line(bold(functions[j]) "(3)")
            roff_line(roff_text(summary(functions[j])))
        }
    if (i > 0 && notes[i] != "") {
        print ".PP" >page
        write_comment(notes[i])
    }
}

function write_overview(text, i, wanted)
{
    page_open(out, "libdeepomatic", 3)
    page_name = "libdeepomatic"
    text = substr(notes[0], length("libdeepomatic: ") + 1)
    comments["libdeepomatic"] = toupper(substr(text, 1, 1)) substr(text, 2)
    write_name("libdeepomatic")
    heading("Synopsis")
    print ".nf\n.B #include <deepomatic.h>\n.PP\n.ft B" >page
    code_line("cc program.c $(pkg-config --cflags --libs deepomatic)")
    print ".ft R\n.fi" >page
    heading("Description")
    write_comment(comments["libdeepomatic"])
    heading("Functions")
    for (i = 0; i <= section_count; i++)
        write_section(i)
    for (i = 1; i <= type_count; i++)
        wanted[types[i]] = 1
    write_see_also(wanted, "libdeepomatic")
    print ".PP\n.BR deepomatic (1),\n.BR deepomatic\\-sandbox (1)" >page
    page_close()
}

# Types that nearly every function uses are described only on their own pages.
END {
    split("dm_client dm_cancel dm_call_options dm_error dm_status dm_task_id", words, " ")
    for (i in words)
        everyday[words[i]] = 1
    find_common_errors()
    read_statuses()
    write_overview()
    for (i = 1; i <= type_count; i++)
        write_type_page(types[i])
    for (i = 1; i <= function_count; i++)
        write_function(functions[i])
}
