// Python objects as codes of distinct texts. In a column with few values the same object stands in many rows, so most
// rows are settled by its address alone: no text is looked at twice.
#include "missing.h"

#include <stdlib.h>
#include <string.h>

enum { MISSING = -1, SLOT_COUNT_MIN = 1 << 10, DISTINCT_MAX = 1 << 16 };

// ---- Codes by address

struct slot {
  PyObject *object;
  int32_t code;
};

// Open addressing, never more than half full.
struct table {
  struct slot *slots;
  size_t mask, used;
  // Borrowed from the array that is read.
  PyObject **texts;
  int32_t text_count, text_capacity;
  struct missing missing;
};

static size_t place_of(const PyObject *object) {
  uint64_t product = (uint64_t)(uintptr_t)object * 0x9E3779B97F4A7C15u;
  return (size_t)(product >> 32);
}

static struct slot *find(struct table *table, const PyObject *object) {
  size_t place = place_of(object) & table->mask;
  while (table->slots[place].object && table->slots[place].object != object) place = (place + 1) & table->mask;
  return &table->slots[place];
}

static int resize(struct table *table, size_t count) {
  struct slot *old = table->slots;
  size_t old_count = old ? table->mask + 1 : 0;
  table->slots = calloc(count, sizeof *table->slots);
  if (!table->slots) {
    table->slots = old;
    PyErr_NoMemory();
    return -1;
  }
  table->mask = count - 1;
  for (size_t i = 0; i < old_count; i++)
    if (old[i].object) *find(table, old[i].object) = old[i];
  free(old);
  return 0;
}

static int add_text(struct table *table, PyObject *object) {
  if (table->text_count == table->text_capacity) {
    int32_t capacity = table->text_capacity ? table->text_capacity * 2 : 64;
    PyObject **larger = realloc(table->texts, (size_t)capacity * sizeof *larger);
    if (!larger) {
      PyErr_NoMemory();
      return -1;
    }
    table->texts = larger;
    table->text_capacity = capacity;
  }
  table->texts[table->text_count] = object;
  return table->text_count++;
}

enum outcome { CODED, NOT_CODED, FAILED };

// The code of every row, MISSING for none; NOT_CODED when something is no text or too few objects stand in many rows.
static enum outcome fill_codes(struct table *table, PyObject **objects, long long count, PyObject *na, PyObject *nat,
                               int32_t *codes) {
  if (resize(table, SLOT_COUNT_MIN) != 0) return FAILED;
  for (long long row = 0; row < count; row++) {
    struct slot *slot = find(table, objects[row]);
    if (!slot->object) {
      PyObject *object = objects[row];
      if (!object || (long long)table->used > 1024 + row / 4 || table->used == DISTINCT_MAX) return NOT_CODED;
      slot->object = object;
      if (PyUnicode_Check(object)) {
        slot->code = add_text(table, object);
        if (slot->code < 0) return FAILED;
      } else if (note_missing(&table->missing, object, na, nat)) {
        slot->code = MISSING;
      } else {
        return NOT_CODED;
      }
      int32_t code = slot->code;
      if (++table->used * 2 > table->mask && resize(table, (table->mask + 1) * 2) != 0) return FAILED;
      codes[row] = code;
    } else {
      codes[row] = slot->code;
    }
  }
  return CODED;
}

// ---- To Arrow's layout

// Takes the missing rows out of the codes; how many there are.
static long long fill_validity(int32_t *codes, long long count, uint8_t *validity) {
  long long null_count = 0;
  memset(validity, 0, (size_t)(count + 7) / 8);
  for (long long row = 0; row < count; row++) {
    int is_present = codes[row] != MISSING;
    validity[row >> 3] |= (uint8_t)(is_present << (row & 7));
    null_count += !is_present;
    codes[row] &= -is_present;
  }
  return null_count;
}

static PyObject *texts_of(const struct table *table) {
  size_t size = 0;
  int64_t *bounds = malloc(((size_t)table->text_count + 1) * sizeof *bounds);
  if (!bounds) return PyErr_NoMemory();
  bounds[0] = 0;
  for (int32_t code = 0; code < table->text_count; code++) {
    Py_ssize_t length;
    if (!PyUnicode_AsUTF8AndSize(table->texts[code], &length)) {
      free(bounds);
      return NULL;
    }
    size += (size_t)length;
    bounds[code + 1] = (int64_t)size;
  }
  char *data = malloc(size + 1);
  if (!data) {
    free(bounds);
    return PyErr_NoMemory();
  }
  for (int32_t code = 0; code < table->text_count; code++) {
    Py_ssize_t length;
    const char *bytes = PyUnicode_AsUTF8AndSize(table->texts[code], &length);
    memcpy(data + bounds[code], bytes, (size_t)length);
  }
  PyObject *offsets = buffer_adopting(bounds, (Py_ssize_t)(((size_t)table->text_count + 1) * sizeof *bounds));
  PyObject *bytes = buffer_adopting(data, (Py_ssize_t)size);
  if (!offsets || !bytes) {
    Py_XDECREF(offsets);
    Py_XDECREF(bytes);
    return NULL;
  }
  return Py_BuildValue("(NNi)", offsets, bytes, table->text_count);
}

// (codes, validity or None, null count, has None, has NaN, has NA, has NaT, (offsets, data, count) of the texts); takes
// the codes over.
static PyObject *coded(const struct table *table, int32_t *codes, long long count) {
  const struct missing *missing = &table->missing;
  int may_hold_nulls = missing->has_none || missing->has_nan || missing->has_na || missing->has_nat;
  long long null_count = 0;
  PyObject *validity = NULL;
  if (may_hold_nulls) {
    uint8_t *bits = malloc((size_t)(count + 7) / 8 + 1);
    if (!bits) {
      free(codes);
      return PyErr_NoMemory();
    }
    null_count = fill_validity(codes, count, bits);
    validity = buffer_adopting(bits, (Py_ssize_t)((count + 7) / 8));
  } else {
    validity = Py_None;
    Py_INCREF(validity);
  }
  PyObject *slots = buffer_adopting(codes, (Py_ssize_t)(count * (long long)sizeof *codes));
  PyObject *texts = texts_of(table);
  if (!validity || !slots || !texts) {
    Py_XDECREF(validity);
    Py_XDECREF(slots);
    Py_XDECREF(texts);
    return NULL;
  }
  return Py_BuildValue("(NNLiiiiN)", slots, validity, null_count, missing->has_none, missing->has_nan, missing->has_na,
                       missing->has_nat, texts);
}

// encode_codes(object array, pandas.NA, pandas.NaT) -> as `coded` says, or None when there are too many objects
PyObject *encode_codes(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *array, *na, *nat;
  if (!PyArg_ParseTuple(arguments, "OOO", &array, &na, &nat)) return NULL;
  Py_buffer view;
  if (PyObject_GetBuffer(array, &view, PyBUF_FORMAT | PyBUF_ND) != 0) return NULL;
  long long count = view.len / (long long)sizeof(PyObject *);
  struct table table = {0};
  int32_t *codes = malloc((size_t)count * sizeof *codes + 1);
  PyObject *result = NULL;
  if (!codes) {
    PyErr_NoMemory();
  } else if (!view.format || strcmp(view.format, "O") != 0) {
    PyErr_SetString(PyExc_TypeError, "an array of objects is needed");
  } else {
    switch (fill_codes(&table, view.buf, count, na, nat, codes)) {
    case CODED:
      result = coded(&table, codes, count);
      codes = NULL;
      break;
    case NOT_CODED:
      result = Py_None;
      Py_INCREF(result);
      break;
    case FAILED: break;
    }
  }
  free(codes);
  free(table.slots);
  free(table.texts);
  PyBuffer_Release(&view);
  return result;
}
