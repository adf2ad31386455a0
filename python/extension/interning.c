// One object for equal texts of a column.
//
//   texts    user-17   user-4   user-17   ...
//   codes    0         1        0         ...                 kept in the slots until the objects are there
//
//   number the rows ──► make one object for each kind, with all its references ──► put them into the slots
//   without the interpreter's lock    with it                                       without it
#include "interning.h"

#include "references.h"
#include "text_table.h"

#include <stdlib.h>
#include <string.h>

// More rows than codes can number are taken piece by piece.
#define PIECE_ROW_COUNT (1LL << 31)

static PyObject *new_object(const struct texts *texts, long long row) {
  Py_ssize_t size = (Py_ssize_t)size_at(texts, row);
  return texts->is_binary ? PyBytes_FromStringAndSize(bytes_at(texts, row), size)
                          : PyUnicode_DecodeUTF8(bytes_at(texts, row), size, NULL);
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
  if (table.entries) free_entries(&table);
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
