// command.c -- see command.h.

#include "command.h"

#include "base/types.h"
#include "run/native.h"
#include "shim.h"
#include "wasi/ctx.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int weft_main(int argc, char **argv);

enum { PATH_MOST = 300, ENTRIES = 64, WORDS = 32, CONTENT = 1 << 16 };

// ---- A folder and what is in it -----------------------------------------------------------------

typedef struct { char path[PATH_MOST]; u64 hash; } Entry;
typedef struct { Entry entries[ENTRIES]; u32 count; } Tree;

static char scratch[PATH_MOST - 200], ours[PATH_MOST - 100]; // work/ and fixed/; tests/fault
static Tree pristine;

static u64 hash_more(u64 hash, const void *data, size_t size)
{
    for (size_t i = 0; i < size; i++) hash = (hash ^ ((const u8 *)data)[i]) * 0x100000001b3u;
    return hash;
}

static u64 hash_entry(const char *path)
{
    static char content[CONTENT];
    struct stat st;
    ssize_t n = 0;
    if (lstat(path, &st)) return 0;
    if (S_ISLNK(st.st_mode)) n = readlink(path, content, sizeof content);
    int file = S_ISREG(st.st_mode) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file >= 0) n = read(file, content, sizeof content), close(file);
    u64 hash = hash_more(0xcbf29ce484222325u, &st.st_mode, sizeof st.st_mode);
    return hash_more(hash, content, n > 0 ? (size_t)n : 0);
}

static void tree_walk(Tree *tree, const char *path)
{
    DIR *dir = opendir(path);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        if (e->d_name[0] == '.' || tree->count == ENTRIES) continue;
        Entry *entry = &tree->entries[tree->count++];
        snprintf(entry->path, sizeof entry->path, "%s/%s", path, e->d_name);
        entry->hash = hash_entry(entry->path);
        if (e->d_type == DT_DIR) tree_walk(tree, entry->path);
    }
    if (dir) closedir(dir);
}

static void tree_read(Tree *tree)
{
    tree->count = 0;
    tree_walk(tree, ".");
}

static bool tree_has(const Tree *tree, const Entry *entry)
{
    for (u32 i = 0; i < tree->count; i++)
        if (tree->entries[i].hash == entry->hash && !strcmp(tree->entries[i].path, entry->path))
            return true;
    return false;
}

static bool tree_within(const Tree *some, const Tree *all, const Tree *more)
{
    bool within = true;
    for (u32 i = 0; i < some->count; i++) {
        const Entry *e = &some->entries[i];
        within &= tree_has(all, e) || (more && tree_has(more, e));
    }
    return within;
}

static bool tree_same(const Tree *a, const Tree *b)
{
    return a->count == b->count && tree_within(a, b, NULL);
}

static void empty(const char *path)
{
    char inner[PATH_MOST + 300];
    DIR *dir = opendir(path);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        snprintf(inner, sizeof inner, "%s/%s", path, e->d_name);
        if (e->d_type == DT_DIR) empty(inner);
        remove(inner);
    }
    if (dir) closedir(dir);
}

static bool write_file(const char *path, const void *data, size_t size)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool good = file >= 0 && write(file, data, size) == (ssize_t)size;
    if (file >= 0) close(file);
    return good;
}

//     a.txt   d/b.txt   d/e/   l -> d   m -> l/b.txt   out -> ../fixed
static bool make_tree(void)
{
    static const char a[] = "one\ntwo\nthree\n", b[] = "beneath\n";
    return mkdir("d", 0755) == 0 && mkdir("d/e", 0755) == 0 && symlink("d", "l") == 0 &&
           symlink("l/b.txt", "m") == 0 && symlink("../fixed", "out") == 0 &&
           write_file("a.txt", a, sizeof a - 1) && write_file("d/b.txt", b, sizeof b - 1);
}

// ---- Running ------------------------------------------------------------------------------------

typedef struct { char *data; size_t size; } Text;
typedef struct { int status; Text out, err; Tree tree; } Outcome;

// @ and % in a word say where its file is.
static char *word_at(const char *word, size_t len, char *room)
{
    size_t at = strcspn(word, "@%");
    const char *folder = at >= len ? "" : word[at] == '@' ? ours : "../fixed";
    if (at >= len) snprintf(room, PATH_MOST, "%.*s", (int)len, word);
    else snprintf(room, PATH_MOST, "%.*s%s/%.*s", (int)at, word, folder, (int)(len - at - 1),
                  word + at + 1);
    return room;
}

static Text take_text(int file)
{
    Text t = {.size = (size_t)lseek(file, 0, SEEK_END)};
    t.data = calloc(1, t.size + 1);
    if (t.data && pread(file, t.data, t.size, 0) != (ssize_t)t.size) t.size = 0;
    close(file);
    return t;
}

static void outcome_free(Outcome *o)
{
    free(o->out.data);
    free(o->err.data);
    *o = (Outcome){0};
}

// Descriptors 0 to 2 and the streams over them, while a command runs.
typedef struct { int before[3], in, out, err; FILE *out_stream, *err_stream; } Standard;

// What is in a file, which is no larger than a pipe holds.
static int open_piped(const char *name)
{
    static char content[1 << 14];
    int ends[2], file = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(file, content, sizeof content);
    if (n < 0 || n == sizeof content || pipe2(ends, O_CLOEXEC)) abort();
    if (write(ends[1], content, (size_t)n) != n) abort();
    close(ends[1]);
    close(file);
    return ends[0];
}

static void standard_set(Standard *s, const char *in, bool piped)
{
    fflush(stdout);
    for (int i = 0; i < 3; i++) s->before[i] = fcntl(i, F_DUPFD_CLOEXEC, 200);
    s->in = piped ? open_piped(in) : open(in, O_RDONLY | O_CLOEXEC);
    s->out = memfd_create("out", MFD_CLOEXEC);
    s->err = memfd_create("err", MFD_CLOEXEC);
    dup2(s->in, 0);
    dup2(s->out, 1);
    dup2(s->err, 2);
    close(s->in);
    s->out_stream = stdout;
    s->err_stream = stderr;
    stdout = fault_stream(1, true);
    stderr = fault_stream(2, false);
    static char line[4096]; // whole lines: several processes may write
    setvbuf(stderr, line, _IOLBF, sizeof line);
}

static void standard_reset(Standard *s, Outcome *got)
{
    fclose(stdout);
    fclose(stderr);
    stdout = s->out_stream;
    stderr = s->err_stream;
    for (int i = 0; i < 3; i++) dup2(s->before[i], i), close(s->before[i]);
    got->out = take_text(s->out);
    got->err = take_text(s->err);
    signal(SIGINT, SIG_DFL);
}

static void run_words(const char *words, Outcome *got)
{
    char room[WORDS][PATH_MOST], in[PATH_MOST] = "/dev/null", *argv[WORDS + 1] = {"weft"};
    int argc = 1;
    bool piped = false;
    for (const char *at = words; *at;) {
        size_t len = strcspn(at, " ");
        if (*at == '<' || *at == '|') piped = *at == '|', word_at(at + 1, len - 1, in);
        else argv[argc] = word_at(at, len, room[argc]), argc++;
        at += len + strspn(at + len, " ");
    }
    Standard s;
    standard_set(&s, in, piped);
    fault_arm();
    got->status = weft_main(argc, argv);
    fault_disarm();
    standard_reset(&s, got);
    tree_read(&got->tree);
}

// ---- Judging ------------------------------------------------------------------------------------

bool guest_error(int status)
{
    for (int error = 1; error < 200; error++)
        if (fault_gave(error) && (int)errno_of_host(error) == status) return true;
    return false;
}

static bool text_same(Text a, Text b)
{
    return a.size == b.size && (!a.size || !memcmp(a.data, b.data, a.size));
}

static bool outcome_same(const Outcome *a, const Outcome *b)
{
    return a->status == b->status && text_same(a->out, b->out) && text_same(a->err, b->err) &&
           tree_same(&a->tree, &b->tree);
}

static bool speaks_of_memory(Text text) { return text.data && strcasestr(text.data, "memory"); }

// Does it say that something failed, and, where that is memory, what?
static bool says_so(CommandKind kind, const Outcome *want, const Outcome *got)
{
    if (!got->status) return false;
    if (kind == COMMAND_reader && guest_error(got->status)) return true;
    if (kind == COMMAND_guest && text_same(got->err, want->err))
        return guest_error(got->status);
    bool by_out = kind == COMMAND_script && !text_same(got->out, want->out);
    if (!by_out && text_same(got->err, want->err)) return false;
    if (!(fault_sets() & (FAULT_MEMORY | FAULT_PAGES))) return true;
    return speaks_of_memory(got->err) || (by_out && speaks_of_memory(got->out));
}

static void show_text(const char *what, Text want, Text got)
{
    size_t at = 0, shown = 300;
    while (at < want.size && at < got.size && want.data[at] == got.data[at]) at++;
    if (text_same(want, got)) return;
    printf("%s from byte %zu on:\n%.*s\ninstead of:\n%.*s\n", what, at,
           (int)MIN(got.size - at, shown), got.data + at, (int)MIN(want.size - at, shown),
           want.data + at);
}

static void show_tree(const char *what, const Tree *tree, const Tree *other)
{
    for (u32 i = 0; i < tree->count; i++)
        if (!tree_has(other, &tree->entries[i])) printf("%s %s\n", what, tree->entries[i].path);
}

static void show(const Outcome *want, const Outcome *got)
{
    printf("status %d instead of %d\n", got->status, want->status);
    show_text("output", want->out, got->out);
    show_text("errors", want->err, got->err);
    show_tree("there is", &got->tree, &want->tree);
    show_tree("there is no", &want->tree, &got->tree);
}

// All but what was kept, behind a warning perhaps.
static bool does_the_same(const Outcome *want, const Outcome *got)
{
    static const char warning[] = "warning: ";
    size_t more = got->err.size - want->err.size;
    if (got->status != want->status || !text_same(want->out, got->out) ||
        got->err.size < want->err.size)
        return false;
    return (!more || !strncmp(got->err.data, warning, sizeof warning - 1)) &&
           text_same(want->err, (Text){got->err.data + more, want->err.size});
}

static bool judge(CommandKind kind, const Outcome *want, const Outcome *got)
{
    if (outcome_same(want, got)) return true;
    if (fault_paused() || fault_sets() & (FAULT_AGAIN | FAULT_PART)) return false;
    if (kind == COMMAND_keeper && does_the_same(want, got)) return true;
    bool files = kind == COMMAND_guest || kind == COMMAND_keeper ||
                 tree_within(&got->tree, &want->tree, &pristine);
    return says_so(kind, want, got) && files;
}

static void clean(const Tree *tree)
{
    if (tree_same(tree, &pristine)) return;
    empty(".");
    make_tree();
}

// Runs the words once; false if that is not as it should be.
static bool run_once(CommandKind kind, const char *words, const Outcome *want)
{
    Outcome got = {0};
    run_words(words, &got);
    bool good = judge(kind, want, &got);
    if (!good) show(want, &got);
    clean(&got.tree);
    outcome_free(&got);
    return good;
}

bool command_run(CommandKind kind, int status, const char *words)
{
    static const char *last;
    static Outcome want;
    bool good = true;
    int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (chdir(scratch) || chdir("work")) abort();
    if (last != words) {
        outcome_free(&want);
        run_words(words, &want);
        clean(&want.tree);
        last = words;
        good = want.status == status;
        if (!good)
            printf("status %d instead of %d, with nothing failing:\n%s\n", want.status, status,
                   want.err.data);
    } else {
        good = run_once(kind, words, &want);
        fault_pause();
        good &= run_once(kind, words, &want);
    }
    if (fchdir(here)) abort();
    close(here);
    return good;
}

static u8 *put_leb(u8 *at, u32 n)
{
    for (; n > 0x7f; n >>= 7) *at++ = (u8)(n | 0x80);
    *at++ = (u8)n;
    return at;
}

// A module that is read ahead, by a thread, and validated on several: 40 functions that do nothing
// for long.
static bool make_large(void)
{
    enum { FUNCS = 40, BODY = 110000 };
    static const u8 head[] = "\0asm\1\0\0\0\1\4\1\x60\0\0\3\x29\x28";
    u8 *bytes = calloc(1, sizeof head + FUNCS + 10 + FUNCS * (size_t)(BODY + 3)), *at = bytes;
    if (!bytes) return false;
    memcpy(at, head, sizeof head - 1);
    at += sizeof head - 1 + FUNCS; // each of type 0
    *at++ = 10;
    at = put_leb(at, 1 + FUNCS * (BODY + 3)); // three bytes say how large a body is
    *at++ = FUNCS;
    for (u32 i = 0; i < FUNCS; i++, at += BODY) {
        at = put_leb(at, BODY);
        memset(at, 1, BODY);
        at[0] = 0; // no locals
        at[BODY - 1] = 0x0b;
    }
    bool good = write_file("../fixed/large.wasm", bytes, (size_t)(at - bytes));
    free(bytes);
    return good;
}

// ---- Beginning and end --------------------------------------------------------------------------

bool commands_begin(void)
{
    const char *top = getenv("TMPDIR");
    if (access("/dev/shm", W_OK) == 0) top = "/dev/shm"; // where syncing takes no time
    snprintf(scratch, sizeof scratch, "%s/weft-fault-XXXXXX", top ? top : "/tmp");
    if (!realpath("tests/fault", ours) || !mkdtemp(scratch)) return false;
    int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    Outcome made = {0};
    bool good = here >= 0 && chdir(scratch) == 0 && mkdir("work", 0755) == 0 &&
                mkdir("fixed", 0755) == 0 && chdir("work") == 0 && make_tree();
    if (good) {
        tree_read(&pristine);
        run_words("parse @module.wat -o %module.wasm", &made);
        good = made.status == 0 && make_large();
        outcome_free(&made);
        run_words("compile @guest-traps.wat -o %one.weft", &made);
        good &= made.status == (NATIVE ? 0 : 1);
        outcome_free(&made);
        run_words("run --dir .::/ --snapshot-at 40000 -o %one.snapshot @guest-snapshot.wat", &made);
        good &= made.status == 0;
        outcome_free(&made);
    }
    if (fchdir(here)) abort();
    close(here);
    return good;
}

void commands_end(void)
{
    empty(scratch);
    remove(scratch);
}
