// wasi.c -- what WASI takes beside the system's own calls: one program, native and for WASI.
//
//     wasi stat DIR        each of 100 times 1000 files, by its path
//     wasi walk DIR        all names beneath it
//     wasi small DIR       64 MiB written and read in blocks of 1 KiB
//     wasi large DIR       1 GiB written and read in blocks of 1 MiB, 64 MiB again and again
//
// It prints a number that comes out the same everywhere.

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIRS = 100, FILES = 1000, SMALL = 1 << 10, LARGE = 1 << 20, FILE_SIZE = 64 << 20 };

// Where it lies decides how fast the kernel copies; so it is the same in both.
static _Alignas(4096) char block[LARGE];

static unsigned long stat_all(const char *dir)
{
    unsigned long found = 0;
    char path[300];
    struct stat st;
    for (int i = 0; i < DIRS * FILES; i++) {
        snprintf(path, sizeof path, "%s/%d/%d", dir, i / FILES, i % FILES);
        found += stat(path, &st) == 0 && S_ISREG(st.st_mode);
    }
    return found;
}

static unsigned long walk(const char *dir)
{
    unsigned long found = 0;
    char path[300];
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));) {
        if (e->d_name[0] == '.') continue;
        found++;
        if (e->d_type != DT_DIR) continue;
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        found += walk(path);
    }
    if (d) closedir(d);
    return found;
}

// All of a file that has this size, `times` times, in such blocks.
static unsigned long copy(const char *dir, size_t size, int times)
{
    unsigned long moved = 0;
    char path[300];
    snprintf(path, sizeof path, "%s/blocks", dir);
    int fd = open(path, O_RDWR | O_CREAT, 0644);
    for (int turn = 0; turn < 2 * times; turn++) {
        lseek(fd, 0, SEEK_SET);
        for (size_t at = 0; at < FILE_SIZE; at += size) {
            ssize_t n = turn & 1 ? read(fd, block, size) : write(fd, block, size);
            moved += n > 0 ? (unsigned long)n : 0;
        }
    }
    close(fd);
    return moved;
}

int main(int argc, char **argv)
{
    const char *what = argc == 3 ? argv[1] : "", *dir = argc == 3 ? argv[2] : "";
    unsigned long result = !strcmp(what, "stat")    ? stat_all(dir)
                           : !strcmp(what, "walk")  ? walk(dir)
                           : !strcmp(what, "small") ? copy(dir, SMALL, 1)
                           : !strcmp(what, "large") ? copy(dir, LARGE, 8)
                                                    : 0;
    printf("%lu\n", result);
    return result ? 0 : 1;
}
