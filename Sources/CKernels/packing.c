#include "clones.h"
#include "sterna_kernels.h"

#include <string.h>

enum { LANES = 16, ROWS = 64 };

// One number of each lane.
typedef uint64_t lanes __attribute__((vector_size(LANES * 8)));

// `next` is the row of numbers that `ROW` computes from `row`.
#define PACK(ROW) \
  char *target = packed; \
  lanes filling = {0}; \
  unsigned used = 0; \
  for (int row = 0; row < ROWS; row++) { \
    lanes next; \
    ROW; \
    filling |= next << used; \
    used += width; \
    if (used >= 64) { \
      memcpy(target, &filling, sizeof filling); \
      target += sizeof filling; \
      used -= 64; \
      filling = used == 0 ? (lanes){0} : next >> (width - used); \
    } \
  }

CLONES void sterna_pack_distances(const int64_t *numbers, int64_t smallest, unsigned width, void *packed) {
  if (width == 0) return;
  PACK({
    memcpy(&next, numbers + row * LANES, sizeof next);
    next -= (uint64_t)smallest;
  })
}

CLONES void sterna_pack_differences(const int64_t *numbers, int64_t smallest, unsigned width, void *packed) {
  if (width == 0) return;
  // The first row has a number without a neighbour before it.
  uint64_t first[LANES];
  first[0] = 0;
  for (int lane = 1; lane < LANES; lane++)
    first[lane] = (uint64_t)numbers[lane] - (uint64_t)numbers[lane - 1] - (uint64_t)smallest;
  PACK({
    if (row == 0) {
      memcpy(&next, first, sizeof next);
    } else {
      lanes before;
      memcpy(&next, numbers + row * LANES, sizeof next);
      memcpy(&before, numbers + row * LANES - 1, sizeof before);
      next -= before + (uint64_t)smallest;
    }
  })
}
