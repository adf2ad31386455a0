// Texts and bytes in Arrow's layout as Python objects, in bulk. Equal texts of a column become one object.
#include "interning.h"

#include "references.h"
#include "slots.h"

#include <stdlib.h>
#include <string.h>

// ---- Texts to objects

static int is_present(const uint8_t *validity, long long row) {
  return !validity || (validity[row >> 3] >> (row & 7) & 1);
}

// Any of several buffers, or nothing for None.
static int view_of(PyObject *object, Py_buffer *view) {
  memset(view, 0, sizeof *view);
  return object == Py_None ? 0 : PyObject_GetBuffer(object, view, PyBUF_SIMPLE);
}

// decode_texts(offsets, data, validity, offset, count, is_binary, null) -> slots
PyObject *decode_texts(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *offsets, *data, *validity, *null, *slots = NULL;
  long long offset, count;
  int is_binary;
  if (!PyArg_ParseTuple(arguments, "OOOLLpO", &offsets, &data, &validity, &offset, &count, &is_binary, &null))
    return NULL;
  Py_buffer bounds_view = {0}, data_view = {0}, validity_view = {0};
  if (view_of(offsets, &bounds_view) == 0 && view_of(data, &data_view) == 0 && view_of(validity, &validity_view) == 0 &&
      (slots = slots_new(count))) {
    struct texts texts = {(const int64_t *)bounds_view.buf + offset, data_view.buf ? data_view.buf : "", count,
                          is_binary};
    PyObject **objects = slots_objects(slots);
    long long made = make_objects(&texts, validity_view.buf, offset, null, objects);
    if (made == count) {
      slots_are_filled(slots);
    } else {
      while (made-- > 0) Py_DECREF(objects[made]);
      Py_CLEAR(slots);
    }
  }
  if (validity_view.obj) PyBuffer_Release(&validity_view);
  if (data_view.obj) PyBuffer_Release(&data_view);
  if (bounds_view.obj) PyBuffer_Release(&bounds_view);
  return slots;
}

// ---- Codes to objects

// Rows of codes into texts; a row whose bit of `validity` is 0 is null, whatever its code.
struct coded {
  const int32_t *codes;
  const uint8_t *validity;
  long long offset, count;
};

// References to few objects are counted in several tables in turn: adding to one number again and again waits
// for itself.
#define TABLE_COUNT 4
// Objects of more texts than these are made for those that a row has only.
#define FEW_TEXTS_MAX 4096

// Fills slots with what codes stand for, without references, and counts them in a table each: the last counter of a
// table is the null's.
static void place_few(PyObject **slots, const struct coded *rows, PyObject *const *objects, long long text_count,
                      PyObject *null, uint32_t *counters) {
  long long i = 0, stride = text_count + 1;
  if (!rows->validity) {
    const int32_t *codes = rows->codes + rows->offset;
    for (; i + TABLE_COUNT <= rows->count; i += TABLE_COUNT) {
      for (int k = 0; k < TABLE_COUNT; k++) {
        slots[i + k] = objects[codes[i + k]];
        counters[k * stride + codes[i + k]]++;
      }
    }
  }
  for (; i < rows->count; i++) {
    int present = is_present(rows->validity, rows->offset + i);
    long long code = present ? rows->codes[rows->offset + i] : text_count;
    slots[i] = present ? objects[code] : null;
    counters[(i % TABLE_COUNT) * stride + code]++;
  }
}

// An object for each text, whether a row has it or not.
static int fill_few(PyObject **slots, const struct coded *rows, const struct texts *texts, PyObject *null) {
  long long stride = texts->count + 1;
  PyObject **objects = malloc((size_t)stride * sizeof *objects);
  uint32_t *counters = calloc((size_t)(TABLE_COUNT * stride), sizeof *counters);
  int status = -1;
  if (!objects || !counters) {
    PyErr_NoMemory();
  } else {
    long long made = make_objects(texts, NULL, 0, null, objects);
    if (made == texts->count) {
      // Nobody else knows the array yet, and the objects are kept by theirs.
      Py_BEGIN_ALLOW_THREADS
      place_few(slots, rows, objects, texts->count, null, counters);
      Py_END_ALLOW_THREADS
      for (long long code = 0; code < stride; code++) {
        Py_ssize_t references = 0;
        for (int k = 0; k < TABLE_COUNT; k++) references += counters[k * stride + code];
        add_references(code < texts->count ? objects[code] : null, references);
      }
      status = 0;
    }
    for (long long code = 0; code < made; code++) Py_DECREF(objects[code]);
  }
  free(counters);
  free(objects);
  return status;
}

// How many rows have each code, and behind these how many are null.
static void count_codes(const struct coded *rows, long long text_count, uint32_t *counts) {
  for (long long i = 0; i < rows->count; i++) {
    int present = is_present(rows->validity, rows->offset + i);
    counts[present ? rows->codes[rows->offset + i] : text_count]++;
  }
}

static void place_many(PyObject **slots, const struct coded *rows, PyObject *const *objects, PyObject *null) {
  for (long long i = 0; i < rows->count; i++) {
    int present = is_present(rows->validity, rows->offset + i);
    slots[i] = present ? objects[rows->codes[rows->offset + i]] : null;
  }
}

// First the rows of each text are counted: there may be many that no row has.
static int fill_many(PyObject **slots, const struct coded *rows, const struct texts *texts, PyObject *null) {
  PyObject **objects = malloc((size_t)texts->count * sizeof *objects);
  uint32_t *counts = calloc((size_t)(texts->count + 1), sizeof *counts);
  int status = -1;
  if (!objects || !counts) {
    PyErr_NoMemory();
  } else {
    Py_BEGIN_ALLOW_THREADS
    count_codes(rows, texts->count, counts);
    Py_END_ALLOW_THREADS
    status = make_counted_objects(texts, counts, objects);
  }
  if (status == 0) {
    // Nobody else knows the array yet.
    Py_BEGIN_ALLOW_THREADS
    place_many(slots, rows, objects, null);
    Py_END_ALLOW_THREADS
    add_references(null, counts[texts->count]);
  }
  free(counts);
  free(objects);
  return status;
}

// decode_codes(codes, validity, offset, count, text offsets, text data, text count, null) -> slots
PyObject *decode_codes(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *codes, *validity, *offsets, *data, *null, *slots = NULL;
  long long offset, count, text_count;
  if (!PyArg_ParseTuple(arguments, "OOLLOOLO", &codes, &validity, &offset, &count, &offsets, &data, &text_count, &null))
    return NULL;
  Py_buffer codes_view = {0}, validity_view = {0}, bounds_view = {0}, data_view = {0};
  if (view_of(codes, &codes_view) == 0 && view_of(validity, &validity_view) == 0 &&
      view_of(offsets, &bounds_view) == 0 && view_of(data, &data_view) == 0 && (slots = slots_new(count))) {
    struct coded rows = {codes_view.buf, validity_view.buf, offset, count};
    struct texts texts = {bounds_view.buf, data_view.buf ? data_view.buf : "", text_count, 0};
    int status = (text_count <= FEW_TEXTS_MAX ? fill_few : fill_many)(slots_objects(slots), &rows, &texts, null);
    if (status == 0) slots_are_filled(slots);
    else Py_CLEAR(slots);
  }
  if (data_view.obj) PyBuffer_Release(&data_view);
  if (bounds_view.obj) PyBuffer_Release(&bounds_view);
  if (validity_view.obj) PyBuffer_Release(&validity_view);
  if (codes_view.obj) PyBuffer_Release(&codes_view);
  return slots;
}
