// Engine calls. Each starts an operation and waits for it without the interpreter's lock, so that threads run in
// parallel; between waits it looks for signals, so that Ctrl-C ends a transfer in the middle.
#include "engine.h"

#include <string.h>

// Ctrl-C is noticed within this time; the end of an operation at once.
static const int64_t SIGNAL_INTERVAL_MILLISECONDS = 50;
// How long an interrupted operation may take to stop before it is left to itself.
static const int64_t STOP_LIMIT_MILLISECONDS = 10000;

static PyObject *error_factory = NULL;

PyObject *set_error_factory(PyObject *module, PyObject *factory) {
  (void)module;
  Py_INCREF(factory);
  Py_XDECREF(error_factory);
  error_factory = factory;
  Py_RETURN_NONE;
}

// ---- Messages

// The engine's threads must not call Python: they hold no lock, and may outlive the interpreter. So messages are taken.
PyObject *take_message(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  const struct engine *engine = current_engine();
  if (!engine) return NULL;
  char text[4096];
  int32_t level = engine->sterna_take_message(text, sizeof text);
  if (level == 0) Py_RETURN_NONE;
  PyObject *message = PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
  return message ? Py_BuildValue("(iN)", (int)level, message) : NULL;
}

// ---- Handles: capsules that remember which engine made them

static void *handle_of(PyObject *capsule, const char *kind, const struct engine *engine) {
  void *handle = PyCapsule_GetPointer(capsule, kind);
  if (!handle) return NULL;
  if ((long)(intptr_t)PyCapsule_GetContext(capsule) != engine->generation) {
    PyErr_SetString(PyExc_RuntimeError, "this handle belongs to the process that this one was forked from");
    return NULL;
  }
  return handle;
}

static void free_store(PyObject *capsule) {
  // The parent's engine is only memory in a child: nothing to free, and nobody there to do it.
  const struct engine *engine = current_engine();
  if (!engine) return PyErr_Clear();
  if ((long)(intptr_t)PyCapsule_GetContext(capsule) != engine->generation) return;
  engine->sterna_store_free(PyCapsule_GetPointer(capsule, STORE_CAPSULE));
}

static void free_library(PyObject *capsule) {
  const struct engine *engine = current_engine();
  if (!engine) return PyErr_Clear();
  if ((long)(intptr_t)PyCapsule_GetContext(capsule) != engine->generation) return;
  engine->sterna_library_free(PyCapsule_GetPointer(capsule, LIBRARY_CAPSULE));
}

static PyObject *handle_capsule(void *handle, const char *kind, const struct engine *engine,
                                PyCapsule_Destructor destructor) {
  PyObject *capsule = PyCapsule_New(handle, kind, destructor);
  if (capsule) PyCapsule_SetContext(capsule, (void *)(intptr_t)engine->generation);
  return capsule;
}

// ---- The end of an operation

static int set_text(PyObject *fields, const char *name, const char *text) {
  if (!text) return 0;
  PyObject *value = PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
  if (!value) return -1;
  int status = PyDict_SetItemString(fields, name, value);
  Py_DECREF(value);
  return status;
}

static int set_number(PyObject *fields, const char *name, long number) {
  PyObject *value = PyLong_FromLong(number);
  if (!value) return -1;
  int status = PyDict_SetItemString(fields, name, value);
  Py_DECREF(value);
  return status;
}

// Raises what the factory makes of an error.
static void raise_error(const sterna_error *error) {
  PyObject *fields = PyDict_New();
  if (!fields) return;
  if (set_text(fields, "code", error->code) == 0 && set_text(fields, "message", error->message) == 0 &&
      set_text(fields, "advice", error->advice) == 0 && set_text(fields, "key", error->key) == 0 &&
      set_text(fields, "request_id", error->request_id) == 0 &&
      set_text(fields, "provider_code", error->provider_code) == 0 &&
      set_text(fields, "commit_token", error->commit_token) == 0 &&
      set_number(fields, "http_status", error->http_status) == 0 &&
      set_number(fields, "attempts", error->attempts) == 0 &&
      set_number(fields, "is_transient", error->is_transient) == 0 &&
      set_number(fields, "may_have_been_applied", error->may_have_been_applied) == 0) {
    if (error_factory) {
      PyObject *exception = PyObject_CallFunctionObjArgs(error_factory, fields, NULL);
      if (exception) {
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
        Py_DECREF(exception);
      }
    } else {
      PyErr_SetObject(PyExc_RuntimeError, fields);
    }
  }
  Py_DECREF(fields);
}

// Waits for the end, for which it was waited before; -1 when a signal handler raised, and the operation was stopped.
static int wait_interruptibly(const struct engine *engine, sterna_operation *operation, int32_t has_ended) {
  for (;;) {
    if (has_ended) return 0;
    if (PyErr_CheckSignals() != 0) {
      engine->sterna_operation_cancel(operation);
      Py_BEGIN_ALLOW_THREADS
      engine->sterna_operation_wait(operation, STOP_LIMIT_MILLISECONDS);
      Py_END_ALLOW_THREADS
      return -1;
    }
    Py_BEGIN_ALLOW_THREADS
    has_ended = engine->sterna_operation_wait(operation, SIGNAL_INTERVAL_MILLISECONDS);
    Py_END_ALLOW_THREADS
  }
}

static int wait_for(const struct engine *engine, sterna_operation *operation, int32_t has_ended) {
  struct running call;
  begin_running(&call, engine, operation);
  int status = wait_interruptibly(engine, operation, has_ended);
  return end_running(&call) != 0 ? -1 : status;
}

static PyObject *taken_handle(const struct engine *engine, sterna_operation *operation) {
  sterna_store *store = engine->sterna_operation_take_store(operation);
  if (store) return handle_capsule(store, STORE_CAPSULE, engine, free_store);
  sterna_library *library = engine->sterna_operation_take_library(operation);
  if (library) return handle_capsule(library, LIBRARY_CAPSULE, engine, free_library);
  Py_RETURN_NONE;
}

static PyObject *taken_stream(const struct engine *engine, sterna_operation *operation) {
  struct ArrowArrayStream stream;
  if (!engine->sterna_operation_take_stream(operation, &stream)) Py_RETURN_NONE;
  return stream_capsule(&stream);
}

// (JSON text or None, handle or None, stream or None). Frees the operation.
static PyObject *outcome_of(const struct engine *engine, sterna_operation *operation, int32_t has_ended) {
  PyObject *result = NULL;
  if (wait_for(engine, operation, has_ended) == 0) {
    const sterna_error *error = engine->sterna_operation_error(operation);
    if (error) {
      raise_error(error);
    } else {
      const char *json = engine->sterna_operation_json(operation);
      PyObject *handle = taken_handle(engine, operation);
      PyObject *stream = handle ? taken_stream(engine, operation) : NULL;
      // "z": None for NULL; "N" takes the references over.
      if (stream) result = Py_BuildValue("(zNN)", json, handle, stream);
      else Py_XDECREF(handle);
    }
  }
  engine->sterna_operation_free(operation);
  give_back_loans();
  return result;
}

PyObject *engine_open(PyObject *module, PyObject *arguments) {
  (void)module;
  const char *uri, *options;
  if (!PyArg_ParseTuple(arguments, "sz", &uri, &options)) return NULL;
  const struct engine *engine = current_engine();
  if (!engine) return NULL;
  return outcome_of(engine, engine->sterna_store_open(uri, options), 0);
}

// ---- The functions by name

struct call {
  const char *name;
  // Which arguments the function takes after the handle: n(ame), d(ata), l(ibrary, or NULL), o(ptions).
  const char *arguments;
  size_t position;
  const char *handle_kind;
};

#define STORE_CALL(function, arguments) \
  {#function, arguments, offsetof(struct engine, sterna_##function), STORE_CAPSULE}
#define LIBRARY_CALL(function, arguments) \
  {#function, arguments, offsetof(struct engine, sterna_##function), LIBRARY_CAPSULE}

static const struct call calls[] = {
    STORE_CALL(store_library, "no"),          STORE_CALL(store_create_library, "n"),
    STORE_CALL(store_delete_library, "n"),    STORE_CALL(store_has_library, "n"),
    STORE_CALL(store_libraries, ""),          LIBRARY_CALL(library_write, "ndo"),
    LIBRARY_CALL(library_append, "ndo"),      LIBRARY_CALL(library_read, "no"),
    LIBRARY_CALL(library_scan, "no"),         LIBRARY_CALL(library_describe, "no"),
    LIBRARY_CALL(library_versions, "n"),      LIBRARY_CALL(library_symbols, ""),
    LIBRARY_CALL(library_has_symbol, "n"),    LIBRARY_CALL(library_update, "ndo"),
    LIBRARY_CALL(library_delete_rows, "no"),  LIBRARY_CALL(library_write_metadata, "no"),
    LIBRARY_CALL(library_restore, "no"),      LIBRARY_CALL(library_delete_versions, "no"),
    LIBRARY_CALL(library_snapshot, "no"),     LIBRARY_CALL(library_delete_snapshot, "n"),
    LIBRARY_CALL(library_snapshots, ""),      LIBRARY_CALL(library_snapshot_versions, "n"),
    LIBRARY_CALL(library_prune, "no"),        LIBRARY_CALL(library_delete_symbol, "n"),
    LIBRARY_CALL(library_stage, "ndo"),       LIBRARY_CALL(library_commit_staged, "no"),
    LIBRARY_CALL(library_staged, "n"),        LIBRARY_CALL(library_abandon_staged, "no"),
    LIBRARY_CALL(library_resolve, "n"),       LIBRARY_CALL(library_sizes, ""),
    LIBRARY_CALL(library_difference, "no"),   LIBRARY_CALL(library_copy, "nlo"),
    LIBRARY_CALL(library_rename, "no"),       LIBRARY_CALL(library_collect, "o"),
    LIBRARY_CALL(library_verify, "o"),        STORE_CALL(store_change_library, "no"),
};

static const struct call *call_named(const char *name) {
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    if (strcmp(calls[i].name, name) == 0) return &calls[i];
  PyErr_Format(PyExc_ValueError, "the engine has no function '%s'", name);
  return NULL;
}

typedef sterna_operation *(*call_plain)(void *);
typedef sterna_operation *(*call_name)(void *, const char *);
typedef sterna_operation *(*call_options)(void *, const char *);
typedef sterna_operation *(*call_name_options)(void *, const char *, const char *);
typedef sterna_operation *(*call_name_data_options)(void *, const char *, struct ArrowArrayStream *, const char *);
typedef sterna_operation *(*call_name_library_options)(void *, const char *, sterna_library *, const char *);

// Starts an operation and waits for it a first time: mostly its end comes, and the lock is asked for once. To get it
// back from other threads takes longer than a small read. `data` is a stream or a library, as the function takes it.
static sterna_operation *start(const struct engine *engine, const struct call *call, void *handle, const char *name,
                               void *data, const char *options, int32_t *has_ended) {
  void *function = *(void **)((char *)engine + call->position);
  sterna_operation *operation;
  begin_starting();
  // Starting takes a stream over, whose producer may want the lock to describe itself.
  Py_BEGIN_ALLOW_THREADS
  if (strcmp(call->arguments, "ndo") == 0) operation = ((call_name_data_options)function)(handle, name, data, options);
  else if (strcmp(call->arguments, "nlo") == 0)
    operation = ((call_name_library_options)function)(handle, name, data, options);
  else if (strcmp(call->arguments, "no") == 0) operation = ((call_name_options)function)(handle, name, options);
  else if (strcmp(call->arguments, "n") == 0) operation = ((call_name)function)(handle, name);
  else if (strcmp(call->arguments, "o") == 0) operation = ((call_options)function)(handle, options);
  else operation = ((call_plain)function)(handle);
  *has_ended = engine->sterna_operation_wait(operation, SIGNAL_INTERVAL_MILLISECONDS);
  Py_END_ALLOW_THREADS
  end_starting();
  return operation;
}

// call(function, handle, name, options, data or library) -> (json, handle, stream)
PyObject *engine_call(PyObject *module, PyObject *arguments) {
  (void)module;
  const char *function, *name, *options;
  PyObject *capsule, *data;
  if (!PyArg_ParseTuple(arguments, "sOzzO", &function, &capsule, &name, &options, &data)) return NULL;
  const struct call *call = call_named(function);
  const struct engine *engine = call ? current_engine() : NULL;
  if (!engine) return NULL;
  void *handle = handle_of(capsule, call->handle_kind, engine);
  if (!handle) return NULL;
  // What is given with the call, and a stream that is moved out while the lock is held: another thread that has the
  // same capsule finds it empty.
  void *given = NULL;
  struct ArrowArrayStream stream = {.release = NULL};
  if (data != Py_None && strchr(call->arguments, 'l')) {
    if (!(given = handle_of(data, LIBRARY_CAPSULE, engine))) return NULL;
  } else if (data != Py_None) {
    struct ArrowArrayStream *source = PyCapsule_GetPointer(data, STREAM_CAPSULE);
    if (!source) return NULL;
    stream = *source;
    source->release = NULL;
    given = &stream;
  }
  int32_t has_ended;
  sterna_operation *operation = start(engine, call, handle, name, given, options, &has_ended);
  // Functions without data leave it alone.
  if (stream.release) stream.release(&stream);
  PyObject *outcome = outcome_of(engine, operation, has_ended);
  // A scan's rows are still to come.
  PyObject *rows = outcome && strcmp(function, "library_read") == 0 ? PyTuple_GetItem(outcome, 2) : NULL;
  if (rows) stream_is_ready(rows);
  return outcome;
}
