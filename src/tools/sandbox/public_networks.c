#include "public_networks.h"

#include "clock.h"
#include "json_tools.h"
#include "network_fields.h"
#include "networks.h"

static const struct public_network {
    const char *id;
    const char *name;
    const char *framework;
} PUBLIC_NETWORKS[] = {
    {"sandbox-tensorflow", "A TensorFlow network", "tensorflow-1.x"},
    {"sandbox-caffe", "A Caffe network", "nv-caffe-0.x-mod"},
};

enum { PUBLIC_NETWORK_COUNT = sizeof PUBLIC_NETWORKS / sizeof PUBLIC_NETWORKS[0] };

static json_object *network_new(const struct public_network *public_network)
{
    json_object *network = json_pair("id", json_object_new_string(public_network->id));
    json_object *now = clock_date();

    json_object_object_add(network, "name", json_object_new_string(public_network->name));
    json_object_object_add(network, "description", json_object_new_string(""));
    json_object_object_add(network, "update_date", now);
    json_share(network, "create_date", now);
    json_object_object_add(network, "metadata", json_object_new_object());
    json_object_object_add(network, "framework", json_object_new_string(public_network->framework));
    json_object_object_add(network, "preprocessing", network_usual_preprocessing());
    json_object_object_add(network, "postprocessings", json_object_new_array());
    return network;
}

void public_networks_add(struct table *table)
{
    for (size_t i = 0; i < PUBLIC_NETWORK_COUNT; i++)
        table_add(table, network_new(&PUBLIC_NETWORKS[i]));
}

void public_networks_list(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct selection selection = {0};

    selection_add_all(&selection, &sandbox->store.public_networks);
    page_reply(sandbox, request, &selection, network_list_view, reply);
}

void public_network_show(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const struct table *networks = &sandbox->store.public_networks;

    for (size_t i = 0; i < networks->count; i++) {
        json_object *network = networks->records[i].object;

        if (bytes_equal_text(request->name, json_object_get_string(json_object_object_get(network, "id")))) {
            reply_json(reply, 200, json_object_get(network));
            return;
        }
    }
    reply_not_found(reply);
}
