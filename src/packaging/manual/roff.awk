# Functions that write manual pages in the language of man(7). Used by functions.awk and commands.awk.

# Characters that roff would not print as they are.
function roff_text(text)
{
    gsub(/\\/, "\\e", text)
    gsub(/\^/, "\\(ha", text)
    gsub(/~/, "\\(ti", text)
    gsub(/`/, "\\(ga", text)
    return text
}

# In code, quotes and dashes must be printed as ASCII, so that they can be copied.
function roff_code(text)
{
    text = roff_text(text)
    gsub(/-/, "\\-", text)
    gsub(/'/, "\\(aq", text)
    return text
}

# A line that begins with . or ' would be a request.
function roff_line(text)
{
    print (text ~ /^[.']/ ? "\\&" : "") text >page
}

function bold(text)
{
    return "\\fB" roff_code(text) "\\fP"
}

function page_open(folder, name, section)
{
    page = folder "/" name "." section
    print ".\\\" Made from the sources of libdeepomatic when it is built." >page
    print ".TH " name " " section " " date " \"libdeepomatic " version "\" \"libdeepomatic\"" >page
}

function heading(title)
{
    print ".SH " toupper(title) >page
}

function page_close()
{
    close(page)
}

# Breaks a line of code after a comma, or at a space, so that it fits a terminal of 80 columns.
function code_line(text, indent, cut)
{
    match(text, /^ */)
    indent = RLENGTH
    while (length(text) > 72) {
        cut = 72
        while (cut > indent + 8 && substr(text, cut - 1, 2) != ", ")
            cut--
        if (cut <= indent + 8)
            break
        roff_line(roff_code(substr(text, 1, cut - 1)))
        text = sprintf("%" indent + 8 "s%s", "", substr(text, cut + 1))
    }
    roff_line(roff_code(text))
}
