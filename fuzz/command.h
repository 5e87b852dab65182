// command.h -- a command of `weft` over bytes that stand for a file: how it ends, what it prints,
// and that nothing of that could drive a terminal.
#pragma once

#include "fuzz.h"

#include "base/utf8.h"
#include "cli/cli.h"
#include "module/describe.h"

#include <sys/mman.h>
#include <unistd.h>

enum { WORDS_MOST = 12 };

typedef struct {
    int status;
    char *out, *err;
    size_t out_size, err_size;
} Said;

// A file that nobody else sees; its name is for commands.
typedef struct { int fd; char name[40]; } File;

static inline File file_new(const void *data, size_t size)
{
    File f = {.fd = memfd_create("fuzz", MFD_CLOEXEC)};
    MUST(f.fd >= 0 && write_all(f.fd, data, size));
    snprintf(f.name, sizeof f.name, "/proc/self/fd/%d", f.fd);
    return f;
}

static inline void check_tame(const char *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        u32 c = 0, len = utf8_decode((const u8 *)text + i, size - i, &c);
        MUST(len && (c == '\n' || !terminal_obeys(c)));
        i += len;
    }
}

// `words` begin with the command's name and end with NULL. It ends well, or says what is wrong.
static inline Said said(CliCommand *command, const char *const *words)
{
    Said s = {0};
    char *argv[WORDS_MOST];
    Args args = {0, argv, 1, words[0]};
    while (words[args.argc]) {
        MUST(args.argc < WORDS_MOST);
        argv[args.argc] = (char *)words[args.argc];
        args.argc++;
    }
    FILE *out = stdout, *err = stderr;
    stdout = open_memstream(&s.out, &s.out_size);
    stderr = open_memstream(&s.err, &s.err_size);
    s.status = command(&args);
    fclose(stdout);
    fclose(stderr);
    stdout = out;
    stderr = err;
    MUST(s.status == EXIT_OK || s.status == EXIT_INPUT);
    check_tame(s.out, s.out_size);
    check_tame(s.err, s.err_size);
    return s;
}

static inline void said_free(Said *s)
{
    free(s->out);
    free(s->err);
}
