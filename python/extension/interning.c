// One object for equal texts of a column.
//
//   texts    user-17   user-4   user-17   ...
//   table    [ hash, row of the first such text, object ]     open addressing, at most half full
//
// A text that was seen before costs a few reads from all over the memory. So rows are looked up in batches, in
// three passes: each asks for the memory that the next one reads.
#define _DEFAULT_SOURCE
#include "interning.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BATCH_SIZE 64
#define ENTRY_COUNT_MIN 4096
// Whether texts repeat shows when so many entries are used up; of a million ids hardly one does before.
#define TRIAL_ENTRY_COUNT (1 << 19)
// With more entries the table would be larger than what it saves; texts behind these get objects of their own.
#define ENTRY_COUNT_MAX (1 << 22)

struct entry {
  PyObject *object;
  uint32_t hash, row;
};

struct table {
  struct entry *entries;
  size_t mask, count;
  // Whether new texts are still remembered.
  int grows;
};

static uint64_t word_at(const char *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

// Up to 7 bytes as one number.
static uint64_t short_word(const char *bytes, size_t size) {
  if (size >= 4) {
    uint32_t first, last;
    memcpy(&first, bytes, 4);
    memcpy(&last, bytes + size - 4, 4);
    return (uint64_t)first << 32 | last;
  }
  if (size == 0) return 0;
  return (uint64_t)(uint8_t)bytes[0] << 16 | (uint64_t)(uint8_t)bytes[size >> 1] << 8 | (uint8_t)bytes[size - 1];
}

// Both halves of the product: each bit of the word counts in each bit of the result (as in wyhash).
static uint64_t mixed(uint64_t hash, uint64_t word) {
  unsigned __int128 product = (unsigned __int128)(hash ^ word) * 0xFF51AFD7ED558CCDu;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint32_t hash_of(const char *bytes, size_t size) {
  uint64_t hash = 0x9E3779B97F4A7C15u ^ size;
  if (size < 8) return (uint32_t)mixed(hash, short_word(bytes, size));
  for (size_t position = 0; position + 8 < size; position += 8) hash = mixed(hash, word_at(bytes + position));
  return (uint32_t)mixed(hash, word_at(bytes + size - 8));
}

static int are_equal(const char *left, const char *right, size_t size) {
  if (size < 8) return short_word(left, size) == short_word(right, size);
  for (size_t position = 0; position + 8 < size; position += 8)
    if (word_at(left + position) != word_at(right + position)) return 0;
  return word_at(left + size - 8) == word_at(right + size - 8);
}

static size_t size_at(const struct texts *texts, long long row) {
  return (size_t)(texts->bounds[row + 1] - texts->bounds[row]);
}

static const char *bytes_at(const struct texts *texts, long long row) { return texts->data + texts->bounds[row]; }

static PyObject *new_object(const struct texts *texts, long long row) {
  Py_ssize_t size = (Py_ssize_t)size_at(texts, row);
  return texts->is_binary ? PyBytes_FromStringAndSize(bytes_at(texts, row), size)
                          : PyUnicode_DecodeUTF8(bytes_at(texts, row), size, NULL);
}

// ---- The table

// Empty entries; on huge pages where they are many, for they are read all over the place.
static struct entry *empty_entries(size_t count) {
  size_t size = count * sizeof(struct entry), huge_page = 2 << 20;
  if (size < 2 * huge_page) return calloc(count, sizeof(struct entry));
  void *entries;
  if (posix_memalign(&entries, huge_page, size) != 0) return NULL;
#ifdef MADV_HUGEPAGE
  // A refusal costs speed only.
  (void)madvise(entries, size, MADV_HUGEPAGE);
#endif
  return memset(entries, 0, size);
}

static int resize(struct table *table, size_t entry_count) {
  struct entry *entries = empty_entries(entry_count);
  if (!entries) return -1;
  size_t mask = entry_count - 1;
  for (size_t i = 0; table->entries && i <= table->mask; i++) {
    if (!table->entries[i].object) continue;
    size_t place = table->entries[i].hash & mask;
    while (entries[place].object) place = (place + 1) & mask;
    entries[place] = table->entries[i];
  }
  free(table->entries);
  table->entries = entries;
  table->mask = mask;
  return 0;
}

// Makes room after a text was added as row `row`; where hardly any text came twice, none is remembered any more.
static void grow(struct table *table, long long row) {
  size_t size = table->mask + 1;
  if (table->count * 2 <= size) return;
  int is_useful = size < TRIAL_ENTRY_COUNT || table->count < (size_t)row / 16 * 15;
  // Small tables grow fast: they are copied often otherwise.
  size_t larger = size < TRIAL_ENTRY_COUNT ? size * 8 : size * 2;
  table->grows = is_useful && larger <= ENTRY_COUNT_MAX && resize(table, larger) == 0;
}

// The next entry of a hash from a place on, or the empty one where it belongs.
static struct entry *entry_from(const struct table *table, size_t place, uint32_t hash) {
  for (;; place++) {
    struct entry *entry = &table->entries[place & table->mask];
    if (!entry->object || entry->hash == hash) return entry;
  }
}

// The entry of a text, or the empty one where it belongs.
static struct entry *find(const struct table *table, const struct texts *texts, long long row, uint32_t hash) {
  size_t size = size_at(texts, row), place = hash;
  for (;;) {
    struct entry *entry = entry_from(table, place, hash);
    if (!entry->object || (size_at(texts, entry->row) == size &&
                           are_equal(bytes_at(texts, entry->row), bytes_at(texts, row), size)))
      return entry;
    place = (size_t)(entry - table->entries) + 1;
  }
}

// A new reference; NULL with an exception set.
static PyObject *object_of(struct table *table, const struct texts *texts, long long row, uint32_t hash) {
  struct entry *entry = find(table, texts, row, hash);
  if (entry->object) {
    Py_INCREF(entry->object);
    return entry->object;
  }
  PyObject *object = new_object(texts, row);
  if (object && table->grows) {
    // The column's own reference keeps the object alive.
    *entry = (struct entry){object, hash, (uint32_t)row};
    table->count++;
    grow(table, row + 1);
  }
  return object;
}

// ---- Batches

static void prepare(const struct table *table, const struct texts *texts, long long first, int count,
                    uint32_t *hashes) {
  uint32_t rows[BATCH_SIZE];
  for (int i = 0; i < count; i++) {
    hashes[i] = hash_of(bytes_at(texts, first + i), size_at(texts, first + i));
    __builtin_prefetch(&table->entries[hashes[i] & table->mask]);
  }
  for (int i = 0; i < count; i++) {
    const struct entry *entry = entry_from(table, hashes[i], hashes[i]);
    rows[i] = entry->row;
    __builtin_prefetch(&texts->bounds[entry->row]);
    __builtin_prefetch(entry->object, 1);
  }
  for (int i = 0; i < count; i++) __builtin_prefetch(bytes_at(texts, rows[i]));
}

long long make_objects(const struct texts *texts, const uint8_t *validity, long long validity_offset, PyObject *null,
                       PyObject **slots) {
  struct table table = {NULL, 0, 0, texts->count <= UINT32_MAX};
  if (resize(&table, ENTRY_COUNT_MIN) != 0) {
    PyErr_NoMemory();
    return 0;
  }
  long long row = 0;
  while (row < texts->count) {
    uint32_t hashes[BATCH_SIZE];
    long long end = row + BATCH_SIZE < texts->count ? row + BATCH_SIZE : texts->count;
    prepare(&table, texts, row, (int)(end - row), hashes);
    for (long long first = row; row < end; row++) {
      long long bit = validity_offset + row;
      if (!validity || (validity[bit >> 3] >> (bit & 7) & 1)) {
        PyObject *object = object_of(&table, texts, row, hashes[row - first]);
        if (!object) goto ended;
        slots[row] = object;
      } else {
        Py_INCREF(null);
        slots[row] = null;
      }
    }
  }
ended:
  free(table.entries);
  return row;
}
