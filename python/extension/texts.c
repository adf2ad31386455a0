// Texts and bytes in Arrow's layout as Python objects, in bulk. Equal texts of a column become one object.
#include "interning.h"

#include "references.h"

#include <stdlib.h>
#include <string.h>

// ---- Texts to objects

static int is_present(const uint8_t *validity, long long row) {
  return !validity || (validity[row >> 3] >> (row & 7) & 1);
}

// The buffer of a new object array, to be filled with references: each slot holds None.
static int slots_of(PyObject *array, Py_buffer *view, long long count) {
  if (PyObject_GetBuffer(array, view, PyBUF_WRITABLE | PyBUF_FORMAT | PyBUF_ND) != 0) return -1;
  if (!view->format || strcmp(view->format, "O") != 0 || view->len < count * (long long)sizeof(PyObject *)) {
    PyBuffer_Release(view);
    PyErr_SetString(PyExc_TypeError, "an array of objects is needed, one for each row");
    return -1;
  }
  return 0;
}

// Any of several buffers, or nothing for None.
static int view_of(PyObject *object, Py_buffer *view) {
  memset(view, 0, sizeof *view);
  return object == Py_None ? 0 : PyObject_GetBuffer(object, view, PyBUF_SIMPLE);
}

// decode_texts(offsets, data, validity, offset, count, is_binary, null, out object array)
PyObject *decode_texts(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *offsets, *data, *validity, *null, *out;
  long long offset, count;
  int is_binary;
  if (!PyArg_ParseTuple(arguments, "OOOLLpOO", &offsets, &data, &validity, &offset, &count, &is_binary, &null, &out))
    return NULL;
  if (count == 0) Py_RETURN_NONE;
  Py_buffer bounds_view = {0}, data_view = {0}, validity_view = {0}, out_view = {0};
  int status = -1;
  if (view_of(offsets, &bounds_view) == 0 && view_of(data, &data_view) == 0 && view_of(validity, &validity_view) == 0 &&
      slots_of(out, &out_view, count) == 0) {
    struct texts texts = {(const int64_t *)bounds_view.buf + offset, data_view.buf ? data_view.buf : "", count, is_binary};
    PyObject **slots = out_view.buf;
    long long made = make_objects(&texts, validity_view.buf, offset, null, slots);
    // The slots that were filled held None.
    add_references(Py_None, -(Py_ssize_t)made);
    status = made == count ? 0 : -1;
  }
  if (out_view.obj) PyBuffer_Release(&out_view);
  if (validity_view.obj) PyBuffer_Release(&validity_view);
  if (data_view.obj) PyBuffer_Release(&data_view);
  if (bounds_view.obj) PyBuffer_Release(&bounds_view);
  if (status != 0) return NULL;
  Py_RETURN_NONE;
}

// ---- Codes to objects

// References to few objects are counted in several tables in turn: adding to one number again and again waits
// for itself.
#define TABLE_COUNT 4
#define TABLES_OBJECT_COUNT_MAX 4096

// Fills slots with what codes stand for, without references, and counts them: the last counter of a table is the
// null's. `stride` is 0 for a single table.
static void place_codes(PyObject **slots, const int32_t *codes, const uint8_t *validity, long long offset,
                        long long count, PyObject *const *objects, long long object_count, PyObject *null,
                        uint32_t *counters, long long stride) {
  long long i = 0;
  if (!validity) {
    for (; i + TABLE_COUNT <= count; i += TABLE_COUNT) {
      for (int k = 0; k < TABLE_COUNT; k++) {
        int32_t code = codes[offset + i + k];
        slots[i + k] = objects[code];
        counters[k * stride + code]++;
      }
    }
  }
  for (; i < count; i++) {
    int present = is_present(validity, offset + i);
    long long code = present ? codes[offset + i] : object_count;
    slots[i] = present ? objects[code] : null;
    counters[(i % TABLE_COUNT) * stride + code]++;
  }
}

static int fill_codes(PyObject **slots, const int32_t *codes, const uint8_t *validity, long long offset,
                      long long count, PyObject **objects, long long object_count, PyObject *null) {
  int table_count = object_count <= TABLES_OBJECT_COUNT_MAX ? TABLE_COUNT : 1;
  long long stride = table_count == 1 ? 0 : object_count + 1;
  uint32_t *counters = calloc((size_t)(table_count * (object_count + 1)), sizeof *counters);
  if (!counters) {
    PyErr_NoMemory();
    return -1;
  }
  // Nobody else knows the array yet, and the objects are kept by theirs.
  Py_BEGIN_ALLOW_THREADS
  place_codes(slots, codes, validity, offset, count, objects, object_count, null, counters, stride);
  Py_END_ALLOW_THREADS
  for (long long code = 0; code <= object_count; code++) {
    Py_ssize_t references = 0;
    for (int k = 0; k < table_count; k++) references += counters[k * stride + code];
    if (references > 0) add_references(code < object_count ? objects[code] : null, references);
  }
  add_references(Py_None, -(Py_ssize_t)count);
  free(counters);
  return 0;
}

// decode_codes(codes, validity, offset, count, values object array, null, out object array)
PyObject *decode_codes(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *codes, *validity, *values, *null, *out;
  long long offset, count;
  if (!PyArg_ParseTuple(arguments, "OOLLOOO", &codes, &validity, &offset, &count, &values, &null, &out)) return NULL;
  if (count == 0) Py_RETURN_NONE;
  Py_buffer codes_view = {0}, validity_view = {0}, values_view = {0}, out_view = {0};
  int status = -1;
  if (view_of(codes, &codes_view) == 0 && view_of(validity, &validity_view) == 0 &&
      PyObject_GetBuffer(values, &values_view, PyBUF_FORMAT | PyBUF_ND) == 0 && slots_of(out, &out_view, count) == 0) {
    status = fill_codes(out_view.buf, codes_view.buf, validity_view.buf, offset, count, values_view.buf,
                        values_view.len / (long long)sizeof(PyObject *), null);
  }
  if (out_view.obj) PyBuffer_Release(&out_view);
  if (values_view.obj) PyBuffer_Release(&values_view);
  if (validity_view.obj) PyBuffer_Release(&validity_view);
  if (codes_view.obj) PyBuffer_Release(&codes_view);
  if (status != 0) return NULL;
  Py_RETURN_NONE;
}
