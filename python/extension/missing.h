// The kinds of "missing" that a column of Python objects may hold.
#pragma once

#include "engine.h"

// Which of them occurred.
struct missing {
  int has_none, has_nan, has_na, has_nat;
};

// Whether the object stands for a missing value, which is noted.
static inline int note_missing(struct missing *missing, PyObject *object, PyObject *na, PyObject *nat) {
  if (object == Py_None) return missing->has_none = 1;
  if (object == na) return missing->has_na = 1;
  if (object == nat) return missing->has_nat = 1;
  if (PyFloat_Check(object)) {
    double value = PyFloat_AsDouble(object);
    if (value != value) return missing->has_nan = 1;
  }
  return 0;
}
