#include "account.h"

#include "clock.h"

json_object *account_new(void)
{
    json_object *account = json_object_new_object();
    json_object *now = clock_date();

    json_object_object_add(account, "id", json_object_new_int(1));
    json_object_object_add(account, "name", json_object_new_string("sandbox"));
    json_object_object_add(account, "date_created", now);
    json_object_object_add(account, "date_updated", json_object_get(now));
    return account;
}

void account_show(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    (void)request;
    reply_json(reply, 200, json_object_get(sandbox->store.account));
}
