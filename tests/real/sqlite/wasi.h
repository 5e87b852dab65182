// wasi.h -- what SQLite expects of Unix and WASI lacks, included before everything else. One
// process uses the database, so that locks always succeed; there are no users, modes or commands.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2
#define F_GETLK 5
#define F_SETLK 6
#define F_SETLKW 7

// SQLite calls this through a pointer, so it is a function.
static inline int sqlite_fcntl(int fd, int command, ...)
{
    va_list args;
    va_start(args, command);
    int result = 0;
    if (command == F_GETLK) va_arg(args, struct flock *)->l_type = F_UNLCK;
    else if (command != F_SETLK) result = fcntl(fd, command, va_arg(args, int));
    va_end(args);
    return result;
}
#define fcntl sqlite_fcntl

static inline int fchmod(int fd, mode_t mode) { return 0; }
static inline int chmod(const char *path, mode_t mode) { return 0; }
static inline int fchown(int fd, uid_t owner, gid_t group) { return 0; }
static inline uid_t geteuid(void) { return 0; }
static inline uid_t getuid(void) { return 0; }
static inline mode_t umask(mode_t mask) { return 0; }
static inline FILE *popen(const char *command, const char *mode) { return NULL; }
static inline int pclose(FILE *file) { return -1; }
#define system(command) (-1)
