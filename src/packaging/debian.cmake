# Debian packages, by `cpack -G DEB` in a build folder that was configured with -DCMAKE_INSTALL_PREFIX=/usr: the library
# with its SONAME in its name, so that two versions can be installed together; what programs are built with; the programs.
include(${CMAKE_CURRENT_LIST_DIR}/contact.cmake)
set(soversion ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME deepomatic)
set(CPACK_PACKAGE_CONTACT ${DEEPOMATIC_PACKAGE_CONTACT})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL dev)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

# dpkg-shlibdeps determines the packages that a program needs, and their versions, from the libraries that it loads.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR})
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(same_version "libdeepomatic${soversion} (= ${PROJECT_VERSION})")

if(TARGET deepomatic)
    list(APPEND CPACK_COMPONENTS_ALL library)
    set(of_library "${same_version}, ")
endif()
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libdeepomatic${soversion})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_RECOMMENDS ca-certificates)
# Not an older libcurl than the one that the library was built with, because dm_client_new rejects it.
string(REGEX MATCH "^[0-9]+\\.[0-9]+" curl_release ${CURL_VERSION_STRING})
set(curl_packages libcurl4 libcurl4t64 libcurl3-gnutls libcurl3t64-gnutls)
list(TRANSFORM curl_packages APPEND " (>= ${curl_release})")
list(JOIN curl_packages " | " CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "C client of Deepomatic's image-recognition API: the shared library
Recognises images and manages specifications, for programs that are linked with it.")

# The static library is linked together with the libraries that it depends on.
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libdeepomatic-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "${of_library}libcurl4-openssl-dev | libcurl4-gnutls-dev | libcurl-dev, libcjson-dev, zlib1g-dev")
set(CPACK_COMPONENT_DEV_DESCRIPTION "C client of Deepomatic's image-recognition API: development files
Header, static library, manual pages, and files for pkg-config and CMake.")

if(DEEPOMATIC_BUILD_PROGRAMS)
    list(APPEND CPACK_COMPONENTS_ALL tools)
endif()
set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME deepomatic-tools)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS ${same_version})
set(CPACK_DEBIAN_TOOLS_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_COMPONENT_TOOLS_DESCRIPTION "Deepomatic's image-recognition API from the shell, and a sandbox server
deepomatic recognises images and manages specifications. deepomatic-sandbox serves the same API for tests.")

foreach(package libdeepomatic${soversion}:library libdeepomatic-dev:dev deepomatic-tools:tools)
    string(REPLACE ":" ";" package ${package})
    list(GET package 1 component)
    list(GET package 0 package)
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} RENAME copyright
        COMPONENT ${component})
endforeach()

include(CPack)
