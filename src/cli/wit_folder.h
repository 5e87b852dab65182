// wit_folder.h -- packages of WIT as a folder, with a file for each.
#pragma once

#include "component/wit/wit.h"

// The main package's file in it, those of others in its folder deps, and their names on standard
// output. The folder is not there yet, or empty; it appears with all that is in it, or not at all.
// False after printing why. Leaves through the set's arena before anything is made.
bool wit_write_folder(const Wit *wit, const char *folder);
