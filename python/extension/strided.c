// Columns that lie across their memory - the rows of a NumPy table - made into columns of their own. Each cache line of
// such a table holds values of several columns, so a piece of all columns is copied while it is in the cache.
#include "engine.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// What may be read at once so that it stays in a core's own cache.
enum { PIECE_BYTES = 256 << 10, HUGE_PAGE = 2 << 20, ALIGNMENT = 64 };

struct gathered {
  atomic_long reference_count;
  void *memory;
};

void gathered_release(struct gathered *gathered) {
  if (atomic_fetch_sub(&gathered->reference_count, 1) > 1) return;
  free(gathered->memory);
  free(gathered);
}

#define COPY(type)                                                                                                     \
  for (long long row = first; row < end; row++) {                                                                      \
    type value;                                                                                                        \
    memcpy(&value, column->source + row * column->stride, sizeof value);                                               \
    ((type *)column->target)[row] = value;                                                                             \
  }

static void copy_rows(const struct strided *column, long long first, long long end) {
  switch (column->width) {
  case 1: COPY(uint8_t) break;
  case 2: COPY(uint16_t) break;
  case 4: COPY(uint32_t) break;
  default: COPY(uint64_t) break;
  }
}

struct gathered *gather(struct strided *columns, size_t count, long long row_count) {
  struct gathered *gathered = malloc(sizeof *gathered);
  size_t size = 0;
  long long widest = 1;
  for (size_t i = 0; i < count; i++) {
    size += ((size_t)row_count * columns[i].width + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    long long stride = columns[i].stride < 0 ? -columns[i].stride : columns[i].stride;
    widest = stride > widest ? stride : widest;
  }
  size_t alignment = size >= 2 * HUGE_PAGE ? HUGE_PAGE : ALIGNMENT;
  if (gathered) gathered->memory = aligned_alloc(alignment, (size + alignment) / alignment * alignment);
  if (!gathered || !gathered->memory) {
    free(gathered);
    PyErr_NoMemory();
    return NULL;
  }
#ifdef MADV_HUGEPAGE
  // The first touch of small pages would take longer than the copy.
  if (alignment == HUGE_PAGE) madvise(gathered->memory, size, MADV_HUGEPAGE);
#endif
  atomic_init(&gathered->reference_count, (long)count);
  char *target = gathered->memory;
  for (size_t i = 0; i < count; i++) {
    columns[i].target = target;
    target += ((size_t)row_count * columns[i].width + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
  long long step = PIECE_BYTES / widest < 8 ? 8 : PIECE_BYTES / widest;
  Py_BEGIN_ALLOW_THREADS
  for (long long first = 0; first < row_count; first += step) {
    long long end = first + step < row_count ? first + step : row_count;
    for (size_t i = 0; i < count; i++) copy_rows(&columns[i], first, end);
  }
  Py_END_ALLOW_THREADS
  return gathered;
}
