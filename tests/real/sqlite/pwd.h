// pwd.h -- WASI has no users; the shell only asks where the home directory is.
#pragma once

struct passwd {
    char *pw_dir;
};
static inline struct passwd *getpwuid(int uid) { return NULL; }
