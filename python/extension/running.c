// Which engine calls run in which thread, so that another thread can end them: Ctrl-C reaches only the main one.
#include "engine.h"

#include <stdlib.h>
#include <unistd.h>

// How long the engine may take to stop them at the interpreter's end.
enum { STOP_LIMIT_MILLISECONDS = 5000 };

// All of this is used with the interpreter's lock held.

static struct running *calls_in_progress = NULL;

// Threads whose calls are to end, until they say that calls are allowed again.
struct stopped_thread {
  unsigned long thread;
  struct stopped_thread *next;
};
static struct stopped_thread *stopped_threads = NULL;

static int is_stopped(unsigned long thread) {
  for (const struct stopped_thread *each = stopped_threads; each; each = each->next)
    if (each->thread == thread) return 1;
  return 0;
}

// At the interpreter's end: the only thread that may begin calls.
static int is_last_thread = 0;
static unsigned long last_thread;

void begin_running(struct running *call, const struct engine *engine, sterna_operation *operation) {
  *call = (struct running){PyThread_get_thread_ident(), engine, operation, calls_in_progress};
  calls_in_progress = call;
  if (is_stopped(call->thread) || (is_last_thread && call->thread != last_thread))
    engine->sterna_operation_cancel(operation);
}

int end_running(struct running *call) {
  struct running **link = &calls_in_progress;
  while (*link && *link != call) link = &(*link)->next;
  if (*link) *link = call->next;
  if (!is_last_thread || call->thread == last_thread) return 0;
  // Ends the thread in silence, with all its `with` and `finally`.
  PyErr_SetNone(PyExc_SystemExit);
  return -1;
}

// Threads within the first wait for a call: short enough to be let come to its end.
static long starting_count = 0;

void begin_starting(void) { starting_count++; }
void end_starting(void) { starting_count--; }

static int others_are_running(void) {
  if (starting_count > 0) return 1;
  for (const struct running *call = calls_in_progress; call; call = call->next)
    if (call->thread != last_thread) return 1;
  return 0;
}

void stop_all_calls(void) {
  is_last_thread = 1;
  last_thread = PyThread_get_thread_ident();
  for (const struct running *call = calls_in_progress; call; call = call->next)
    if (call->thread != last_thread) call->engine->sterna_operation_cancel(call->operation);
  for (int waited = 0; waited < STOP_LIMIT_MILLISECONDS && others_are_running(); waited++) {
    Py_BEGIN_ALLOW_THREADS
    usleep(1000);
    Py_END_ALLOW_THREADS
  }
}

void forget_calls(void) {
  calls_in_progress = NULL;
  stopped_threads = NULL;
  starting_count = 0;
  is_last_thread = 0;
}

// stop_calls(thread): ends the call that runs in a thread, and those that it begins before `allow_calls`
PyObject *stop_calls(PyObject *module, PyObject *number) {
  (void)module;
  unsigned long thread = PyLong_AsUnsignedLong(number);
  if (PyErr_Occurred()) return NULL;
  if (!is_stopped(thread)) {
    struct stopped_thread *stopped = malloc(sizeof *stopped);
    if (!stopped) return PyErr_NoMemory();
    *stopped = (struct stopped_thread){thread, stopped_threads};
    stopped_threads = stopped;
  }
  for (const struct running *call = calls_in_progress; call; call = call->next)
    if (call->thread == thread) call->engine->sterna_operation_cancel(call->operation);
  Py_RETURN_NONE;
}

// allow_calls(): what this thread begins from now on is not stopped any more
PyObject *allow_calls(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  unsigned long thread = PyThread_get_thread_ident();
  for (struct stopped_thread **link = &stopped_threads; *link; link = &(*link)->next) {
    if ((*link)->thread != thread) continue;
    struct stopped_thread *stopped = *link;
    *link = stopped->next;
    free(stopped);
    break;
  }
  Py_RETURN_NONE;
}
