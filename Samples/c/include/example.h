// The example's entry under the name that the test calls it by.
#pragma once

int sterna_example_main(int argc, char **argv);
