// References to Python objects in bulk.
#pragma once

#include "engine.h"

// Adds or takes back many references at once; objects that live for ever (Python 3.12) have none.
static inline void add_references(PyObject *object, Py_ssize_t count) {
  if (Py_Version >= 0x030C0000 && (int32_t)Py_REFCNT(object) < 0) return;
  object->ob_refcnt += count;
}
