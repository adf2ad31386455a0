// Python objects with buffers as an Arrow C stream of one batch. Buffers are lent, not copied: each column holds them
// until the engine releases it, from whatever thread that happens in.
#include "engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// ---- Schemas

struct field {
  char *name;
  char *format;
  struct ArrowSchema dictionary;
};

static void release_schema(struct ArrowSchema *schema) {
  if (!schema->release) return;
  struct field *field = schema->private_data;
  for (int64_t i = 0; i < schema->n_children; i++) {
    struct ArrowSchema *child = schema->children[i];
    if (child->release) child->release(child);
    free(child);
  }
  free(schema->children);
  if (schema->dictionary && schema->dictionary->release) schema->dictionary->release(schema->dictionary);
  free(field->name);
  free(field->format);
  free(field);
  schema->release = NULL;
}

static int make_schema(struct ArrowSchema *schema, const char *name, const char *format, int is_nullable) {
  memset(schema, 0, sizeof *schema);
  struct field *field = calloc(1, sizeof *field);
  if (!field) return ENOMEM;
  field->name = strdup(name);
  field->format = strdup(format);
  schema->format = field->format;
  schema->name = field->name;
  schema->flags = is_nullable ? ARROW_FLAG_NULLABLE : 0;
  schema->private_data = field;
  schema->release = release_schema;
  return field->name && field->format ? 0 : ENOMEM;
}

static int copy_schema(struct ArrowSchema *copy, const struct ArrowSchema *schema) {
  int status = make_schema(copy, schema->name, schema->format, (schema->flags & ARROW_FLAG_NULLABLE) != 0);
  // Never freed.
  copy->metadata = schema->metadata;
  if (status == 0 && schema->dictionary) {
    struct field *field = copy->private_data;
    status = copy_schema(&field->dictionary, schema->dictionary);
    copy->dictionary = &field->dictionary;
  }
  if (status == 0 && schema->n_children > 0) {
    copy->children = calloc((size_t)schema->n_children, sizeof *copy->children);
    if (!copy->children) status = ENOMEM;
    for (int64_t i = 0; status == 0 && i < schema->n_children; i++) {
      copy->children[i] = calloc(1, sizeof **copy->children);
      if (!copy->children[i]) {
        status = ENOMEM;
        break;
      }
      copy->n_children = i + 1;
      status = copy_schema(copy->children[i], schema->children[i]);
    }
  }
  if (status != 0 && copy->release) copy->release(copy);
  return status;
}

// ---- Arrays

struct lent {
  // First: it is freed as the loan.
  struct loan loan;
  const void *addresses[3];
  struct ArrowArray dictionary;
  // Bytes from one value to the next when they do not follow each other; they are gathered then.
  Py_ssize_t stride, width;
  struct gathered *gathered;
};

static void release_array(struct ArrowArray *array) {
  if (!array->release) return;
  for (int64_t i = 0; i < array->n_children; i++) {
    struct ArrowArray *child = array->children[i];
    if (child->release) child->release(child);
    free(child);
  }
  free(array->children);
  if (array->dictionary && array->dictionary->release) array->dictionary->release(array->dictionary);
  struct lent *lent = array->private_data;
  if (lent->gathered) gathered_release(lent->gathered);
  end_loan(&lent->loan);
  array->release = NULL;
}

static int make_array(struct ArrowArray *array, int64_t length, int64_t null_count, int buffer_count) {
  memset(array, 0, sizeof *array);
  struct lent *lent = calloc(1, sizeof *lent);
  if (!lent) {
    PyErr_NoMemory();
    return -1;
  }
  array->length = length;
  array->null_count = null_count;
  array->n_buffers = buffer_count;
  array->buffers = lent->addresses;
  array->private_data = lent;
  array->release = release_array;
  return 0;
}

// ---- From Python's description of a column

// The sizes that a column of `length` rows needs at least; the engine trusts what Arrow implies.
static Py_ssize_t size_needed(const char *format, int number, long long length) {
  if (number == 0) return (Py_ssize_t)((length + 7) / 8);
  switch (format[0]) {
  case 'b': return (Py_ssize_t)((length + 7) / 8);
  case 'c': case 'C': return (Py_ssize_t)length;
  case 's': case 'S': return (Py_ssize_t)(length * 2);
  case 'i': case 'I': case 'f': return (Py_ssize_t)(length * 4);
  case 'U': case 'Z': return number == 1 ? (Py_ssize_t)((length + 1) * 8) : 0;
  case 't': return (Py_ssize_t)(length * (strcmp(format, "tdD") == 0 ? 4 : 8));
  default: return (Py_ssize_t)(length * 8);
  }
}

static int lend(struct ArrowArray *array, const char *format, int number, PyObject *object) {
  struct lent *lent = array->private_data;
  if (object == Py_None) return 0;
  Py_buffer *view = &lent->loan.views[lent->loan.view_count];
  if (PyObject_GetBuffer(object, view, number == 1 ? PyBUF_STRIDED_RO : PyBUF_SIMPLE) != 0) return -1;
  lent->loan.view_count++;
  if (view->ndim > 1) {
    PyErr_SetString(PyExc_ValueError, "a column has one dimension");
    return -1;
  }
  if (view->strides && view->ndim == 1 && view->strides[0] != view->itemsize && view->len > 0) {
    lent->stride = view->strides[0];
    lent->width = view->itemsize;
  }
  if (view->len < size_needed(format, number, array->offset + array->length)) {
    PyErr_Format(PyExc_ValueError, "buffer %d of a column of format '%s' has %zd bytes, too few for %lld rows", number,
                 format, view->len, (long long)array->length);
    return -1;
  }
  lent->addresses[number] = view->buf;
  return 0;
}

// The metadata of a field whose dictionary is only how Python has its texts: one pair, "sterna:type" and "utf8".
struct type_metadata {
  int32_t pair_count, key_length;
  char key[11];
  char value_length[4];
  char value[4];
};
static const struct type_metadata coded_texts = {
    1, 11, "sterna:type", {4, 0, 0, 0}, {'u', 't', 'f', '8'}};

// (name, format, nullable, length, offset, null count, (validity, values, data), dictionary or None). The format "iU"
// stands for codes of texts that are stored as texts.
static int make_column(PyObject *description, struct ArrowSchema *schema, struct ArrowArray *array) {
  const char *name, *format;
  int is_nullable;
  long long length, offset, null_count;
  PyObject *buffers[3], *dictionary;
  schema->release = NULL;
  array->release = NULL;
  if (!PyArg_ParseTuple(description, "sspLLL(OOO)O", &name, &format, &is_nullable, &length, &offset, &null_count,
                        &buffers[0], &buffers[1], &buffers[2], &dictionary))
    return -1;
  int is_coded = strcmp(format, "iU") == 0;
  if (is_coded) format = "i";
  if (make_schema(schema, name, format, is_nullable) != 0) {
    PyErr_NoMemory();
    return -1;
  }
  if (is_coded) schema->metadata = (const char *)&coded_texts;
  int is_variable = format[0] == 'U' || format[0] == 'Z';
  if (make_array(array, length, null_count, is_variable ? 3 : 2) != 0) return -1;
  array->offset = offset;
  for (int number = 0; number < 3; number++)
    if (lend(array, format, number, buffers[number]) != 0) return -1;
  if (dictionary != Py_None) {
    struct field *field = schema->private_data;
    struct lent *lent = array->private_data;
    schema->dictionary = &field->dictionary;
    array->dictionary = &lent->dictionary;
    return make_column(dictionary, schema->dictionary, array->dictionary);
  }
  return 0;
}

// ---- The stream

struct source {
  struct ArrowSchema schema;
  struct ArrowArray batch;
};

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  struct source *source = stream->private_data;
  return copy_schema(out, &source->schema);
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  struct source *source = stream->private_data;
  *out = source->batch;
  source->batch.release = NULL;
  return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream) {
  (void)stream;
  return "out of memory";
}

static void release_source(struct source *source) {
  if (source->schema.release) source->schema.release(&source->schema);
  if (source->batch.release) source->batch.release(&source->batch);
  free(source);
}

static void release_stream(struct ArrowArrayStream *stream) {
  if (!stream->release) return;
  stream->release = NULL;
  release_source(stream->private_data);
}

static int make_batch(struct source *source, PyObject *descriptions, long long length) {
  Py_ssize_t count = PyList_Size(descriptions);
  if (count < 0) return -1;
  if (make_schema(&source->schema, "", "+s", 0) != 0) {
    PyErr_NoMemory();
    return -1;
  }
  if (make_array(&source->batch, length, 0, 1) != 0) return -1;
  source->schema.children = calloc((size_t)count + 1, sizeof *source->schema.children);
  source->batch.children = calloc((size_t)count + 1, sizeof *source->batch.children);
  if (!source->schema.children || !source->batch.children) {
    PyErr_NoMemory();
    return -1;
  }
  for (Py_ssize_t i = 0; i < count; i++) {
    struct ArrowSchema *schema = calloc(1, sizeof *schema);
    struct ArrowArray *array = calloc(1, sizeof *array);
    if (!schema || !array) {
      free(schema);
      free(array);
      PyErr_NoMemory();
      return -1;
    }
    source->schema.children[i] = schema;
    source->batch.children[i] = array;
    source->schema.n_children = source->batch.n_children = i + 1;
    if (make_column(PyList_GetItem(descriptions, i), schema, array) != 0) return -1;
    if (array->length != length) {
      PyErr_SetString(PyExc_ValueError, "the columns differ in length");
      return -1;
    }
  }
  return 0;
}

// Puts the values of columns that lie across their memory behind each other.
static int gather_strided(struct ArrowArray *batch) {
  size_t count = 0;
  struct strided *columns = malloc((size_t)(batch->n_children + 1) * sizeof *columns);
  if (!columns) {
    PyErr_NoMemory();
    return -1;
  }
  for (int64_t i = 0; i < batch->n_children; i++) {
    const struct lent *lent = batch->children[i]->private_data;
    if (lent->stride) columns[count++] = (struct strided){lent->addresses[1], lent->stride, lent->width, NULL};
  }
  struct gathered *gathered = count ? gather(columns, count, batch->length) : NULL;
  int status = count && !gathered ? -1 : 0;
  for (int64_t i = 0, next = 0; gathered && i < batch->n_children; i++) {
    struct lent *lent = batch->children[i]->private_data;
    if (!lent->stride) continue;
    lent->addresses[1] = columns[next++].target;
    lent->gathered = gathered;
  }
  free(columns);
  return status;
}

// make_stream([column description, ...], row count) -> stream capsule
PyObject *make_stream(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *descriptions;
  long long length;
  if (!PyArg_ParseTuple(arguments, "OL", &descriptions, &length)) return NULL;
  struct source *source = calloc(1, sizeof *source);
  if (!source) return PyErr_NoMemory();
  if (make_batch(source, descriptions, length) != 0 || gather_strided(&source->batch) != 0) {
    release_source(source);
    give_back_loans();
    return NULL;
  }
  struct ArrowArrayStream stream = {get_schema, get_next, get_last_error, release_stream, source};
  return stream_capsule(&stream);
}
