// Texts to objects, equal ones to the same object.
#pragma once

#include "engine.h"

// Texts in Arrow's layout: text i is data[bounds[i] ..< bounds[i + 1]].
struct texts {
  const int64_t *bounds;
  const char *data;
  long long count;
  int is_binary;
};

// Puts a new reference to an object into the slot of each text, to `null` where a bit of `validity` is 0.
// Returns how many slots were filled; fewer than there are texts with an exception set.
long long make_objects(const struct texts *texts, const uint8_t *validity, long long validity_offset,
                       PyObject *null, PyObject **slots);

// Makes an object for each text of which `counts` has rows, with a reference for each of these; the others
// get none.
// Returns -1, and has made nothing, with an exception set.
int make_counted_objects(const struct texts *texts, const uint32_t *counts, PyObject **objects);
