// Memory for an array of objects.
#pragma once

#include "engine.h"

// Slots to be filled with a reference each. Until `slots_are_filled` says so, what is in them belongs to
// nobody.
PyObject *slots_new(long long count);
PyObject **slots_objects(PyObject *slots);
void slots_are_filled(PyObject *slots);
