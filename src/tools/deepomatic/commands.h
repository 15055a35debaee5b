/* The functions that run the commands. Each group of commands has its own file, cmd_GROUP.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "command.h"

enum exit_status account_show(const struct cli *cli);

enum exit_status infer_images(const struct cli *cli);

enum exit_status specs_list(const struct cli *cli);
enum exit_status specs_get(const struct cli *cli);
enum exit_status specs_create(const struct cli *cli);
enum exit_status specs_update(const struct cli *cli);
enum exit_status specs_delete(const struct cli *cli);
enum exit_status specs_versions(const struct cli *cli);

enum exit_status networks_list(const struct cli *cli);
enum exit_status networks_get(const struct cli *cli);
enum exit_status networks_create(const struct cli *cli);
enum exit_status networks_update(const struct cli *cli);
enum exit_status networks_delete(const struct cli *cli);

enum exit_status versions_list(const struct cli *cli);
enum exit_status versions_get(const struct cli *cli);
enum exit_status versions_create(const struct cli *cli);
enum exit_status versions_delete(const struct cli *cli);

enum exit_status tasks_get(const struct cli *cli);
enum exit_status tasks_wait(const struct cli *cli);

#endif
