#include "decoder.h"

static const struct shape_rule rules[] = {{"id", SHAPE_INTEGER, false}, {"name", SHAPE_STRING, false}};

FUZZ_DECODER(account)
