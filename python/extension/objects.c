// Python objects as texts and bytes in Arrow's layout, in bulk.
#include "missing.h"

#include <stdlib.h>
#include <string.h>

struct encoding {
  int64_t *bounds;
  char *data;
  size_t size, capacity;
  uint8_t *validity;
  long long null_count;
  struct missing missing;
};

static int add_bytes(struct encoding *encoding, const char *bytes, Py_ssize_t size) {
  if (encoding->size + (size_t)size > encoding->capacity) {
    size_t capacity = encoding->capacity * 2 + (size_t)size + 64;
    char *larger = realloc(encoding->data, capacity);
    if (!larger) {
      PyErr_NoMemory();
      return -1;
    }
    encoding->data = larger;
    encoding->capacity = capacity;
  }
  memcpy(encoding->data + encoding->size, bytes, (size_t)size);
  encoding->size += (size_t)size;
  return 0;
}

static int add_object(struct encoding *encoding, PyObject *object, long long row, int is_binary, PyObject *na,
                      PyObject *nat) {
  if (!is_binary && PyUnicode_Check(object)) {
    Py_ssize_t size;
    const char *bytes = PyUnicode_AsUTF8AndSize(object, &size);
    return bytes ? add_bytes(encoding, bytes, size) : -1;
  }
  if (is_binary && PyBytes_Check(object)) {
    char *bytes;
    Py_ssize_t size;
    return PyBytes_AsStringAndSize(object, &bytes, &size) == 0 ? add_bytes(encoding, bytes, size) : -1;
  }
  if (note_missing(&encoding->missing, object, na, nat)) {
    encoding->validity[row >> 3] &= (uint8_t) ~(1 << (row & 7));
    encoding->null_count++;
    return 0;
  }
  PyErr_Format(PyExc_TypeError, "row %lld holds a value of type %R, not %s", row, (PyObject *)Py_TYPE(object),
               is_binary ? "bytes" : "str");
  return -1;
}

static PyObject *encoded(struct encoding *encoding, long long count) {
  PyObject *bounds = buffer_adopting(encoding->bounds, (Py_ssize_t)((count + 1) * 8));
  encoding->bounds = NULL;
  PyObject *data = bounds ? buffer_adopting(encoding->data, (Py_ssize_t)encoding->size) : NULL;
  if (bounds) encoding->data = NULL;
  PyObject *validity = data ? buffer_adopting(encoding->validity, (Py_ssize_t)((count + 7) / 8)) : NULL;
  if (data) encoding->validity = NULL;
  if (!validity) {
    Py_XDECREF(bounds);
    Py_XDECREF(data);
    return NULL;
  }
  return Py_BuildValue("(NNNLiiii)", bounds, data, validity, encoding->null_count, encoding->missing.has_none,
                       encoding->missing.has_nan, encoding->missing.has_na, encoding->missing.has_nat);
}

// encode_texts(object array, is_binary, pandas.NA, pandas.NaT)
//   -> (offsets, data, validity, null count, has None, has NaN, has NA, has NaT)
PyObject *encode_texts(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *array, *na, *nat;
  int is_binary;
  if (!PyArg_ParseTuple(arguments, "OpOO", &array, &is_binary, &na, &nat)) return NULL;
  Py_buffer view;
  if (PyObject_GetBuffer(array, &view, PyBUF_FORMAT | PyBUF_ND) != 0) return NULL;
  long long count = view.len / (long long)sizeof(PyObject *);
  struct encoding encoding = {0};
  encoding.bounds = malloc((size_t)(count + 1) * 8);
  encoding.validity = malloc((size_t)(count + 7) / 8 + 1);
  encoding.data = malloc((size_t)count * 8 + 1);
  encoding.capacity = (size_t)count * 8;
  PyObject *result = NULL;
  if (!encoding.bounds || !encoding.validity || !encoding.data) {
    PyErr_NoMemory();
  } else if (!view.format || strcmp(view.format, "O") != 0) {
    PyErr_SetString(PyExc_TypeError, "an array of objects is needed");
  } else {
    memset(encoding.validity, 0xFF, (size_t)(count + 7) / 8 + 1);
    encoding.bounds[0] = 0;
    PyObject **objects = view.buf;
    long long row = 0;
    for (; row < count; row++) {
      // Objects lie anywhere in memory: the wait for them was most of the time. Short texts stand behind the header.
      if (row + 24 < count) {
        __builtin_prefetch(objects[row + 24]);
        __builtin_prefetch((const char *)objects[row + 24] + 48);
      }
      if (add_object(&encoding, objects[row], row, is_binary, na, nat) != 0) break;
      encoding.bounds[row + 1] = (int64_t)encoding.size;
    }
    if (row == count) result = encoded(&encoding, count);
  }
  free(encoding.bounds);
  free(encoding.data);
  free(encoding.validity);
  PyBuffer_Release(&view);
  return result;
}
