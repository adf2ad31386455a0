// Buffers of Python's that the engine has, on their way back.
//
// The engine gives them back in threads of its own. Those must not wait for the interpreter's lock: at the
// interpreter's end that ends the thread, which the engine's pool of threads does not survive. So they put buffers aside,
// and a thread that has the lock gives them back: the one whose call ends, or else the main thread, soon.
#include "engine.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static _Atomic(struct loan *) put_aside = NULL;

// Whoever asks the interpreter for something without its lock holds this, and the interpreter's end waits for it.
static pthread_mutex_t ending = PTHREAD_MUTEX_INITIALIZER;
static int is_ending = 0;

static void child_after_fork(void) {
  // Maybe held by a thread that the child does not have.
  pthread_mutex_init(&ending, NULL);
  forget_calls();
}

void give_back_loans(void) {
  struct loan *loan = atomic_exchange(&put_aside, NULL);
  if (!loan) return;
  // The end of an object must not meet the exception of a call.
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  while (loan) {
    struct loan *next = loan->next;
    for (int i = 0; i < loan->view_count; i++)
      if (loan->views[i].obj) PyBuffer_Release(&loan->views[i]);
    free(loan);
    loan = next;
  }
  PyErr_Restore(type, value, traceback);
}

static int give_back_in_main_thread(void *unused) {
  (void)unused;
  give_back_loans();
  return 0;
}

void end_loan(struct loan *loan) {
  if (loan->view_count == 0) return free(loan);
  struct loan *before = atomic_load(&put_aside);
  do loan->next = before;
  while (!atomic_compare_exchange_weak(&put_aside, &before, loan));
  // Else the main thread has been told, and not come to it.
  if (before) return;
  pthread_mutex_lock(&ending);
  if (!is_ending) Py_AddPendingCall(give_back_in_main_thread, NULL);
  pthread_mutex_unlock(&ending);
}

// Registered with atexit: the interpreter still works, and is told nothing more by the engine.
static PyObject *end(PyObject *self, PyObject *unused) {
  (void)self, (void)unused;
  pthread_mutex_lock(&ending);
  is_ending = 1;
  pthread_mutex_unlock(&ending);
  stop_all_calls();
  give_back_loans();
  Py_RETURN_NONE;
}

int init_lending(void) {
  static PyMethodDef definition = {"end", end, METH_NOARGS, "ends the calls of other threads"};
  static int is_registered = 0;
  if (is_registered) return 0;
  PyObject *exits = PyImport_ImportModule("atexit");
  PyObject *function = exits ? PyCFunction_New(&definition, NULL) : NULL;
  PyObject *result = function ? PyObject_CallMethod(exits, "register", "O", function) : NULL;
  is_registered = result && pthread_atfork(NULL, NULL, child_after_fork) == 0;
  Py_XDECREF(result);
  Py_XDECREF(function);
  Py_XDECREF(exits);
  return is_registered ? 0 : -1;
}
