// no_beneath.h -- in place of plat/linux/beneath.c: paths that are resolved without any check. For
// tests of the second wall, which is all that stands between their guests and other files then.
#pragma once

#include "plat/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int place_find(Place *place, File root, const char *path, PlaceKind kind, Finder *finder)
{
    char dir[BENEATH_PATH_MAX];
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/') len--;
    snprintf(dir, sizeof dir, "%.*s", (int)len, path);
    char *slash = strrchr(dir, '/');
    snprintf(place->name, sizeof place->name, "%s", slash ? slash + 1 : dir);
    if (slash) slash[slash == dir] = 0;
    place->dir = openat(root, slash ? dir : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    place->owned = place->dir >= 0;
    return place->owned ? 0 : errno;
}

void place_free(Place *place)
{
    if (place->owned) close(place->dir);
    place->owned = false;
}

static int answer_of(int failed) { return failed < 0 ? errno : 0; }

int beneath_stat(File root, const char *path, bool follow, Finder *finder, FileStat *stat)
{
    *stat = (FileStat){.kind = FILE_regular};
    return faccessat(root, path, F_OK, 0) ? errno : 0;
}
// The wall lets these through.
int place_set_times(const Place *p, FileTimes times) { return EPERM; }
int place_make_directory(const Place *p) { return answer_of(mkdirat(p->dir, p->name, 0755)); }
int place_remove_directory(const Place *p)
{
    return answer_of(unlinkat(p->dir, p->name, AT_REMOVEDIR));
}
int place_remove_file(const Place *p) { return answer_of(unlinkat(p->dir, p->name, 0)); }
int place_link(const Place *from, const Place *to)
{
    return answer_of(linkat(from->dir, from->name, to->dir, to->name, AT_SYMLINK_FOLLOW));
}
int place_rename(const Place *from, const Place *to)
{
    return answer_of(renameat(from->dir, from->name, to->dir, to->name));
}
int place_make_symlink(const Place *p, const char *target)
{
    return answer_of(symlinkat(target, p->dir, p->name));
}
int place_read_link(const Place *p, void *buf, size_t len, size_t *used)
{
    ssize_t n = readlinkat(p->dir, p->name, buf, len);
    *used = n < 0 ? 0 : (size_t)n;
    return answer_of((int)n);
}
int beneath_open(File root, const char *path, FileOpen how, Finder *finder, File *file)
{
    int flags = how.write ? how.read ? O_RDWR : O_WRONLY : O_RDONLY;
    flags |= (how.create ? O_CREAT : 0) | (how.exclusive ? O_EXCL : 0) |
             (how.truncate ? O_TRUNC : 0) | (how.append ? O_APPEND : 0) |
             (how.directory ? O_DIRECTORY : 0);
    *file = openat(root, path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0644);
    return answer_of(*file);
}
