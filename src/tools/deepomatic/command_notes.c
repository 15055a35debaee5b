#include "command_notes.h"

#include <string.h>

static const char networks_create_notes[] =
    "\nWithout --timeout, neither the upload nor --wait has a time limit. The upload fails if no data moves for\n"
    "10 seconds. The network is printed before the wait, so that its id and its task are known even if the wait "
    "fails.\n"
    "\nThe preprocessing says how an image becomes the input tensors of the network. Its fields:\n"
    "  inputs[].tensor_name            name of the input tensor in the model\n"
    "  inputs[].image.dimension_order  NCHW, NCWH, NHWC or NWHC: batch size, channels, height and width\n"
    "  inputs[].image.resize_type      SQUASH (ignore the aspect ratio), CROP (cut the longer side), FILL (add "
    "borders)\n"
    "                                  or NETWORK (keep the aspect ratio; the network takes any size)\n"
    "  inputs[].image.target_size      \"WIDTHxHEIGHT\", or \"N\" for the length of a side, such as \"224x224\"\n"
    "  inputs[].image.color_channels   RGB, BGR or L (grey)\n"
    "  inputs[].image.pixel_scaling    largest value of a pixel, such as 255.0\n"
    "  inputs[].image.mean_file        name of the file with the mean to subtract; \"\": none\n"
    "  inputs[].image.data_type        type of the tensor's elements, such as FLOAT32\n"
    "  batched_output                  always true\n"
    "\nExample:\n"
    "  deepomatic networks create --name colours --framework tensorflow-1.x --wait \\\n"
    "    --preprocessing '{\"inputs\": [{\"tensor_name\": \"x\", \"image\": {\"dimension_order\": \"NHWC\",\n"
    "      \"resize_type\": \"SQUASH\", \"target_size\": \"224x224\", \"color_channels\": \"RGB\",\n"
    "      \"pixel_scaling\": 255.0, \"mean_file\": \"\", \"data_type\": \"FLOAT32\"}}], \"batched_output\": true}' "
    "\\\n"
    "    model/saved_model.pb model/variables/variables.index model/variables/variables.data-00000-of-00001\n";

static const char specs_create_notes[] =
    "\nThere is one output for each output of the network. Its fields:\n"
    "  labels.labels[]   the labels, in the order of the network's output: id, any integer, and name\n"
    "  labels.exclusive  true: at most one label applies\n"
    "  labels.roi        NONE: the labels apply to the whole image; BBOX: to boxes in it\n"
    "\nExample: a classification into three colours, and a detection of cats:\n"
    "  deepomatic specs create --name Colours --outputs '[\n"
    "    {\"labels\": {\"roi\": \"NONE\", \"exclusive\": true, \"labels\": [{\"id\": 0, \"name\": \"brown\"},\n"
    "      {\"id\": 1, \"name\": \"gray\"}, {\"id\": 2, \"name\": \"black\"}]}},\n"
    "    {\"labels\": {\"roi\": \"BBOX\", \"exclusive\": false, \"labels\": [{\"id\": 7, \"name\": \"cat\"}]}}]'\n";

static const char versions_create_notes[] =
    "\nThere is one post-processing for each output of the specification. It has one of these fields:\n"
    "  classification             for labels of the whole image (roi NONE):\n"
    "    output_tensor            name of the output tensor in the model\n"
    "    thresholds[]             one for each label; a label is predicted if its score is above\n"
    "  detection                  for labels of boxes (roi BBOX):\n"
    "    direct_output            boxes_tensor, scores_tensor and classes_tensor; or anchored_output: anchors_tensor,\n"
    "                             offsets_tensor and scores_tensor; or yolo_output\n"
    "    thresholds[]             one for each label\n"
    "    nms_threshold            of two boxes of one label that overlap more, only one is kept; such as 0.3\n"
    "    normalize_wrt_tensor     tensor with the height and the width of the image, if boxes are in pixels; \"\": "
    "none\n"
    "\nExample: a classification into three colours, and a detection of cats:\n"
    "  deepomatic versions create --spec 42 --network 7 --post-processings '[\n"
    "    {\"classification\": {\"output_tensor\": \"prob\", \"thresholds\": [0.025, 0.025, 0.025]}},\n"
    "    {\"detection\": {\"direct_output\": {\"boxes_tensor\": \"detection_boxes:0\", \"scores_tensor\":\n"
    "      \"detection_scores:0\", \"classes_tensor\": \"detection_classes:0\"}, \"thresholds\": [0.8],\n"
    "      \"nms_threshold\": 0.3, \"normalize_wrt_tensor\": \"\"}}]'\n";

static const struct {
    const char *group;
    const char *verb;
    const char *text;
} notes[] = {
    {"networks", "create", networks_create_notes},
    {"specs", "create", specs_create_notes},
    {"versions", "create", versions_create_notes},
};

void command_notes_explain(FILE *out, const struct command *command)
{
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++)
        if (command->verb != NULL && strcmp(command->group, notes[i].group) == 0 &&
            strcmp(command->verb, notes[i].verb) == 0)
            fputs(notes[i].text, out);
}
