// An Arrow C stream as Python columns. Each column is moved out of its batch into an owner of its own, which is
// released when the last view on one of its buffers is gone.
#include "engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_CAPSULE "sterna_array"

// Owners alive, for tests that count them; changed with the interpreter's lock held.
static long array_count = 0;

PyObject *live_arrays(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  return PyLong_FromLong(array_count);
}

// ---- Streams in capsules

// What an engine gave is given back to it. In a forked child the parent's engine is only memory: one of its locks may
// be held by a thread that the child does not have. So each structure knows the engine that it is of.
struct owned_stream {
  // First: what the capsule shows is the stream.
  struct ArrowArrayStream stream;
  long generation;
};

struct owned_array {
  struct ArrowArray array;
  long generation;
};

static void free_stream(PyObject *capsule) {
  struct owned_stream *owned = PyCapsule_GetPointer(capsule, STREAM_CAPSULE);
  if (owned->stream.release && owned->generation == engine_generation()) owned->stream.release(&owned->stream);
  free(owned);
  give_back_loans();
}

PyObject *stream_capsule(struct ArrowArrayStream *stream) {
  struct owned_stream *moved = malloc(sizeof *moved);
  PyObject *capsule = NULL;
  if (moved) {
    *moved = (struct owned_stream){*stream, engine_generation()};
    capsule = PyCapsule_New(moved, STREAM_CAPSULE, free_stream);
  } else {
    PyErr_NoMemory();
  }
  if (!capsule) {
    stream->release(stream);
    free(moved);
  }
  return capsule;
}

// ---- Columns

static void free_array(PyObject *capsule) {
  struct owned_array *owned = PyCapsule_GetPointer(capsule, ARRAY_CAPSULE);
  if (owned->array.release && owned->generation == engine_generation()) owned->array.release(&owned->array);
  free(owned);
  array_count--;
}

// Moves an array into an owner.
static PyObject *own_array(struct ArrowArray *array) {
  struct owned_array *moved = malloc(sizeof *moved);
  if (!moved) return PyErr_NoMemory();
  *moved = (struct owned_array){*array, engine_generation()};
  array->release = NULL;
  PyObject *capsule = PyCapsule_New(moved, ARRAY_CAPSULE, free_array);
  if (capsule) {
    array_count++;
  } else {
    moved->array.release(&moved->array);
    free(moved);
  }
  return capsule;
}

// Bytes that a buffer of a column in the engine's own layouts has; -1 with an exception for an unknown layout.
static Py_ssize_t buffer_size(const char *format, const struct ArrowArray *array, int number) {
  Py_ssize_t rows = (Py_ssize_t)(array->offset + array->length);
  if (number == 0) return (rows + 7) / 8;
  switch (format[0]) {
  case 'b': return (rows + 7) / 8;
  case 'c': case 'C': return rows;
  case 's': case 'S': return rows * 2;
  case 'i': case 'I': case 'f': return rows * 4;
  case 'l': case 'L': case 'g': return rows * 8;
  case 't': return rows * (strcmp(format, "tdD") == 0 ? 4 : 8);
  case 'U': case 'Z':
    if (number == 1) return (rows + 1) * 8;
    return array->buffers[1] ? (Py_ssize_t)((const int64_t *)array->buffers[1])[rows] : 0;
  default: PyErr_Format(PyExc_TypeError, "unexpected Arrow layout '%s'", format); return -1;
  }
}

static PyObject *buffer_of(PyObject *owner, const char *format, const struct ArrowArray *array, int number) {
  if (number >= array->n_buffers || !array->buffers[number]) Py_RETURN_NONE;
  Py_ssize_t size = buffer_size(format, array, number);
  if (size < 0) return NULL;
  Py_INCREF(owner);
  return buffer_new(owner, (void *)array->buffers[number], size);
}

// (name, format, length, offset, null count, validity, values or offsets, data, dictionary column)
static PyObject *column_of(PyObject *owner, const struct ArrowSchema *schema, const struct ArrowArray *array) {
  PyObject *parts[4] = {NULL, NULL, NULL, NULL};
  for (int number = 0; number < 3; number++) {
    parts[number] = buffer_of(owner, schema->format, array, number);
    if (!parts[number]) goto failed;
  }
  if (schema->dictionary && array->dictionary) {
    parts[3] = column_of(owner, schema->dictionary, array->dictionary);
    if (!parts[3]) goto failed;
  } else {
    parts[3] = Py_None;
    Py_INCREF(Py_None);
  }
  return Py_BuildValue("(ssLLLNNNN)", schema->name ? schema->name : "", schema->format, (long long)array->length,
                       (long long)array->offset, (long long)array->null_count, parts[0], parts[1], parts[2], parts[3]);
failed:
  for (int number = 0; number < 4; number++) Py_XDECREF(parts[number]);
  return NULL;
}

static PyObject *columns_of(const struct ArrowSchema *schema, struct ArrowArray *batch) {
  if (batch->n_children != schema->n_children) {
    PyErr_SetString(PyExc_ValueError, "the Arrow stream gave a batch of other columns than its schema's");
    return NULL;
  }
  PyObject *columns = PyList_New(0);
  for (int64_t i = 0; columns && i < batch->n_children; i++) {
    PyObject *owner = own_array(batch->children[i]);
    PyObject *column = NULL;
    if (owner) {
      column = column_of(owner, schema->children[i], PyCapsule_GetPointer(owner, ARRAY_CAPSULE));
      Py_DECREF(owner);
    }
    if (!column || PyList_Append(columns, column) != 0) Py_CLEAR(columns);
    Py_XDECREF(column);
  }
  return columns;
}

// ---- Batches

static void raise_stream_error(struct ArrowArrayStream *stream, int status) {
  const char *message = stream->get_last_error ? stream->get_last_error(stream) : NULL;
  if (!PyErr_Occurred()) PyErr_Format(PyExc_RuntimeError, "%s", message ? message : strerror(status));
}

static PyObject *batches_of(struct ArrowArrayStream *stream, struct ArrowSchema *schema, int is_ready) {
  PyObject *batches = PyList_New(0);
  while (batches) {
    struct ArrowArray array;
    PyThreadState *state = is_ready ? NULL : PyEval_SaveThread();
    int status = stream->get_next(stream, &array);
    if (state) PyEval_RestoreThread(state);
    if (status != 0) {
      raise_stream_error(stream, status);
      Py_CLEAR(batches);
      break;
    }
    if (!array.release) break;
    PyObject *columns = columns_of(schema, &array);
    PyObject *batch = columns ? Py_BuildValue("(LN)", (long long)array.length, columns) : NULL;
    if (!batch || PyList_Append(batches, batch) != 0) Py_CLEAR(batches);
    Py_XDECREF(batch);
    array.release(&array);
  }
  return batches;
}

static PyObject *fields_of(const struct ArrowSchema *schema) {
  PyObject *fields = PyList_New(0);
  for (int64_t i = 0; fields && i < schema->n_children; i++) {
    PyObject *field = Py_BuildValue("(ss)", schema->children[i]->name, schema->children[i]->format);
    if (!field || PyList_Append(fields, field) != 0) Py_CLEAR(fields);
    Py_XDECREF(field);
  }
  return fields;
}

void stream_is_ready(PyObject *capsule) {
  if (PyCapsule_IsValid(capsule, STREAM_CAPSULE)) PyCapsule_SetContext(capsule, (void *)STREAM_CAPSULE);
}

static PyObject *columns_from(struct ArrowArrayStream *stream, int is_ready) {
  struct ArrowSchema schema;
  PyThreadState *state = is_ready ? NULL : PyEval_SaveThread();
  int status = stream->get_schema(stream, &schema);
  if (state) PyEval_RestoreThread(state);
  if (status != 0) {
    raise_stream_error(stream, status);
    return NULL;
  }
  PyObject *fields = fields_of(&schema);
  PyObject *batches = fields ? batches_of(stream, &schema, is_ready) : NULL;
  schema.release(&schema);
  if (!batches) {
    Py_XDECREF(fields);
    return NULL;
  }
  return Py_BuildValue("(NN)", fields, batches);
}

// take_columns(stream capsule) -> (fields, [(row count, columns), ...]); consumes the stream.
PyObject *take_columns(PyObject *module, PyObject *capsule) {
  (void)module;
  struct ArrowArrayStream *given = PyCapsule_GetPointer(capsule, STREAM_CAPSULE);
  if (!given) return NULL;
  if (!given->release) {
    PyErr_SetString(PyExc_ValueError, "this stream was consumed before");
    return NULL;
  }
  int is_ours = PyCapsule_GetDestructor(capsule) == free_stream;
  if (is_ours && ((struct owned_stream *)given)->generation != engine_generation()) {
    PyErr_SetString(PyExc_RuntimeError, "this stream belongs to the process that this one was forked from");
    return NULL;
  }
  // Moved out while the lock is held: another thread that has the same capsule finds it consumed.
  struct ArrowArrayStream stream = *given;
  given->release = NULL;
  PyObject *result = columns_from(&stream, PyCapsule_GetContext(capsule) != NULL);
  stream.release(&stream);
  return result;
}
