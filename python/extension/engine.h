// What the files of the extension share.
//
//   module.c        the module and its functions
//   calls.c         engine calls: start, wait without the interpreter's lock, make objects of the outcome
//   running.c       which calls run in which thread, for whoever ends them
//   functions.c     which engine functions exist, and where they are after a fork
//   columns_out.c   an Arrow C stream as columns whose buffers Python can view
//   columns_in.c    objects with buffers as an Arrow C stream
//   lending.c       buffers of Python's that the engine has, on their way back
//   buffer.c        a piece of memory with an owner, for the buffer protocol
//   slots.c         the values of an array of objects
//   texts.c         texts and bytes to Python objects, in bulk
//   interning.c     one object for equal texts
//   text_table.c    which texts are equal
//   objects.c       Python objects to texts and bytes, in bulk
#pragma once

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "arrow_c_data.h"
#include "sterna.h"

#define STREAM_CAPSULE "arrow_array_stream"
#define STORE_CAPSULE "sterna_store"
#define LIBRARY_CAPSULE "sterna_library"

// ---- functions.c

// The engine's functions, as found in this process. After a fork the parent's engine has no threads any
// more; the child then loads an engine of its own, and handles of the parent's are told apart by their
// generation.
struct engine {
#define ENGINE_FUNCTION(result, name, parameters) result(*name) parameters;
#include "engine_functions.def"
#undef ENGINE_FUNCTION
  long generation;
};

// NULL with an exception set when the engine cannot be loaded in a forked child.
const struct engine *current_engine(void);
long engine_generation(void);
int init_functions(void);

// ---- calls.c

PyObject *engine_open(PyObject *module, PyObject *arguments);
PyObject *engine_call(PyObject *module, PyObject *arguments);
PyObject *set_error_factory(PyObject *module, PyObject *factory);
PyObject *take_message(PyObject *module, PyObject *unused);

// ---- running.c

// A call that waits for its operation.
struct running {
  unsigned long thread;
  const struct engine *engine;
  sterna_operation *operation;
  struct running *next;
};
// Around the first wait, which ends by itself after a moment.
void begin_starting(void);
void end_starting(void);
void begin_running(struct running *call, const struct engine *engine, sterna_operation *operation);
// -1 with SystemExit set when the interpreter ends, and the thread with it.
int end_running(struct running *call);
// Ends the calls of all other threads, and waits for that; from now on only the main thread may begin some.
void stop_all_calls(void);
// In a forked child: they are the parent's.
void forget_calls(void);
PyObject *stop_calls(PyObject *module, PyObject *number);
PyObject *allow_calls(PyObject *module, PyObject *unused);

// ---- lending.c

// Buffers that were lent together. From malloc; freed when they are given back.
struct loan {
  Py_buffer views[3];
  int view_count;
  struct loan *next;
};
// In any thread, without the interpreter's lock: the buffers are given back soon.
void end_loan(struct loan *loan);
// Gives back what was put aside.
void give_back_loans(void);
int init_lending(void);

// ---- buffer.c

// Memory that lives as long as `owner`; the reference is taken over, also on failure.
PyObject *buffer_new(PyObject *owner, void *address, Py_ssize_t size);
// Memory from malloc, freed with the last view on it; taken over, also on failure.
PyObject *buffer_adopting(void *memory, Py_ssize_t size);
int init_buffer(PyObject *module);
// Buffers that lie end to end in memory as one; None for others.
PyObject *join_buffers(PyObject *module, PyObject *buffers);

// ---- slots.c

PyObject *live_slots(PyObject *module, PyObject *unused);
int init_slots(PyObject *module);

// ---- columns_out.c, columns_in.c

PyObject *take_columns(PyObject *module, PyObject *capsule);
PyObject *make_stream(PyObject *module, PyObject *arguments);
PyObject *live_arrays(PyObject *module, PyObject *unused);
// A capsule that owns a stream; `stream` is moved out.
PyObject *stream_capsule(struct ArrowArrayStream *stream);
// Says that the stream has all its rows, and never waits: it is then taken without giving the interpreter's
// lock away, which other threads would not give back before their own work is done.
void stream_is_ready(PyObject *capsule);

// ---- texts.c, objects.c

PyObject *decode_texts(PyObject *module, PyObject *arguments);
PyObject *decode_codes(PyObject *module, PyObject *arguments);
PyObject *encode_texts(PyObject *module, PyObject *arguments);

// ---- codes.c

PyObject *encode_codes(PyObject *module, PyObject *arguments);

// ---- strided.c

// A column whose values lie `stride` bytes apart, and where they are copied to.
struct strided {
  const char *source;
  Py_ssize_t stride;
  Py_ssize_t width;
  char *target;
};

// Memory of several columns, freed when each has given its reference back.
struct gathered;
// Copies the columns, without Python's lock; NULL with an exception set when there is no memory.
struct gathered *gather(struct strided *columns, size_t count, long long row_count);
void gathered_release(struct gathered *gathered);
