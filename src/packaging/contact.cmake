# DEEPOMATIC_PACKAGE_CONTACT: who maintains the packages, "Name <address>". Whoever builds packages is their maintainer, so
# the default is what Debian's tools know of that person (DEBFULLNAME, DEBEMAIL), or else what git does. Otherwise it is the
# project and an address of this machine that takes no mail: the project has none of its own.
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
