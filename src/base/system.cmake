# deepomatic_system: which functions that system.c can use this operating system has. For the others, system.c has
# alternatives.
include(CheckStructHasMember)
include(CheckSymbolExists)

add_library(deepomatic_system INTERFACE)

# With this, the sources are compiled without the functions that macOS or a BSD lacks.
add_library(deepomatic_only_portable INTERFACE)
target_compile_options(deepomatic_only_portable INTERFACE
    "SHELL:-include \"${PROJECT_SOURCE_DIR}/tests/portable/only_portable.h\"")

if(DEEPOMATIC_PORTABLE)
    target_link_libraries(deepomatic_system INTERFACE deepomatic_only_portable)
    return()
endif()

# deepomatic_has(NAME HEADER...): defines DM_HAVE_NAME, in upper case, if the headers declare this function or macro.
function(deepomatic_has name)
    string(TOUPPER DM_HAVE_${name} definition)
    set(CMAKE_REQUIRED_DEFINITIONS -D_DEFAULT_SOURCE)
    check_symbol_exists(${name} "${ARGN}" ${definition})
    if(${definition})
        target_compile_definitions(deepomatic_system INTERFACE ${definition})
    endif()
endfunction()

deepomatic_has(eventfd sys/eventfd.h)
if(APPLE)
    deepomatic_has(getentropy sys/random.h)
else()
    deepomatic_has(getentropy unistd.h)
endif()
deepomatic_has(sigtimedwait signal.h)
deepomatic_has(SOCK_CLOEXEC sys/socket.h)
deepomatic_has(SO_NOSIGPIPE sys/socket.h)
deepomatic_has(TCP_NOTSENT_LOWAT netinet/in.h netinet/tcp.h)

check_struct_has_member("struct stat" st_mtim sys/stat.h DM_HAVE_ST_MTIM)
if(DM_HAVE_ST_MTIM)
    target_compile_definitions(deepomatic_system INTERFACE DM_HAVE_ST_MTIM)
endif()
