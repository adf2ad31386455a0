// The values of an array of objects: memory of the engine's, with a reference to an object in each slot.
//
// NumPy's own memory for these is fresh each time, on small pages, and filled with None before anything else: that
// took longer than to fill it with what is wanted. NumPy views this one as it views the engine's numbers. What is in
// the slots when the last view goes is given back here, so users may put other objects there.
#include "slots.h"

struct slots {
  PyObject_HEAD
  sterna_memory *memory;
  // Of the engine that the memory is from. A forked child has another, and leaves the parent's alone: a lock in it may
  // be held by a thread that the child does not have.
  void (*free)(sterna_memory *);
  long generation;
  PyObject **objects;
  // 0 until there are references in all of them.
  Py_ssize_t count;
  Py_ssize_t capacity;
};

static PyTypeObject *slots_type = NULL;

// For tests; changed with the interpreter's lock held.
static long live_count = 0;

PyObject *live_slots(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  return PyLong_FromLong(live_count);
}

PyObject *slots_new(long long count) {
  const struct engine *engine = current_engine();
  if (!engine) return NULL;
  if (count < 0 || count > PY_SSIZE_T_MAX / (Py_ssize_t)sizeof(PyObject *)) {
    PyErr_SetString(PyExc_ValueError, "no such number of rows");
    return NULL;
  }
  struct slots *slots = PyObject_New(struct slots, slots_type);
  if (!slots) return NULL;
  slots->count = 0;
  slots->capacity = (Py_ssize_t)count;
  slots->free = engine->sterna_memory_free;
  slots->generation = engine->generation;
  slots->memory = engine->sterna_memory_new((size_t)count * sizeof(PyObject *));
  slots->objects = slots->memory ? engine->sterna_memory_address(slots->memory) : NULL;
  if (slots->objects) {
    live_count++;
    return (PyObject *)slots;
  }
  if (slots->memory) slots->free(slots->memory);
  slots->memory = NULL;
  Py_DECREF(slots);
  return PyErr_NoMemory();
}

PyObject **slots_objects(PyObject *self) { return ((struct slots *)self)->objects; }

void slots_are_filled(PyObject *self) { ((struct slots *)self)->count = ((struct slots *)self)->capacity; }

static void dealloc(PyObject *self) {
  struct slots *slots = (struct slots *)self;
  PyTypeObject *type = Py_TYPE(self);
  for (Py_ssize_t i = 0; i < slots->count; i++) {
    // Objects lie anywhere in memory: the wait for them was most of the time.
    if (i + 24 < slots->count) __builtin_prefetch(slots->objects[i + 24], 1);
    Py_XDECREF(slots->objects[i]);
  }
  if (slots->memory) {
    if (slots->generation == engine_generation()) slots->free(slots->memory);
    live_count--;
  }
  freefunc free_object = (freefunc)PyType_GetSlot(type, Py_tp_free);
  free_object(self);
  Py_DECREF(type);
}

static int get_buffer(PyObject *self, Py_buffer *view, int flags) {
  struct slots *slots = (struct slots *)self;
  if (slots->count != slots->capacity) {
    PyErr_SetString(PyExc_BufferError, "the slots are not filled yet");
    return -1;
  }
  return PyBuffer_FillInfo(view, self, slots->objects, slots->count * (Py_ssize_t)sizeof(PyObject *), 0, flags);
}

static PyType_Slot slots_of_type[] = {
    {Py_tp_doc, "The values of an array of objects, kept alive by whoever views them."},
    {Py_tp_dealloc, dealloc},
    {Py_bf_getbuffer, get_buffer},
    {0, NULL},
};

static PyType_Spec spec = {"sterna._engine.Slots", sizeof(struct slots), 0,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots_of_type};

int init_slots(PyObject *module) {
  if (!slots_type) slots_type = (PyTypeObject *)PyType_FromSpec(&spec);
  if (!slots_type) return -1;
  return PyModule_AddObjectRef(module, "Slots", (PyObject *)slots_type);
}
