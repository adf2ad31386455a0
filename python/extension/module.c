// sterna._engine: the engine for Python. Everything here is private to the package.
#include "engine.h"

static PyObject *generation(PyObject *module, PyObject *unused) {
  (void)module, (void)unused;
  return PyLong_FromLong(engine_generation());
}

static PyMethodDef methods[] = {
    {"open", engine_open, METH_VARARGS, "open(uri, options) -> (json, store, None)"},
    {"call", engine_call, METH_VARARGS, "call(function, handle, name, options, data) -> (json, handle, stream)"},
    {"set_error_factory", set_error_factory, METH_O, "set_error_factory(callable): makes exceptions of errors' fields"},
    {"take_message", take_message, METH_NOARGS, "take_message() -> (level, text) that the engine logged, or None"},
    {"take_columns", take_columns, METH_O, "take_columns(stream) -> (fields, [(rows, columns), ...])"},
    {"make_stream", make_stream, METH_VARARGS, "make_stream(columns, rows) -> stream"},
    {"decode_texts", decode_texts, METH_VARARGS, "texts or bytes as the values of an array of objects"},
    {"decode_codes", decode_codes, METH_VARARGS, "the texts of codes as the values of an array of objects"},
    {"encode_texts", encode_texts, METH_VARARGS, "lays an array of texts or bytes out as Arrow does"},
    {"join_buffers", join_buffers, METH_O, "join_buffers(buffers) -> one buffer of those that lie end to end, or None"},
    {"encode_codes", encode_codes, METH_VARARGS, "an array of texts as codes of distinct ones, or None"},
    {"stop_calls", stop_calls, METH_O, "stop_calls(thread): ends its calls until it allows them again"},
    {"allow_calls", allow_calls, METH_NOARGS, "ends what stop_calls did to this thread"},
    {"generation", generation, METH_NOARGS, "which engine this process uses; handles belong to one"},
    {"live_arrays", live_arrays, METH_NOARGS, "how many arrays of the engine Python keeps alive"},
    {"live_slots", live_slots, METH_NOARGS, "how many arrays of objects on the engine's memory there are"},
    {NULL, NULL, 0, NULL},
};

// The engine is one for the process, and gives memory back in threads that know the main interpreter only.
static int require_main_interpreter(void) {
  if (PyInterpreterState_GetID(PyInterpreterState_Get()) == 0) return 0;
  PyErr_SetString(PyExc_ImportError, "sterna works in the main interpreter only; use a process for each interpreter");
  return -1;
}

static int execute(PyObject *module) {
  if (require_main_interpreter() != 0) return -1;
  if (init_functions() != 0 || init_lending() != 0 || init_buffer(module) != 0 || init_slots(module) != 0) return -1;
  return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "sterna._engine",
    .m_doc = "The engine behind the sterna package.",
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__engine(void) { return PyModuleDef_Init(&definition); }
