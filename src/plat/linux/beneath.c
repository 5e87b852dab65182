// beneath.c -- paths beneath a directory: openat2, or a walk.
//
// Both ways end with the handle of a directory that was beneath the root when it was reached,
// and one name in it. What happens to the tree meanwhile does not matter: the name is only
// used with calls that do not follow it, and those are listed here, once. Where something is opened
// or looked at, openat2 goes all of the path, and follows nothing.
//
//     fstatat, utimensat, linkat, readlinkat   no flag to follow, name without a slash (a slash
//                                              would make the kernel follow after all)
//     mkdirat, unlinkat, renameat, symlinkat   never follow; a slash only asks for a directory
//     openat                                   O_NOFOLLOW, name without a slash
//
// spec: openat2(2), path_resolution(7)

#include "plat/beneath.h"

#include "plat/linux/stat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    CREATE_MODE = 0666,
    DIRECTORY_MODE = 0777,
    RACES_MAX = 32,  // answers of EAGAIN before the walk takes over
    DEPTH_MAX = 256, // directories that a walk holds open
};

static const int dir_flags = O_PATH | O_DIRECTORY | O_CLOEXEC;

// -- the kernel's way --

// EAGAIN: there are links on the way, or it lost too many races, and somebody else must go it.
static int kernel_open(File root, const char *path, u64 flags, File *file)
{
    struct open_how how = {
        .flags = flags,
        .mode = flags & O_CREAT ? CREATE_MODE : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
    };
    int err = EAGAIN;
    for (int i = 0; i < RACES_MAX && (err == EAGAIN || err == EINTR); i++) {
        *file = (File)syscall(SYS_openat2, root, path, &how, sizeof how);
        err = *file < 0 ? errno : 0;
    }
    return err == EXDEV ? FILE_ESCAPES : err == ELOOP ? EAGAIN : err;
}

// Old kernels lack the call, and some sandboxes refuse it. Asked once.
static bool kernel_can(void)
{
    static _Atomic int known; // 0 not asked, 1 yes, 2 no
    int state = atomic_load_explicit(&known, memory_order_relaxed);
    if (state) return state == 1;
    File file;
    int err = kernel_open(AT_FDCWD, ".", (u64)dir_flags, &file);
    bool can = err != ENOSYS && err != EPERM && err != EINVAL && err != E2BIG;
    if (!err) close(file);
    atomic_store_explicit(&known, can ? 1 : 2, memory_order_relaxed);
    return can;
}

// -- names --

typedef struct {
    size_t dir_len;  // of the path before the name, without slashes at its end
    size_t name_at, name_len;
    bool slash;      // the path ends in one
} Split;

static Split path_split(const char *path)
{
    size_t end = strlen(path);
    bool slash = end && path[end - 1] == '/';
    while (end && path[end - 1] == '/') end--;
    size_t at = end;
    while (at && path[at - 1] != '/') at--;
    size_t dir_len = at;
    while (dir_len && path[dir_len - 1] == '/') dir_len--;
    return (Split){.dir_len = dir_len, .name_at = at, .name_len = end - at, .slash = slash};
}

static bool is_dots(const char *name, size_t len)
{
    return (len == 1 && name[0] == '.') || (len == 2 && name[0] == '.' && name[1] == '.');
}

static int place_name(Place *place, const char *name, size_t len, bool slash)
{
    if (len > BENEATH_NAME_MAX) return ENAMETOOLONG;
    memcpy(place->name, name, len);
    if (slash) place->name[len++] = '/';
    place->name[len] = 0;
    return 0;
}

static void place_use(Place *place, File dir, bool owned)
{
    place_free(place);
    place->dir = dir;
    place->owned = owned;
}

// Reads a link's text with its NUL. EINVAL: not a link.
static int link_text(File dir, const char *name, char text[BENEATH_PATH_MAX])
{
    ssize_t n = readlinkat(dir, name, text, BENEATH_PATH_MAX);
    if (n < 0) return errno;
    if (n == BENEATH_PATH_MAX) return ENAMETOOLONG;
    if (n == 0) return ENOENT;
    text[n] = 0;
    return text[0] == '/' ? FILE_ESCAPES : 0;
}

static int kernel_directory(Place *place, File root, const char *path)
{
    File dir;
    int err = kernel_open(root, path, (u64)dir_flags, &dir);
    if (!err) place_use(place, dir, true);
    return err;
}

// The kernel resolves the directory, in one step. A link at the end that is to be followed is for
// the walk.
static int kernel_find(Place *place, File root, const char *path, PlaceKind kind)
{
    char dir[BENEATH_PATH_MAX];
    struct stat st;
    Split s = path_split(path);
    const char *name = path + s.name_at;
    if (is_dots(name, s.name_len)) {
        int err = kernel_directory(place, root, path);
        return err ? err : place_name(place, ".", 1, false);
    }
    int err = 0;
    if (s.dir_len) {
        memcpy(dir, path, s.dir_len);
        dir[s.dir_len] = 0;
        err = kernel_directory(place, root, dir);
    } else {
        place_use(place, root, false);
    }
    if (!err) err = place_name(place, name, s.name_len, kind == PLACE_entry && s.slash);
    bool follow = kind == PLACE_follow || (kind == PLACE_keep && s.slash);
    if (err || !follow) return err;
    if (fstatat(place->dir, place->name, &st, AT_SYMLINK_NOFOLLOW))
        return errno == ENOENT && !s.slash ? 0 : errno;
    if (S_ISLNK(st.st_mode)) return EAGAIN;
    return s.slash && !S_ISDIR(st.st_mode) ? ENOTDIR : 0;
}

// -- the walk --

// The directories from the root down to where we are, so that `..` goes back the way we came,
// wherever a directory may have been moved meanwhile.
typedef struct {
    File dirs[DEPTH_MAX]; // dirs[0] is the root, which is not ours
    int depth;            // index of the current one
    int links;
    char rest[2 * BENEATH_PATH_MAX]; // what is still to be walked
} Walk;

static File walk_here(const Walk *w) { return w->dirs[w->depth]; }

static void walk_close(Walk *w)
{
    while (w->depth) close(w->dirs[w->depth--]);
}

// Hands the current directory to the place.
static void walk_take(Walk *w, Place *place)
{
    place_use(place, walk_here(w), w->depth > 0);
    if (w->depth) w->depth--;
}

// Puts a link's text before the rest.
static int walk_expand(Walk *w, const char *text, size_t rest_at, bool slash)
{
    if (w->links++ == BENEATH_LINKS_MAX) return ELOOP;
    char *rest = w->rest + rest_at;
    size_t text_len = strlen(text), rest_len = strlen(rest);
    if (text_len + slash + rest_len >= sizeof w->rest) return ENAMETOOLONG;
    memmove(w->rest + text_len + slash, rest, rest_len + 1);
    memcpy(w->rest, text, text_len);
    if (slash) w->rest[text_len] = '/';
    return 0;
}

typedef enum { STEP_on, STEP_done } Step;

// Takes one component off the rest.
static int walk_step(Walk *w, Place *place, PlaceKind kind, Step *step)
{
    char name[BENEATH_NAME_MAX + 1], text[BENEATH_PATH_MAX];
    size_t len = strcspn(w->rest, "/");
    size_t rest_at = len + strspn(w->rest + len, "/");
    bool slash = rest_at > len, last = w->rest[rest_at] == 0;
    if (len > BENEATH_NAME_MAX) return ENAMETOOLONG;
    memcpy(name, w->rest, len);
    name[len] = 0;
    *step = last ? STEP_done : STEP_on;

    if (is_dots(name, len)) {
        if (len == 2 && w->depth == 0) return FILE_ESCAPES;
        if (len == 2) close(w->dirs[w->depth--]);
        memmove(w->rest, w->rest + rest_at, strlen(w->rest + rest_at) + 1);
        if (last) walk_take(w, place);
        return last ? place_name(place, ".", 1, false) : 0;
    }
    bool follow = !last || kind == PLACE_follow || (kind == PLACE_keep && slash);
    if (!follow) {
        walk_take(w, place);
        return place_name(place, name, len, slash);
    }
    File found;
    struct stat st;
    do found = openat(walk_here(w), name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    while (found < 0 && errno == EINTR);
    if (found < 0 && errno == ENOENT && last && !slash) {
        walk_take(w, place);
        return place_name(place, name, len, false);
    }
    if (found < 0) return errno;
    int err = fstat(found, &st) ? errno : 0;
    if (!err && S_ISLNK(st.st_mode)) {
        err = link_text(found, "", text);
        close(found);
        *step = STEP_on;
        return err ? err : walk_expand(w, text, rest_at, slash);
    }
    if (!err && (!last || slash) && !S_ISDIR(st.st_mode)) err = ENOTDIR;
    if (!err && !last && w->depth + 1 == DEPTH_MAX) err = ENAMETOOLONG;
    if (err || last) {
        close(found);
        if (err) return err;
        walk_take(w, place);
        return place_name(place, name, len, false);
    }
    w->dirs[++w->depth] = found;
    memmove(w->rest, w->rest + rest_at, strlen(w->rest + rest_at) + 1);
    return 0;
}

static int walk_find(Place *place, File root, const char *path, PlaceKind kind, Finder *finder)
{
    Walk w;
    w.dirs[0] = root;
    w.depth = w.links = 0;
    snprintf(w.rest, sizeof w.rest, "%s", path);
    Step step = STEP_on;
    int err = 0;
    u32 steps = 0;
    for (; !err && step == STEP_on; steps++) err = walk_step(&w, place, kind, &step);
    if (w.links) finder->steps += steps;
    walk_close(&w);
    return err;
}

// -- places --

int place_find(Place *place, File root, const char *path, PlaceKind kind, Finder *finder)
{
    *place = (Place){.dir = -1};
    if (!path[0]) return ENOENT;
    if (path[0] == '/') return FILE_ESCAPES;
    if (strlen(path) >= BENEATH_PATH_MAX) return ENAMETOOLONG;
    bool walk = finder->way == BENEATH_walk || !kernel_can();
    int err = walk ? EAGAIN : kernel_find(place, root, path, kind);
    if (err == EAGAIN) {
        place_free(place);
        err = walk_find(place, root, path, kind, finder);
    }
    if (err) place_free(place);
    return err;
}

void place_free(Place *place)
{
    if (place->owned) close(place->dir);
    place->owned = false;
    place->dir = -1;
}

static int result_of(long answer) { return answer < 0 ? errno : 0; }

int place_set_times(const Place *place, FileTimes times)
{
    struct timespec specs[2];
    file_time_specs(times, specs);
    return result_of(utimensat(place->dir, place->name, specs, AT_SYMLINK_NOFOLLOW));
}

int place_make_directory(const Place *place)
{
    return result_of(mkdirat(place->dir, place->name, DIRECTORY_MODE));
}

int place_remove_directory(const Place *place)
{
    return result_of(unlinkat(place->dir, place->name, AT_REMOVEDIR));
}

int place_remove_file(const Place *place)
{
    return result_of(unlinkat(place->dir, place->name, 0));
}

int place_link(const Place *from, const Place *to)
{
    return result_of(linkat(from->dir, from->name, to->dir, to->name, 0));
}

int place_rename(const Place *from, const Place *to)
{
    return result_of(renameat(from->dir, from->name, to->dir, to->name));
}

int place_make_symlink(const Place *place, const char *target)
{
    return result_of(symlinkat(target, place->dir, place->name));
}

int place_read_link(const Place *place, void *buf, size_t len, size_t *used)
{
    char none;
    ssize_t n = readlinkat(place->dir, place->name, len ? buf : &none, len ? len : 1);
    *used = n < 0 || !len ? 0 : (size_t)n;
    return result_of(n);
}

// -- opening --

static int open_flags(FileOpen how)
{
    int flags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    flags |= how.write ? (how.read ? O_RDWR : O_WRONLY) : O_RDONLY;
    flags |= (how.create ? O_CREAT : 0) | (how.exclusive ? O_EXCL : 0) |
             (how.truncate ? O_TRUNC : 0) | (how.directory ? O_DIRECTORY : 0) |
             (how.append ? O_APPEND : 0) | (how.sync ? O_SYNC : 0) |
             (how.data_sync ? O_DSYNC : 0);
    return flags;
}

static int walk_open(File root, const char *path, FileOpen how, Finder *finder, File *file)
{
    Place place = {.dir = -1};
    bool follow = how.follow && !(how.create && how.exclusive);
    int err = walk_find(&place, root, path, follow ? PLACE_follow : PLACE_keep, finder);
    if (err) {
        place_free(&place);
        return err;
    }
    // A slash at the end may have been taken off with the last component.
    if (path[strlen(path) - 1] == '/') how.directory = true;
    do *file = openat(place.dir, place.name, open_flags(how) | O_NOFOLLOW, CREATE_MODE);
    while (*file < 0 && errno == EINTR);
    err = result_of(*file);
    place_free(&place);
    return err;
}

int beneath_open(File root, const char *path, FileOpen how, Finder *finder, File *file)
{
    size_t len = strlen(path);
    *file = -1;
    if (!len) return ENOENT;
    if (path[0] == '/') return FILE_ESCAPES;
    if (len >= BENEATH_PATH_MAX) return ENAMETOOLONG;
    if (how.create && how.directory) return EINVAL;
    if (how.create && path[len - 1] == '/') return EISDIR;
    bool walk = finder->way == BENEATH_walk || !kernel_can();
    int err = walk ? EAGAIN : kernel_open(root, path, (u64)open_flags(how), file);
    return err == EAGAIN ? walk_open(root, path, how, finder, file) : err;
}

// -- looking --

// By one search of all of the path, as the kernel's flags have it for a link at the end too.
static int kernel_stat(File root, const char *path, bool follow, struct stat *st)
{
    File found;
    int err = kernel_open(root, path, O_PATH | O_NOFOLLOW | O_CLOEXEC, &found);
    if (err) return err;
    err = result_of(fstat(found, st));
    close(found);
    return !err && follow && S_ISLNK(st->st_mode) ? EAGAIN : err;
}

static int walk_stat(File root, const char *path, bool follow, Finder *finder, struct stat *st)
{
    Place place = {.dir = -1};
    int err = walk_find(&place, root, path, follow ? PLACE_follow : PLACE_keep, finder);
    if (!err) err = result_of(fstatat(place.dir, place.name, st, AT_SYMLINK_NOFOLLOW));
    place_free(&place);
    return err;
}

int beneath_stat(File root, const char *path, bool follow, Finder *finder, FileStat *stat)
{
    struct stat st;
    if (!path[0]) return ENOENT;
    if (path[0] == '/') return FILE_ESCAPES;
    if (strlen(path) >= BENEATH_PATH_MAX) return ENAMETOOLONG;
    bool walk = finder->way == BENEATH_walk || !kernel_can();
    int err = walk ? EAGAIN : kernel_stat(root, path, follow, &st);
    if (err == EAGAIN) err = walk_stat(root, path, follow, finder, &st);
    if (!err) file_stat_of(&st, stat);
    return err;
}
