// Which texts of a column are equal.
#pragma once

#include "interning.h"

#define NULL_CODE UINT32_MAX

// The first row of a text, and how many rows have it.
struct kind {
  uint32_t row, count;
};

// Begins with `grows` (1) set, the rest 0. Whoever made it frees the entries and the kinds (from malloc).
struct table {
  struct entry *entries;
  size_t mask, count;
  // By code.
  struct kind *kinds;
  size_t kind_count, kind_capacity;
  // Whether new texts are still remembered.
  int grows;
};

static inline size_t size_at(const struct texts *texts, long long row) {
  return (size_t)(texts->bounds[row + 1] - texts->bounds[row]);
}

static inline const char *bytes_at(const struct texts *texts, long long row) {
  return texts->data + texts->bounds[row];
}

// Puts the code of each row into its slot, NULL_CODE for a null, and counts the nulls; -1 when memory ran
// out. Needs no interpreter.
long long number_rows(struct table *table, const struct texts *texts, const uint8_t *validity,
                      long long validity_offset, uintptr_t *slots);

// - Precondition: `number_rows` was called, and `entries` is not NULL.
void free_entries(struct table *table);
