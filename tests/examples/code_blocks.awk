# Prints the blocks of code of one language in a page of Markdown, with the numbers of their lines for the compiler.
#
#     awk -v language=c -f code_blocks.awk PAGE
$0 == "```" language {
    inside = 1
    if (language == "c")
        printf "#line %d \"%s\"\n", FNR + 1, FILENAME
    next
}
/^```/ { inside = 0 }
inside { print }
