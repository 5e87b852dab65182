// beneath.h -- paths that cannot leave their directory.
//
// A path is resolved beneath a root handle: `..` above the root, an absolute path and a link
// that leads out end in FILE_ESCAPES. The kernel does it (openat2) where it can: if there is no
// link on the way. Else, or when asked, a walk opens one component after the other without
// following links, expands those itself, and then counts its steps, since a short path may lead a
// long way. Both give the same answers, but that a walk comes no deeper than 255 directories.
//
//     a/b/link/name       Place: dir = handle of a/b/<link's target>, name = "name"
//     `--- dir ---' name
//
// Operations on a Place use its handle and never follow what the name stands for.
#pragma once

#include "plat/file.h"

typedef enum { BENEATH_auto, BENEATH_walk } BeneathWay;

typedef struct {
    BeneathWay way;
    u32 steps;       // of walks that met links, added up: the same whichever way is gone
} Finder;

typedef enum {
    PLACE_entry, // the name itself, to be made, removed or renamed; may end in a slash
    PLACE_keep,  // what the name stands for; a link stands for itself unless a slash follows
    PLACE_follow // the same, but links are followed
} PlaceKind;

enum { BENEATH_PATH_MAX = 4096, BENEATH_NAME_MAX = 255, BENEATH_LINKS_MAX = 40 };

typedef struct {
    File dir;
    bool owned;                      // dir is closed by place_free
    char name[BENEATH_NAME_MAX + 2]; // "." for a path that ends in . or ..; room for a slash
} Place;

// Where `path` leads. The name itself need not exist. place_free what succeeded.
int place_find(Place *place, File root, const char *path, PlaceKind kind, Finder *finder);
void place_free(Place *place);

int place_set_times(const Place *place, FileTimes times);
int place_make_directory(const Place *place);
int place_remove_directory(const Place *place);
int place_remove_file(const Place *place);
int place_link(const Place *from, const Place *to);
int place_rename(const Place *from, const Place *to);
int place_make_symlink(const Place *place, const char *target);
int place_read_link(const Place *place, void *buf, size_t len, size_t *used); // cut to len

typedef struct {
    bool read, write;
    bool create, exclusive, truncate, directory;
    bool append, sync, data_sync;
    bool follow; // the last component, if it is a link
} FileOpen;

// Opens without waiting (a FIFO may have no other end) and without taking a terminal.
// The handle does not block.
int beneath_open(File root, const char *path, FileOpen how, Finder *finder, File *file);
// What the path stands for; `follow`: where that is a link, what it leads to.
int beneath_stat(File root, const char *path, bool follow, Finder *finder, FileStat *stat);
