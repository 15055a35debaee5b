/* Requests that create and update networks, and invalid arguments. */
#include "codec/encode.h"

#include "array.h"
#include "temp_files.h"
#include "test.h"

#include "open_descriptors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOUNDARY "0123456789abcdef"
#define TEXT_PART(name, value)                                                                                         \
    "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_PART(name, content)                                                                                       \
    "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" name "\"\r\n\r\n" content "\r"  \
    "\n"
#define END "--" BOUNDARY "--\r\n"

static const dm_network_create_options no_options;
static char *folder;
static char *small_file; /* "index" */
static char *empty_file;

static int make_files(void **state)
{
    (void)state;
    folder = temp_folder_new();
    assert_non_null(folder);
    small_file = temp_path(folder, "small");
    empty_file = temp_path(folder, "empty");
    assert_true(write_file(small_file, "index", 5) && write_file(empty_file, "", 0));
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    free(small_file);
    free(empty_file);
    return temp_folder_remove(folder) ? 0 : -1;
}

struct fixture {
    struct request request;
    dm_error error;
    struct failure failure;
};

static dm_status encode(struct fixture *fixture, const struct new_network *network)
{
    request_init(&fixture->request, "POST");
    failure_init(&fixture->failure, &fixture->error);
    encode_network(&fixture->request, BOUNDARY, network, &fixture->failure);
    return fixture->failure.status;
}

static void assert_multipart(struct fixture *fixture, const char *wanted, size_t length)
{
    struct body_reader reader;
    char received[4096];
    assert_true(request_finish(&fixture->request, &fixture->failure));
    assert_int_equal(fixture->request.media, MEDIA_MULTIPART);
    assert_int_equal(fixture->request.body.length, length);
    assert_true(body_rewind(&reader, &fixture->request.body));
    assert_int_equal(body_read(&reader, received, sizeof received), length);
    assert_memory_equal(received, wanted, length);
    request_free(&fixture->request);
}

static void assert_refused(const struct new_network *network, dm_status wanted, const char *message)
{
    struct fixture fixture;
    const size_t open_before = open_descriptors();
    assert_int_equal(encode(&fixture, network), wanted);
    assert_string_equal(fixture.error.message, message);
    request_free(&fixture.request);
    assert_int_equal(open_descriptors(), open_before);
}

/* ---- To create ---- */

static void the_documented_network_is_written(void **state)
{
    static const dm_network_create_options options = {.description = "dogs", .metadata = "{\"a\": 1}"};
    struct fixture fixture;
    const dm_network_file files[] = {
        {.name = "saved_model.pb", .bytes = "not\0it", .size = 6},
        {.name = "variables.index", .path = small_file},
    };
    const struct new_network network = {"n", "tensorflow-1.x", "{\"inputs\": []}", files, COUNT(files), &options};
    static const char wanted[] =
        TEXT_PART("name", "n") TEXT_PART("description", "dogs") TEXT_PART("metadata", "{\"a\": 1}")
            TEXT_PART("framework", "tensorflow-1.x") TEXT_PART("preprocessing", "{\"inputs\": []}")
                FILE_PART("saved_model.pb", "not\0it") FILE_PART("variables.index", "index") END;
    (void)state;

    assert_int_equal(encode(&fixture, &network), DM_OK);
    assert_multipart(&fixture, wanted, sizeof wanted - 1);
}

static void optional_fields_that_are_not_set_are_not_sent(void **state)
{
    static const dm_network_file file = {.name = "caf\xc3\xa9 1;2.pb", .bytes = "x", .size = 1};
    static const struct new_network network = {"", "f", " {} ", &file, 1, &no_options};
    static const char wanted[] = TEXT_PART("name", "") TEXT_PART("framework", "f") TEXT_PART("preprocessing", " {} ")
        FILE_PART("caf\xc3\xa9 1;2.pb", "x") END;
    struct fixture fixture;
    (void)state;
    assert_int_equal(encode(&fixture, &network), DM_OK);
    assert_multipart(&fixture, wanted, strlen(wanted));
}

static void wrong_texts_are_named(void **state)
{
    static const dm_network_file file = {.name = "f", .bytes = "x", .size = 1};
    static const dm_network_create_options bad_description = {.description = "\xff"};
    static const dm_network_create_options bad_metadata = {.metadata = "[]"};
    static const struct {
        struct new_network network;
        const char *message;
    } bad[] = {
        {{NULL, "f", "{}", &file, 1, &no_options}, "name must not be NULL"},
        {{"\xff", "f", "{}", &file, 1, &no_options}, "name is not valid UTF-8"},
        {{"n", NULL, "{}", &file, 1, &no_options}, "framework must not be NULL"},
        {{"n", "", "{}", &file, 1, &no_options}, "framework is empty"},
        {{"n", "f", NULL, &file, 1, &no_options}, "preprocessing must not be NULL"},
        {{"n", "f", "[]", &file, 1, &no_options}, "preprocessing must be a JSON object, {...}"},
        {{"n", "f", "{", &file, 1, &no_options},
         "preprocessing is not JSON that can be sent: at byte 1, it ends too early"},
        {{"n", "f", "{}", &file, 1, &bad_description}, "options.description is not valid UTF-8"},
        {{"n", "f", "{}", &file, 1, &bad_metadata}, "options.metadata must be a JSON object, {...}"},
        {{"n", "f", "{}", &file, 0, &no_options}, "a network needs at least one file"},
        {{"n", "f", "{}", NULL, 1, &no_options}, "files must not be NULL"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_refused(&bad[i].network, DM_ERR_INVALID_ARGUMENT, bad[i].message);
}

/* The first file is valid and already open, so it must be closed. */
static void assert_file_refused(dm_network_file file, dm_status wanted, const char *message)
{
    const dm_network_file files[] = {{.name = "first", .path = small_file}, file};
    const struct new_network network = {"n", "f", "{}", files, COUNT(files), &no_options};
    assert_refused(&network, wanted, message);
}

static void a_wrong_name_of_a_file_is_named(void **state)
{
    static const struct {
        const char *name;
        const char *message;
    } bad[] = {
        {NULL, "files[1].name must not be NULL"},
        {"", "files[1].name is empty"},
        {"\xff", "files[1].name is not valid UTF-8"},
        {"a\nb", "files[1].name contains a control character, such as the line end of a file"},
        {"a\"b", "files[1].name is \"a\"b\"; it must not contain quotes, slashes or backslashes"},
        {"a'b", "files[1].name is \"a'b\"; it must not contain quotes, slashes or backslashes"},
        {"../a", "files[1].name is \"../a\"; it must not contain quotes, slashes or backslashes"},
        {"a\\b", "files[1].name is \"a\\b\"; it must not contain quotes, slashes or backslashes"},
        {"name", "files[1].name is \"name\", which is a field of the request"},
        {"preprocessing", "files[1].name is \"preprocessing\", which is a field of the request"},
        {"first", "files[0] and files[1] have the same name: \"first\""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_file_refused((dm_network_file){.name = bad[i].name, .bytes = "x", .size = 1}, DM_ERR_INVALID_ARGUMENT,
                            bad[i].message);
}

static void a_wrong_content_of_a_file_is_named(void **state)
{
    char message[256];
    (void)state;
    assert_file_refused((dm_network_file){.name = "f"}, DM_ERR_INVALID_ARGUMENT,
                        "files[1] has neither a path nor bytes");
    assert_file_refused((dm_network_file){.name = "f", .path = "p", .bytes = "x", .size = 1}, DM_ERR_INVALID_ARGUMENT,
                        "files[1] has both a path and bytes");
    assert_file_refused((dm_network_file){.name = "f", .bytes = "x"}, DM_ERR_INVALID_ARGUMENT,
                        "files[1]: the content is empty");
    assert_file_refused((dm_network_file){.name = "f", .path = ""}, DM_ERR_INVALID_ARGUMENT,
                        "files[1]: the path is empty");
    assert_file_refused((dm_network_file){.name = "f", .path = "/no/model"}, DM_ERR_FILE,
                        "files[1]: \"/no/model\": No such file or directory");
    assert_file_refused((dm_network_file){.name = "f", .path = "/dev"}, DM_ERR_FILE,
                        "files[1]: \"/dev\": it is a directory, not a file");
    assert_file_refused((dm_network_file){.name = "f", .path = "/dev/null"}, DM_ERR_FILE,
                        "files[1]: \"/dev/null\": it is not a regular file; read it, and pass its bytes");
    snprintf(message, sizeof message, "files[1]: \"%s\": it is empty", empty_file);
    assert_file_refused((dm_network_file){.name = "f", .path = empty_file}, DM_ERR_FILE, message);
}

/* ---- To change ---- */

static dm_status encode_changes(struct fixture *fixture, const dm_network_changes *changes)
{
    request_init(&fixture->request, "PATCH");
    failure_init(&fixture->failure, &fixture->error);
    encode_network_changes(&fixture->request, changes, &fixture->failure);
    return fixture->failure.status;
}

static void each_change_is_sent_alone_and_all_together(void **state)
{
    static const struct {
        dm_network_changes changes;
        const char *body;
    } good[] = {
        {{.name = ""}, "{\"name\":\"\"}"},
        {{.description = "a\"b"}, "{\"description\":\"a\\\"b\"}"},
        {{.metadata = "{\"a\": 1.0}"}, "{\"metadata\":{\"a\": 1.0}}"},
        {{.name = "n", .description = "d", .metadata = "{}"}, "{\"name\":\"n\",\"description\":\"d\",\"metadata\":{}}"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        struct fixture fixture;
        assert_int_equal(encode_changes(&fixture, &good[i].changes), DM_OK);
        assert_true(request_finish(&fixture.request, &fixture.failure));
        assert_int_equal(fixture.request.media, MEDIA_JSON);
        assert_string_equal(fixture.request.body.text.data, good[i].body);
        request_free(&fixture.request);
    }
}

static void assert_changes_refused(const dm_network_changes *changes, const char *message)
{
    struct fixture fixture;
    assert_int_equal(encode_changes(&fixture, changes), DM_ERR_INVALID_ARGUMENT);
    assert_string_equal(fixture.error.message, message);
    request_free(&fixture.request);
}

static void wrong_changes_are_named(void **state)
{
    (void)state;
    assert_changes_refused(NULL, "there is nothing to change");
    assert_changes_refused(&(dm_network_changes){0}, "there is nothing to change");
    assert_changes_refused(&(dm_network_changes){.name = "\xff"}, "changes.name is not valid UTF-8");
    assert_changes_refused(&(dm_network_changes){.description = "\xff"}, "changes.description is not valid UTF-8");
    assert_changes_refused(&(dm_network_changes){.metadata = "5"}, "changes.metadata must be a JSON object, {...}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_documented_network_is_written),
        cmocka_unit_test(optional_fields_that_are_not_set_are_not_sent),
        cmocka_unit_test(wrong_texts_are_named),
        cmocka_unit_test(a_wrong_name_of_a_file_is_named),
        cmocka_unit_test(a_wrong_content_of_a_file_is_named),
        cmocka_unit_test(each_change_is_sent_alone_and_all_together),
        cmocka_unit_test(wrong_changes_are_named),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
