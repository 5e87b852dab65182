// image.h -- memory that is the same at first in many places, and is given back to that state.
//
//     image (a file without a name, that nobody can change any more)
//        |---- page ----|---- page ----|
//           |      \         private mappings: each has a page of its own once that was written to
//           place   place
//
// A page that a place has of its own is told by what it is: memory that is neither of a file nor
// the system's page of zeros. So nothing is noted while a guest runs, and nothing can be missed,
// whoever wrote and however; a page that the system has put aside counts. Where it cannot be asked
// (before Linux 6.7, or without /proc) all pages of a place are dropped.
#pragma once

#include "base/types.h"

#include <pthread.h>

typedef struct { u64 start, size; } ImageRun; // bytes; both are whole pages

typedef struct {
    int file;
    u64 size;          // of whole pages; what is behind is zero. 0: all is, and there is no file
    const u8 *view;    // the same bytes, to be read
    ImageRun *runs;    // of pages that are not zero, in order
    u32 run_count;
} Image;

// Of memory as it is. 0 or an errno.
int image_new(Image *image, const u8 *bytes, u64 size);
void image_free(Image *image); // places that have it keep it
// In place of what is mapped at a page's start, image->size bytes. False: there is no mapping left.
bool image_map(const Image *image, void *at);
// Its bytes to where zeros are.
void image_copy(const Image *image, u8 *to);

// A file without a name of so many bytes, of whole pages, all zero at first: for memory that
// others may have as it is at some time. 0 or an errno.
int image_file_new(u64 room, int *file);
void image_file_close(int file);
// Pages that are not zero, from its start on. 0 or an errno.
int image_file_write(int file, const u8 *bytes, u64 size);
// Its bytes from `offset` on in place of what is mapped at a page's start, in whole pages, to be
// read and written: what is written is the file's; or, with `own`, the place's. 0 or an errno, and
// then it is as it was.
int image_file_map(int file, u64 offset, u8 *at, u64 size, bool own);

// What is mapped there goes elsewhere, where nobody uses it, so that something else can be mapped
// in its place without a walk over all its pages: that comes when it is freed. NULL: not here.
void *image_set_aside(u8 *at, u64 size);
void image_free_aside(void *aside, u64 size); // NULL is fine

// Whole pages of it are zero again, wherever they are mapped, and take no memory. False: they may
// have stayed.
bool image_file_discard(int file, u64 at, u64 size);

// Who asks for pages that were written to.
typedef struct {
    int file;          // of a table of this process's pages; -1: there is none
    u32 process;       // which that is
    bool plain;        // does as if there were none: for tests, and where the system cannot tell
    pthread_mutex_t lock;
} ImageWatch;

void image_watch_begin(ImageWatch *watch, bool plain);
void image_watch_end(ImageWatch *watch);
// A place of `room` bytes that begins with the image is as it was at first. `keep` bytes of pages
// of its own stay, the lowest, with the image's contents, so that they need not be made again.
// False: the system refused, and anything may be there.
bool image_restore(const Image *image, ImageWatch *watch, u8 *place, u64 room, u64 keep);
// Tells of all pages that a place has of its own, in runs. False: it cannot be known, or `visit`
// said so.
bool image_each_own(ImageWatch *watch, u8 *place, u64 size,
                    bool (*visit)(void *env, u64 at, u64 size), void *env);
