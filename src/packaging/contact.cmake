# DEEPOMATIC_PACKAGE_CONTACT: the maintainer of the packages, "Name <address>". The maintainer is the person who builds
# them, so the default is the name and address for Debian's tools (DEBFULLNAME, DEBEMAIL), or else those for git. If
# there are none, it is the project's name and a local address that accepts no mail, because the project has no address.
function(deepomatic_set_contact name address)
    if(name AND address MATCHES "^[^@ ]+@[^@ ]+$" AND NOT DEEPOMATIC_PACKAGE_CONTACT)
        set(DEEPOMATIC_PACKAGE_CONTACT "${name} <${address}>" CACHE STRING "Maintainer of the packages: Name <address>" FORCE)
    endif()
endfunction()

# Sets a variable to a value of git's configuration, or to nothing.
function(deepomatic_ask_git key variable)
    execute_process(COMMAND git config ${key} WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}
        OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    set(${variable} "${answer}" PARENT_SCOPE)
endfunction()

deepomatic_ask_git(user.name git_name)
deepomatic_ask_git(user.email git_email)
cmake_host_system_information(RESULT machine QUERY FQDN)
deepomatic_set_contact("$ENV{DEBFULLNAME}" "$ENV{DEBEMAIL}")
deepomatic_set_contact("${git_name}" "${git_email}")
deepomatic_set_contact("The libdeepomatic authors" "noreply@${machine}")
