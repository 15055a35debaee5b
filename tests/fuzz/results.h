/* Reads all fields of decoded results, and asserts what the header documents about them. */
#ifndef FUZZ_RESULTS_H
#define FUZZ_RESULTS_H

#include <deepomatic.h>

void claim_account(const dm_account *account);
void claim_spec(const dm_spec *spec);
void claim_spec_page(const dm_spec_page *page);
void claim_network(const dm_network *network);
void claim_network_page(const dm_network_page *page);
void claim_version(const dm_version *version);
void claim_version_page(const dm_version_page *page);
void claim_task(const dm_task *task);
void claim_task_id(const dm_task_id *id);

#endif
