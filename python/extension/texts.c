// Texts and bytes between Arrow's layout and Python objects, in bulk. Equal texts of a column become one object.
#include "engine.h"

#include <stdlib.h>
#include <string.h>

// ---- Texts to objects

// Objects by their bytes; forgets nothing, replaces what collides: a hint, not a set.
#define MEMO_SIZE 4096

struct memo_entry {
  const char *bytes;
  Py_ssize_t size;
  PyObject *object;
};

static uint64_t hash_of(const char *bytes, Py_ssize_t size) {
  uint64_t hash = 0x9E3779B97F4A7C15u ^ (uint64_t)size;
  while (size >= 8) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    hash = (hash ^ word) * 0xFF51AFD7ED558CCDu;
    hash ^= hash >> 32;
    bytes += 8;
    size -= 8;
  }
  uint64_t word = 0;
  memcpy(&word, bytes, (size_t)size);
  hash = (hash ^ word) * 0xFF51AFD7ED558CCDu;
  return hash ^ (hash >> 29);
}

static PyObject *object_of(const char *bytes, Py_ssize_t size, int is_binary) {
  return is_binary ? PyBytes_FromStringAndSize(bytes, size) : PyUnicode_DecodeUTF8(bytes, size, NULL);
}

// A new reference to the object of a text, the one made before where that is remembered.
static PyObject *memoized(struct memo_entry *memo, const char *bytes, Py_ssize_t size, int is_binary) {
  struct memo_entry *entry = &memo[hash_of(bytes, size) % MEMO_SIZE];
  if (entry->object && entry->size == size && memcmp(entry->bytes, bytes, (size_t)size) == 0) {
    Py_INCREF(entry->object);
    return entry->object;
  }
  PyObject *object = object_of(bytes, size, is_binary);
  // The column's own reference keeps the object alive while this loop runs.
  if (object) *entry = (struct memo_entry){bytes, size, object};
  return object;
}

static int is_present(const uint8_t *validity, long long row) {
  return !validity || (validity[row >> 3] >> (row & 7) & 1);
}

// Replaces what an array of objects holds.
static void put(PyObject **slot, PyObject *object) {
  PyObject *before = *slot;
  *slot = object;
  Py_XDECREF(before);
}

// The buffer of an object array, to be filled with references; NumPy's are filled with None.
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

static int fill_texts(PyObject **slots, const int64_t *bounds, const char *data, const uint8_t *validity,
                      long long offset, long long count, int is_binary, PyObject *null) {
  struct memo_entry *memo = calloc(MEMO_SIZE, sizeof *memo);
  if (!memo) {
    PyErr_NoMemory();
    return -1;
  }
  int status = 0;
  for (long long i = 0; i < count; i++) {
    long long row = offset + i;
    PyObject *object;
    if (is_present(validity, row)) {
      object = memoized(memo, data + bounds[row], (Py_ssize_t)(bounds[row + 1] - bounds[row]), is_binary);
      if (!object) {
        status = -1;
        break;
      }
    } else {
      object = null;
      Py_INCREF(null);
    }
    put(&slots[i], object);
  }
  free(memo);
  return status;
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
    status = fill_texts(out_view.buf, bounds_view.buf, data_view.buf ? data_view.buf : "", validity_view.buf, offset,
                        count, is_binary, null);
  }
  if (out_view.obj) PyBuffer_Release(&out_view);
  if (validity_view.obj) PyBuffer_Release(&validity_view);
  if (data_view.obj) PyBuffer_Release(&data_view);
  if (bounds_view.obj) PyBuffer_Release(&bounds_view);
  if (status != 0) return NULL;
  Py_RETURN_NONE;
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
    PyObject **slots = out_view.buf, **objects = values_view.buf;
    const int32_t *code = codes_view.buf;
    for (long long i = 0; i < count; i++) {
      PyObject *object = is_present(validity_view.buf, offset + i) ? objects[code[offset + i]] : null;
      Py_INCREF(object);
      put(&slots[i], object);
    }
    status = 0;
  }
  if (out_view.obj) PyBuffer_Release(&out_view);
  if (values_view.obj) PyBuffer_Release(&values_view);
  if (validity_view.obj) PyBuffer_Release(&validity_view);
  if (codes_view.obj) PyBuffer_Release(&codes_view);
  if (status != 0) return NULL;
  Py_RETURN_NONE;
}

// ---- Objects to texts

struct encoding {
  int64_t *bounds;
  char *data;
  size_t size, capacity;
  uint8_t *validity;
  long long null_count;
  // Which kinds of "missing" occurred.
  int has_none, has_nan, has_na, has_nat;
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

// 1 when the object stands for a missing value.
static int note_missing(struct encoding *encoding, PyObject *object, PyObject *na, PyObject *nat) {
  if (object == Py_None) return encoding->has_none = 1;
  if (object == na) return encoding->has_na = 1;
  if (object == nat) return encoding->has_nat = 1;
  if (PyFloat_Check(object)) {
    double value = PyFloat_AsDouble(object);
    if (value != value) return encoding->has_nan = 1;
  }
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
  if (note_missing(encoding, object, na, nat)) {
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
  return Py_BuildValue("(NNNLiiii)", bounds, data, validity, encoding->null_count, encoding->has_none,
                       encoding->has_nan, encoding->has_na, encoding->has_nat);
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
