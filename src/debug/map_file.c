// map_file.c -- see map_file.h. The name is the module's to choose, so it leads nowhere else.

#include "debug/map_file.h"

#include "binary/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MOST = 4096, MAP_MOST = 256 << 20 };

static const Bytes none = {NULL, 0};

static bool is_hex(u8 c) { return strchr("0123456789abcdefABCDEF", c) && c; }
static u32 hex(u8 c) { return c <= '9' ? c - (u32)'0' : (c | 0x20u) - 'a' + 10; }

// The path that a URL is, which has nothing in it but that. False: it has, or it leads out.
static bool read_path(Bytes url, char path[PATH_MOST])
{
    char around[PATH_MOST + 2];
    size_t len = 0;
    for (size_t i = 0; i < url.len; i++) {
        u8 c = url.data[i];
        if (c == ':' || c == '?' || c == '#') return false;
        if (c == '%' && url.len - i > 2 && is_hex(url.data[i + 1]) && is_hex(url.data[i + 2])) {
            c = (u8)(hex(url.data[i + 1]) << 4 | hex(url.data[i + 2]));
            i += 2;
        }
        if (!c || len == PATH_MOST - 1) return false;
        path[len++] = (char)c;
    }
    path[len] = 0;
    snprintf(around, sizeof around, "/%s/", path);
    return len && path[0] != '/' && !strstr(around, "/../");
}

// As much as the file was long at first. Nothing is held when the arena fails.
static Bytes read_file(const char *path, Arena *arena)
{
    struct stat st;
    if (stat(path, &st) || !S_ISREG(st.st_mode) || (u64)st.st_size > MAP_MOST) return none;
    size_t size = (size_t)st.st_size, done = 0;
    u8 *text = arena_alloc(arena, size);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); // what it is now may wait
    bool good = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    while (good && done < size) {
        ssize_t n = read(fd, text + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        good = n >= 0;
        if (n <= 0) break;
        done += (size_t)n;
    }
    if (fd >= 0) close(fd);
    return good ? (Bytes){text, done} : none;
}

Bytes map_find(const Module *m, const char *file, Arena *arena)
{
    const Section *s = where_section(m, MAP_SECTION);
    if (!s) return none;
    Diag ignored;
    Reader r = section_reader(m, s, &ignored);
    Bytes url = read_name(&r);
    if (reader_failed(&r)) return none;
    if (bytes_begin(url, "data:")) return url;
    char path[PATH_MOST], whole[2 * PATH_MOST];
    const char *slash = file ? strrchr(file, '/') : NULL;
    int folder = slash ? (int)MIN(slash + 1 - file, PATH_MOST) : 0;
    if (!file || folder == PATH_MOST || !read_path(url, path)) return none;
    snprintf(whole, sizeof whole, "%.*s%s", folder, file, path);
    return read_file(whole, arena);
}
