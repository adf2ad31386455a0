// A piece of memory with an owner, for the buffer protocol: what NumPy views.
#include "engine.h"

#include <stdlib.h>

struct buffer {
  PyObject_HEAD
  PyObject *owner;
  void *address;
  Py_ssize_t size;
};

static PyTypeObject *buffer_type = NULL;

PyObject *buffer_new(PyObject *owner, void *address, Py_ssize_t size) {
  struct buffer *buffer = PyObject_New(struct buffer, buffer_type);
  if (!buffer) {
    Py_DECREF(owner);
    return NULL;
  }
  buffer->owner = owner;
  buffer->address = address;
  buffer->size = size;
  return (PyObject *)buffer;
}

static void free_memory(PyObject *capsule) { free(PyCapsule_GetPointer(capsule, "memory")); }

PyObject *buffer_adopting(void *memory, Py_ssize_t size) {
  PyObject *owner = PyCapsule_New(memory, "memory", free_memory);
  if (!owner) {
    free(memory);
    return NULL;
  }
  return buffer_new(owner, memory, size);
}

// join_buffers(tuple of buffers) -> a buffer that keeps all of them, or None
PyObject *join_buffers(PyObject *module, PyObject *buffers) {
  (void)module;
  Py_ssize_t count = PyTuple_Size(buffers);
  if (count < 0) return NULL;
  char *start = NULL, *end = NULL;
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *item = PyTuple_GetItem(buffers, i);
    if (!PyObject_TypeCheck(item, buffer_type)) {
      PyErr_SetString(PyExc_TypeError, "only the engine's buffers can be joined");
      return NULL;
    }
    struct buffer *buffer = (struct buffer *)item;
    if (i == 0) start = buffer->address;
    else if (buffer->address != end) Py_RETURN_NONE;
    end = (char *)buffer->address + buffer->size;
  }
  if (count == 0) Py_RETURN_NONE;
  Py_INCREF(buffers);
  return buffer_new(buffers, start, end - start);
}

static int get_buffer(PyObject *self, Py_buffer *view, int flags) {
  static char nothing[1];
  struct buffer *buffer = (struct buffer *)self;
  // Writable: a result has one owner, and pandas users assign into what they read.
  return PyBuffer_FillInfo(view, self, buffer->address ? buffer->address : nothing, buffer->size, 0, flags);
}

static void dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  Py_DECREF(((struct buffer *)self)->owner);
  freefunc free_object = (freefunc)PyType_GetSlot(type, Py_tp_free);
  free_object(self);
  Py_DECREF(type);
}

static Py_ssize_t length(PyObject *self) { return ((struct buffer *)self)->size; }

static PyType_Slot slots[] = {
    {Py_tp_doc, "Memory of the engine's, kept alive by whoever views it."},
    {Py_tp_dealloc, dealloc},
    {Py_bf_getbuffer, get_buffer},
    {Py_sq_length, length},
    {0, NULL},
};

static PyType_Spec spec = {
    "sterna._engine.Buffer", sizeof(struct buffer), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};

int init_buffer(PyObject *module) {
  // Once for the process: a module that is imported anew must know the buffers of the first.
  if (!buffer_type) buffer_type = (PyTypeObject *)PyType_FromSpec(&spec);
  if (!buffer_type) return -1;
  return PyModule_AddObjectRef(module, "Buffer", (PyObject *)buffer_type);
}
