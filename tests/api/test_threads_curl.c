/* An application may use libcurl itself before, after and at the same time as the library. */
#include "api_test.h"
#include "assert_status.h"
#include "inference_same.h"
#include "temp_files.h"
#include "tiny_png.h"

#include "test.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { APPLICATION_THREADS = 4, LIBRARY_THREADS = 8, MAX_ROUNDS = 80, SIZE_OF_PAGE = 100 * 1000 };

/* Fewer under a sanitizer or valgrind, which make each round that much slower. */
static int rounds(void)
{
    const char *tool = getenv("DEEPOMATIC_TESTS_UNDER");

    if (tool == NULL)
        return MAX_ROUNDS;
    return strcmp(tool, "valgrind") == 0 ? MAX_ROUNDS / 16 : MAX_ROUNDS / 2;
}

/* ---- The application's own transfers ---- */

struct page {
    size_t length;
    unsigned sum;
};

struct application {
    const char *url;
    bool init_each_time; /* curl_global_init and _cleanup around each transfer */
    struct page expected;
    char complaint[256];
};

static size_t add_to_page(const char *bytes, size_t size, size_t count, void *data)
{
    struct page *page = data;

    for (size_t i = 0; i < size * count; i++)
        page->sum = page->sum * 31 + (unsigned char)bytes[i];
    page->length += size * count;
    return size * count;
}

/* libcurl as an application uses it, mostly with default options. */
static CURLcode get(const char *url, struct page *page)
{
    CURL *curl = curl_easy_init();

    *page = (struct page){0};
    if (curl == NULL)
        return CURLE_FAILED_INIT;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "application");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, add_to_page);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, page);
    const CURLcode code = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    return code;
}

static void get_once(struct application *application)
{
    struct page page;

    if (application->init_each_time)
        curl_global_init(CURL_GLOBAL_DEFAULT);
    const CURLcode code = get(application->url, &page);
    if (code != CURLE_OK)
        snprintf(application->complaint, sizeof application->complaint, "%s", curl_easy_strerror(code));
    else if (page.length != application->expected.length || page.sum != application->expected.sum)
        snprintf(application->complaint, sizeof application->complaint, "another page came");
    if (application->init_each_time)
        curl_global_cleanup();
}

static void *get_again_and_again(void *data)
{
    struct application *application = data;

    for (int i = 0; i < rounds() && application->complaint[0] == '\0'; i++)
        get_once(application);
    return NULL;
}

/* ---- The library's calls ---- */

struct caller {
    const struct api_test *test;
    dm_client *client; /* NULL: one of its own in each round */
    dm_input image;
    dm_inference *expected;
    char complaint[1024];
};

static dm_status ask(struct caller *caller, dm_client *client, dm_error *error)
{
    dm_inference *inference = NULL;
    dm_account *account = NULL;
    dm_status status =
        dm_spec_infer(client, dm_public_spec("sandbox-colors"), &caller->image, 1, NULL, NULL, &inference, error);

    if (status == DM_OK && !inference_same(inference, caller->expected))
        snprintf(caller->complaint, sizeof caller->complaint, "a wrong answer");
    if (status == DM_OK)
        status = dm_account_retrieve(client, NULL, &account, error);
    dm_inference_free(inference);
    dm_account_free(account);
    return status;
}

static void ask_with_a_client_of_its_own(struct caller *caller)
{
    const dm_client_options options = {
        .api_url = sandbox_url(caller->test->sandbox), .api_key = SANDBOX_KEY, .poll_delay_ms = 1};
    dm_client *client = NULL;
    dm_error error;

    if (dm_client_new(&options, &client, &error) != DM_OK || ask(caller, client, &error) != DM_OK)
        snprintf(caller->complaint, sizeof caller->complaint, "%s", error.message);
    dm_client_free(client);
}

static void *ask_again_and_again(void *data)
{
    struct caller *caller = data;
    dm_error error;

    for (int i = 0; i < rounds() && caller->complaint[0] == '\0'; i++) {
        if (caller->client == NULL)
            ask_with_a_client_of_its_own(caller);
        else if (ask(caller, caller->client, &error) != DM_OK)
            snprintf(caller->complaint, sizeof caller->complaint, "%s", error.message);
    }
    return NULL;
}

/* ---- Both ---- */

struct both {
    struct api_test test;
    char *folder;
    char *url; /* of the application's page */
    struct page page;
    unsigned char *image;
    size_t image_size;
    dm_inference *expected;
};

static void start_both(struct both *both)
{
    static const char *const picture[] = {"rrrr", "rrgg", "wwww", NULL};
    dm_error error;

    both->folder = temp_folder_new();
    assert_non_null(both->folder);
    const char *const arguments[] = {"--task-delay-ms", "0", "--files", both->folder, NULL};
    char *path = temp_path(both->folder, "page");
    assert_true(write_file_of_size(path, SIZE_OF_PAGE, "a page of the application's", 27));
    free(path);
    api_test_start(&both->test, arguments);
    both->url = api_file_url(&both->test, "page");
    both->image = tiny_png(picture, &both->image_size);
    const dm_input input = dm_image_bytes(both->image, both->image_size);
    assert_status(dm_spec_infer(both->test.client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL,
                                &both->expected, &error),
                  DM_OK, &error);
    assert_int_equal(get(both->url, &both->page), CURLE_OK);
    assert_int_equal(both->page.length, SIZE_OF_PAGE);
}

static void end_both(struct both *both)
{
    dm_inference_free(both->expected);
    free(both->image);
    free(both->url);
    api_test_stop(&both->test);
    temp_folder_remove(both->folder);
}

static void run_both(struct both *both, dm_client *shared, bool init_each_time)
{
    struct application applications[APPLICATION_THREADS];
    struct caller callers[LIBRARY_THREADS];
    pthread_t getting[APPLICATION_THREADS];
    pthread_t asking[LIBRARY_THREADS];

    for (int i = 0; i < APPLICATION_THREADS; i++) {
        applications[i] =
            (struct application){.url = both->url, .init_each_time = init_each_time, .expected = both->page};
        assert_int_equal(pthread_create(&getting[i], NULL, get_again_and_again, &applications[i]), 0);
    }
    for (int i = 0; i < LIBRARY_THREADS; i++) {
        callers[i] = (struct caller){.test = &both->test,
                                     .client = shared,
                                     .image = dm_image_bytes(both->image, both->image_size),
                                     .expected = both->expected};
        assert_int_equal(pthread_create(&asking[i], NULL, ask_again_and_again, &callers[i]), 0);
    }
    for (int i = 0; i < APPLICATION_THREADS; i++) {
        pthread_join(getting[i], NULL);
        assert_string_equal(applications[i].complaint, "");
    }
    for (int i = 0; i < LIBRARY_THREADS; i++) {
        pthread_join(asking[i], NULL);
        assert_string_equal(callers[i].complaint, "");
    }
}

/* Requests of the application contain nothing from the library, and vice versa. */
static void check_headers(const struct both *both)
{
    struct request_log *log = sandbox_requests_since(both->test.sandbox, 0);
    size_t pages = 0;

    assert_non_null(log);
    for (size_t i = 0; i < log->count; i++) {
        const bool page = strcmp(log_text(log->items[i], "path"), "/files/page") == 0;
        const char *agent = log_header(log->items[i], "user-agent");

        pages += page;
        assert_int_equal(strcmp(agent, "application") == 0, page);
        assert_int_equal(log_header(log->items[i], "x-api-key") == NULL, page);
        assert_int_equal(log_number(log->items[i], "status") < 300, true);
    }
    assert_int_equal(pages, 1 + APPLICATION_THREADS * rounds());
    request_log_free(log);
}

static void transfers_work_at_the_same_time_as_a_shared_client(void **state)
{
    struct both both;

    (void)state;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    start_both(&both);
    run_both(&both, both.test.client, false);
    check_headers(&both);
    end_both(&both);
    curl_global_cleanup();
}

/* Clients are made and freed, and libcurl initialised and cleaned up, by many threads at the same time. */
static void transfers_work_while_clients_are_made_and_freed(void **state)
{
    struct both both;

    (void)state;
    start_both(&both);
    run_both(&both, NULL, true);
    check_headers(&both);
    end_both(&both);
}

static void assert_both_work(struct both *both, dm_client *client)
{
    struct page page;
    dm_account *account = NULL;
    dm_error error;

    assert_int_equal(get(both->url, &page), CURLE_OK);
    assert_int_equal(page.sum, both->page.sum);
    if (client == NULL)
        return;
    assert_status(dm_account_retrieve(client, NULL, &account, &error), DM_OK, &error);
    dm_account_free(account);
}

/* Whether the library or the application initialises libcurl first and cleans up last, the other one still works. */
static void the_order_of_init_and_cleanup_does_not_matter(void **state)
{
    struct both both;

    (void)state;
    start_both(&both);
    dm_client_free(both.test.client); /* libcurl is no longer initialised */
    const char *url = sandbox_url(both.test.sandbox);

    curl_global_init(CURL_GLOBAL_DEFAULT);
    dm_client *inner = api_client_new(url, SANDBOX_KEY);
    assert_both_work(&both, inner);
    dm_client_free(inner);
    assert_both_work(&both, NULL);
    curl_global_cleanup();

    dm_client *outer = api_client_new(url, SANDBOX_KEY);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    assert_both_work(&both, outer);
    curl_global_cleanup();
    assert_both_work(&both, outer);

    curl_global_init(CURL_GLOBAL_DEFAULT);
    dm_client_free(outer);
    assert_both_work(&both, NULL);
    curl_global_cleanup();

    both.test.client = api_client_new(url, SANDBOX_KEY);
    assert_both_work(&both, both.test.client);
    end_both(&both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transfers_work_at_the_same_time_as_a_shared_client),
        cmocka_unit_test(transfers_work_while_clients_are_made_and_freed),
        cmocka_unit_test(the_order_of_init_and_cleanup_does_not_matter),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
