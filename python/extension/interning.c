// One object for equal texts of a column.
//
//   texts    user-17   user-4   user-17   ...
//   codes    0         1        0         ...                 kept in the slots until the objects are there
//   table    [ hash, code ]                                   open addressing, at most half full
//   kinds    [ row of the first such text, how many ]
//
//   number the rows ──► make one object for each kind, with all its references ──► put them into the slots
//   without the interpreter's lock    with it                                       without it
//
// A text that was seen before costs a few reads from all over the memory. So rows are looked up in batches, in
// three passes: each asks for the memory that the next one reads. The objects themselves are touched in their order.
#define _DEFAULT_SOURCE
#include "interning.h"

#include "references.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BATCH_SIZE 64
#define ENTRY_COUNT_MIN 4096
// Whether texts repeat shows when so many entries are used up; of a million ids hardly one does before.
#define TRIAL_ENTRY_COUNT (1 << 19)
// With more entries the table would be larger than what it saves; texts behind these get objects of their own.
#define ENTRY_COUNT_MAX (1 << 22)

// More rows than codes can number are taken piece by piece.
#define PIECE_ROW_COUNT (1LL << 31)
#define NULL_CODE UINT32_MAX

struct entry {
  // A code plus 1; 0 in an empty entry.
  uint32_t hash, number;
};

struct kind {
  uint32_t row, count;
};

struct table {
  struct entry *entries;
  size_t mask, count;
  struct kind *kinds;
  size_t kind_count, kind_capacity;
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
    if (!table->entries[i].number) continue;
    size_t place = table->entries[i].hash & mask;
    while (entries[place].number) place = (place + 1) & mask;
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
    if (!entry->number || entry->hash == hash) return entry;
  }
}

// The entry of a text, or the empty one where it belongs.
static struct entry *find(const struct table *table, const struct texts *texts, long long row, uint32_t hash) {
  size_t size = size_at(texts, row), place = hash;
  for (;;) {
    struct entry *entry = entry_from(table, place, hash);
    if (!entry->number) return entry;
    uint32_t known = table->kinds[entry->number - 1].row;
    if (size_at(texts, known) == size && are_equal(bytes_at(texts, known), bytes_at(texts, row), size)) return entry;
    place = (size_t)(entry - table->entries) + 1;
  }
}

// The code of a new kind, or NULL_CODE when there is no memory for it.
static uint32_t add_kind(struct table *table, long long row) {
  if (table->kind_count == table->kind_capacity) {
    size_t capacity = table->kind_capacity ? table->kind_capacity * 2 : 1024;
    struct kind *larger = realloc(table->kinds, capacity * sizeof *larger);
    if (!larger) return NULL_CODE;
    table->kinds = larger;
    table->kind_capacity = capacity;
  }
  table->kinds[table->kind_count] = (struct kind){(uint32_t)row, 0};
  return (uint32_t)table->kind_count++;
}

static uint32_t code_of(struct table *table, const struct texts *texts, long long row, uint32_t hash) {
  struct entry *entry = find(table, texts, row, hash);
  if (entry->number) return entry->number - 1;
  uint32_t code = add_kind(table, row);
  if (code != NULL_CODE && table->grows) {
    *entry = (struct entry){hash, code + 1};
    table->count++;
    grow(table, row + 1);
  }
  return code;
}

// ---- Codes of rows

static void prepare(const struct table *table, const struct texts *texts, long long first, int count,
                    uint32_t *hashes) {
  uint32_t rows[BATCH_SIZE];
  for (int i = 0; i < count; i++) {
    hashes[i] = hash_of(bytes_at(texts, first + i), size_at(texts, first + i));
    __builtin_prefetch(&table->entries[hashes[i] & table->mask]);
  }
  for (int i = 0; i < count; i++) {
    const struct entry *entry = entry_from(table, hashes[i], hashes[i]);
    rows[i] = entry->number ? entry->number - 1 : 0;
    __builtin_prefetch(&table->kinds[rows[i]], 1);
  }
  for (int i = 0; i < count && table->kind_count; i++) {
    rows[i] = table->kinds[rows[i]].row;
    __builtin_prefetch(&texts->bounds[rows[i]]);
  }
  for (int i = 0; i < count && table->kind_count; i++) __builtin_prefetch(bytes_at(texts, rows[i]));
}

// Puts the code of each row into its slot, and counts the nulls; -1 when memory ran out.
static long long number_rows(struct table *table, const struct texts *texts, const uint8_t *validity,
                             long long validity_offset, uintptr_t *slots) {
  long long null_count = 0;
  if (resize(table, ENTRY_COUNT_MIN) != 0) return -1;
  for (long long row = 0; row < texts->count;) {
    uint32_t hashes[BATCH_SIZE];
    long long end = row + BATCH_SIZE < texts->count ? row + BATCH_SIZE : texts->count;
    prepare(table, texts, row, (int)(end - row), hashes);
    for (long long first = row; row < end; row++) {
      long long bit = validity_offset + row;
      if (validity && !(validity[bit >> 3] >> (bit & 7) & 1)) {
        slots[row] = NULL_CODE;
        null_count++;
        continue;
      }
      uint32_t code = code_of(table, texts, row, hashes[row - first]);
      if (code == NULL_CODE) return -1;
      table->kinds[code].count++;
      slots[row] = code;
    }
  }
  return null_count;
}

// ---- Objects of codes

// One object for each kind, with a reference for each of its rows; NULL with an exception set.
static PyObject **objects_of(const struct table *table, const struct texts *texts) {
  PyObject **objects = malloc((table->kind_count + 1) * sizeof *objects);
  if (!objects) return (PyObject **)PyErr_NoMemory();
  for (size_t code = 0; code < table->kind_count; code++) {
    objects[code] = new_object(texts, table->kinds[code].row);
    if (!objects[code]) {
      while (code-- > 0) {
        add_references(objects[code], 1 - (Py_ssize_t)table->kinds[code].count);
        Py_DECREF(objects[code]);
      }
      free(objects);
      return NULL;
    }
    add_references(objects[code], (Py_ssize_t)table->kinds[code].count - 1);
  }
  return objects;
}

// All slots are filled, or none, with an exception set.
static int fill_piece(const struct texts *texts, const uint8_t *validity, long long validity_offset, PyObject *null,
                      PyObject **slots) {
  struct table table = {.grows = 1};
  long long null_count;
  // Nobody else knows the array yet.
  Py_BEGIN_ALLOW_THREADS
  null_count = number_rows(&table, texts, validity, validity_offset, (uintptr_t *)slots);
  free(table.entries);
  Py_END_ALLOW_THREADS
  if (null_count < 0) PyErr_NoMemory();
  PyObject **objects = null_count < 0 ? NULL : objects_of(&table, texts);
  Py_BEGIN_ALLOW_THREADS
  for (long long row = 0; objects && row < texts->count; row++) {
    uint32_t code = (uint32_t)(uintptr_t)slots[row];
    slots[row] = code == NULL_CODE ? null : objects[code];
  }
  free(table.kinds);
  free(objects);
  Py_END_ALLOW_THREADS
  if (objects) add_references(null, null_count);
  return objects ? 0 : -1;
}

long long make_objects(const struct texts *texts, const uint8_t *validity, long long validity_offset, PyObject *null,
                       PyObject **slots) {
  long long row = 0;
  while (row < texts->count) {
    long long left = texts->count - row;
    struct texts piece = {texts->bounds + row, texts->data, left < PIECE_ROW_COUNT ? left : PIECE_ROW_COUNT,
                          texts->is_binary};
    if (fill_piece(&piece, validity, validity_offset + row, null, slots + row) != 0) break;
    row += piece.count;
  }
  return row;
}

// ---- Objects of a dictionary

// Whether each text is longer than the one before, or as long and larger: then no two are equal.
static int is_ascending(const struct texts *texts) {
  for (long long row = 1; row < texts->count; row++) {
    size_t size = size_at(texts, row), size_before = size_at(texts, row - 1);
    if (size < size_before) return 0;
    if (size == size_before && memcmp(bytes_at(texts, row - 1), bytes_at(texts, row), size) >= 0) return 0;
  }
  return 1;
}

static int make_distinct_objects(const struct texts *texts, const uint32_t *counts, PyObject **objects) {
  for (long long row = 0; row < texts->count; row++) {
    objects[row] = counts[row] ? new_object(texts, row) : NULL;
    if (objects[row]) {
      add_references(objects[row], (Py_ssize_t)counts[row] - 1);
    } else if (counts[row]) {
      while (row-- > 0) {
        if (!objects[row]) continue;
        add_references(objects[row], 1 - (Py_ssize_t)counts[row]);
        Py_DECREF(objects[row]);
      }
      return -1;
    }
  }
  return 0;
}

// Texts that may occur twice: those that rows have are looked up, None stands in for the others.
static int make_interned_objects(const struct texts *texts, const uint32_t *counts, PyObject **objects) {
  uint8_t *are_used = calloc((size_t)texts->count / 8 + 1, 1);
  if (!are_used) {
    PyErr_NoMemory();
    return -1;
  }
  for (long long row = 0; row < texts->count; row++) are_used[row >> 3] |= (uint8_t)((counts[row] > 0) << (row & 7));
  long long made = make_objects(texts, are_used, 0, Py_None, objects);
  free(are_used);
  if (made < texts->count) {
    while (made-- > 0) Py_DECREF(objects[made]);
    return -1;
  }
  for (long long row = 0; row < made; row++) add_references(objects[row], (Py_ssize_t)counts[row] - 1);
  return 0;
}

int make_counted_objects(const struct texts *texts, const uint32_t *counts, PyObject **objects) {
  int are_distinct;
  Py_BEGIN_ALLOW_THREADS
  are_distinct = is_ascending(texts);
  Py_END_ALLOW_THREADS
  return are_distinct ? make_distinct_objects(texts, counts, objects) : make_interned_objects(texts, counts, objects);
}
