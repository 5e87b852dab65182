// folder.h -- a folder of files that is one user's alone, in which any number of processes put
// files and find them: each is there whole, or not at all.
//
// Functions answer 0 or an errno.
#pragma once

#include "plat/file.h"

// Makes it where it is not there, and what it is in, with rights for its owner alone. EPERM: it is
// another's, or others may write there.
int folder_open(const char *path, File *folder);
// A file of that name, to be read, which counts as used now. ENOENT: there is none.
int folder_find(File folder, const char *name, File *file);
// Writes a file from the beginning, and gives it a name when all of it is there: in place of what
// had that name. `write` says whether it could, by file_write.
int folder_put(File folder, const char *name, bool (*write)(void *env, File file), void *env);
void folder_remove(File folder, const char *name); // if it is there
// Removes what was not used for longest, until all has no more than so many bytes.
int folder_trim(File folder, u64 most);
