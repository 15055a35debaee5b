#!/usr/bin/env bash
# check.sh detects each kind of change: the library is compared with modified descriptions.
#
#     tests/abi/changes.sh LIBDEEPOMATIC.SO
set -euo pipefail
library=$1
here=$(cd "$(dirname "$0")" && pwd)

. "$here/../support/assert.sh"
trap 'rm -rf "$work"' EXIT

# check_after SED-SCRIPT [OPTION]: compares with a description that the script has modified.
check_after() {
    sed "$1" "$here/libdeepomatic.abi" >"$work/described.abi"
    shift
    run env ABI_DESCRIPTION="$work/described.abi" "$here/check.sh" "$library" "$@"
}

nothing_has_changed() {
    check_after ''
    expect_status 0
}

a_new_function_must_be_described() {
    local script="/elf-symbol name='dm_account_free'/d; /function-decl name='dm_account_free'/,/<.function-decl>/d"
    check_after "$script"
    expect_status 1
    expect_text stdout "dm_account_free"
    expect_text stdout "The change is compatible."
    check_after "$script" --renew
    expect_status 0
    cmp "$work/described.abi" "$here/libdeepomatic.abi"
}

# broken_after SED-SCRIPT: the check must fail, with --renew too.
broken_after() {
    check_after "$1"
    expect_status 1
    expect_text stdout "may not work with this build"
    check_after "$1" --renew
    expect_status 1
}

a_removed_function_breaks_the_abi() {
    broken_after "/elf-symbol name='dm_account_free'/{p; s/_free/_gone/}"
}

a_struct_of_another_size_breaks_the_abi() {
    broken_after "s/\(class-decl name='dm_infer_options' size-in-bits\)='128'/\1='64'/"
}

a_constant_of_another_value_breaks_the_abi() {
    broken_after "s/\(enumerator name='DM_ERR_TIMEOUT' value\)='[0-9]*'/\1='77'/"
}

an_unreadable_description_is_an_error() {
    check_after '20,30d'
    expect_status 1
}

a_new_minor_version_must_be_described() {
    check_after "1s/soname='[^']*'/soname='libdeepomatic.so.0.0'/"
    expect_status 1
    expect_text stdout "the description is that of libdeepomatic.so.0.0"
}

run_tests nothing_has_changed a_new_function_must_be_described a_removed_function_breaks_the_abi \
    a_struct_of_another_size_breaks_the_abi a_constant_of_another_value_breaks_the_abi \
    an_unreadable_description_is_an_error a_new_minor_version_must_be_described
