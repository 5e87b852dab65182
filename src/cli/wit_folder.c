// wit_folder.c -- see wit_folder.h.
//
//     FOLDER/app.wit, FOLDER/deps/io.wit    a package each, by its name
//     deps/io@0.2.0.wit, deps/io@0.2.1.wit  where several are called so
//     deps/a_io.wit, deps/b_io.wit          of other namespaces: no name of a package has a '_'
//
// All is written beside the folder, under a name that nobody has, and then gets its name. What a
// package is called has letters, digits, '-', '.', '+' in it and no more, so its file stays inside.

#include "cli/wit_folder.h"

#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *name;
    Bytes text;
} PackageFile;

typedef struct {
    const char *name;   // as it will be called
    char *temporary;
    bool there;         // that it was made
    int top, deps;      // -1: not open
    PackageFile *files; // the main package's is the first
    u32 count;
} Folder;

static void put(Buf *out, Bytes text) { buf_bytes(out, text.data, text.len); }

// How many packages in deps have a name, and a name in a namespace.
typedef struct {
    Map places; // in `counts`
    u32 *counts, count, cap;
} FileNames;

static Bytes key_of(Arena *arena, const WitPackage *p, bool space)
{
    Buf key;
    buf_init(&key, arena);
    if (space) put(&key, p->space);
    buf_byte(&key, ':');
    put(&key, p->name);
    return buf_view(&key);
}

static u32 *count_of(FileNames *names, Arena *arena, Bytes key)
{
    if (map_add(&names->places, key.data, key.len, names->count))
        ARENA_PUSH(arena, names->counts, names->count, names->cap) = 0;
    return &names->counts[*(const u32 *)map_get(&names->places, key.data, key.len)];
}

static void count_names(const Wit *wit, FileNames *names)
{
    map_init(&names->places, wit->arena);
    for (u32 i = 0; i < wit->package_count; i++)
        for (u32 space = 0; space < 2 && wit->packages[i] != wit->main; space++)
            ++*count_of(names, wit->arena, key_of(wit->arena, wit->packages[i], space));
}

static char *file_name(const Wit *wit, FileNames *names, const WitPackage *p)
{
    Buf name;
    bool alone = p == wit->main; // deps are elsewhere
    buf_init(&name, wit->arena);
    u32 all = *count_of(names, wit->arena, key_of(wit->arena, p, false));
    u32 own = *count_of(names, wit->arena, key_of(wit->arena, p, true));
    if (!alone && all > own) {
        put(&name, p->space);
        buf_byte(&name, '_');
    }
    put(&name, p->name);
    if (!alone && own > 1 && p->version.text.len) {
        buf_byte(&name, '@');
        put(&name, p->version.text);
    }
    buf_bytes(&name, ".wit", sizeof ".wit");
    return (char *)name.data;
}

static PackageFile file_of(const Wit *wit, FileNames *names, const WitPackage *p)
{
    Buf text;
    buf_init(&text, wit->arena);
    wit_print_package(p, &text);
    return (PackageFile){file_name(wit, names, p), buf_view(&text)};
}

static void make_files(const Wit *wit, Folder *f)
{
    FileNames names = {0};
    count_names(wit, &names);
    f->files = NEW_ARRAY(wit->arena, PackageFile, wit->package_count);
    f->files[f->count++] = file_of(wit, &names, wit->main);
    for (u32 i = 0; i < wit->package_count; i++)
        if (wit->sorted[i] != wit->main)
            f->files[f->count++] = file_of(wit, &names, wit->sorted[i]);
}

// ---- On the disk

static int open_in(int folder, const char *name, int flags)
{
    int fd;
    do fd = openat(folder, name, flags | O_CLOEXEC | O_NOFOLLOW, 0666);
    while (fd < 0 && errno == EINTR);
    return fd;
}

static bool write_file(int folder, const PackageFile *file)
{
    int fd = open_in(folder, file->name, O_WRONLY | O_CREAT | O_EXCL);
    bool good = fd >= 0 && write_all(fd, file->text.data, file->text.len);
    int why = errno;
    if (fd >= 0 && close(fd) && good) return false;
    errno = why;
    return good;
}

// Fails with ENOTEMPTY where something is in the folder that has the name.
static bool write_folder(Folder *f)
{
    mode_t bits = umask(0);
    umask(bits);
    f->there = mkdtemp(f->temporary) != NULL;
    if (!f->there) return false;
    f->top = open_in(AT_FDCWD, f->temporary, O_DIRECTORY);
    if (f->top < 0 || fchmod(f->top, 0777 & ~bits)) return false;
    if (f->count > 1) {
        if (mkdirat(f->top, "deps", 0777)) return false;
        f->deps = open_in(f->top, "deps", O_DIRECTORY);
        if (f->deps < 0) return false;
    }
    for (u32 i = 0; i < f->count; i++)
        if (!write_file(i ? f->deps : f->top, &f->files[i])) return false;
    return rename(f->temporary, f->name) == 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    remove(path); // what stays makes what it is in stay too
    return 0;
}

// As if it had never been.
static void take_back(const Folder *f)
{
    enum { OPEN_FOLDERS = 4 };
    int why = errno;
    if (f->there) nftw(f->temporary, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    errno = why;
}

bool wit_write_folder(const Wit *wit, const char *folder)
{
    Folder f = {.top = -1, .deps = -1};
    size_t len = strlen(folder);
    sigset_t all, mask;
    make_files(wit, &f);
    while (len > 1 && folder[len - 1] == '/') len--;
    Buf beside;
    buf_init(&beside, wit->arena);
    f.name = arena_strdup(wit->arena, folder, len);
    buf_bytes(&beside, folder, len);
    buf_bytes(&beside, ".XXXXXX", sizeof ".XXXXXX");
    f.temporary = (char *)beside.data;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &mask); // it does not take long, and a signal would leave a half
    bool good = write_folder(&f);
    if (!good) take_back(&f);
    int why = errno;
    if (f.deps >= 0) close(f.deps);
    if (f.top >= 0) close(f.top);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    if (!good && (why == ENOTEMPTY || why == EEXIST))
        return cli_error(0, "%s has files in it, and is left as it is", folder);
    if (!good) return cli_error(0, "cannot write %s: %s", folder, strerror(why));
    for (u32 i = 0; i < f.count; i++)
        printf("%s/%s%s\n", f.name, i ? "deps/" : "", f.files[i].name);
    return true;
}
