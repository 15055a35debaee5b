/* The library's public calls, each with fixed arguments. They write fixture->error, check their result and free it.
 * Each can be made repeatedly. */
#ifndef FAULTS_CALLS_H
#define FAULTS_CALLS_H

#include "fixture.h"

typedef dm_status public_call(struct fixture *fixture);

public_call client_new;
public_call client_new_at_user;
public_call client_new_with_proxy;
public_call client_new_at_query;
public_call client_new_by_environment;
public_call cancel_new;
public_call account_retrieve;
public_call spec_create;
public_call spec_retrieve;
public_call spec_retrieve_public;
public_call spec_update;
public_call spec_delete;
public_call spec_list;
public_call spec_page_next;
public_call spec_iter_new;
public_call spec_iter_next;
public_call network_create;
public_call network_retrieve;
public_call network_retrieve_public;
public_call network_update;
public_call network_delete;
public_call network_list;
public_call network_page_next;
public_call network_iter_new;
public_call network_iter_next;
public_call version_create;
public_call version_retrieve;
public_call version_delete;
public_call version_list;
public_call spec_versions;
public_call version_page_next;
public_call version_iter_new;
public_call version_iter_next;
public_call spec_infer_url;
public_call spec_infer_file;
public_call spec_infer_bytes;
public_call spec_infer_base64;
public_call spec_infer_no_file;
public_call spec_submit_url;
public_call spec_submit_file;
public_call spec_submit_bytes;
public_call spec_submit_base64;
public_call spec_infer_mixed;
public_call spec_submit_mixed;
public_call version_infer_mixed;
public_call version_submit_mixed;
public_call task_retrieve;
public_call task_wait;
public_call task_list;
public_call task_wait_all;
public_call queue_spec_mixed;
public_call queue_version_url;
public_call queue_task;

/* Steps before some of the calls. */
typedef void preparation(struct fixture *fixture);

preparation fill_environment;
preparation prepare_doubt;
preparation prepare_specs;
preparation prepare_spec_iter;
preparation prepare_spec_iter_at_end_of_page;
preparation prepare_networks;
preparation prepare_network_iter;
preparation prepare_network_iter_at_end_of_page;
preparation prepare_versions;
preparation prepare_version_iter;
preparation prepare_version_iter_at_end_of_page;

#endif
