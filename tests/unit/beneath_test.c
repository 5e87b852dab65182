// beneath_test.c -- paths beneath a directory as plat/ takes them, where wasi/ asks for less: empty
// and long ones, deep trees, links without end, both by the kernel and by the walk.
// Hazards: R31, R32.

#include "check.h"
#include "no_openat2.h"
#include "plat/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/weft-beneath-XXXXXX";
static File root;

static int find(BeneathWay way, const char *path, PlaceKind kind)
{
    Place place;
    Finder finder = {.way = way};
    int err = place_find(&place, root, path, kind, &finder);
    if (!err) place_free(&place);
    return err;
}

static int open_as(BeneathWay way, const char *path, FileOpen how)
{
    File file;
    Finder finder = {.way = way};
    int err = beneath_open(root, path, how, &finder, &file);
    CHECK((err == 0) == (file >= 0));
    if (!err) file_close(file);
    return err;
}

// Both ways find the same; PLACE_follow and PLACE_keep, since the path ends in no link.
static void both(const char *path, int err)
{
    for (BeneathWay way = BENEATH_auto; way <= BENEATH_walk; way++) {
        bool followed = CHECK_EQ_U64(find(way, path, PLACE_follow), err);
        bool kept = CHECK_EQ_U64(find(way, path, PLACE_keep), err);
        if (!followed || !kept) printf("    \"%.60s\", way %d\n", path, way);
    }
}

static void test_names(void)
{
    char path[BENEATH_PATH_MAX + 100];
    both("", ENOENT);
    both("/", FILE_ESCAPES);
    both("..", FILE_ESCAPES);
    both("d/..", 0);
    both("d/../..", FILE_ESCAPES);
    both("./d/./", 0);
    both("d//e", 0);
    both("nothing", 0); // the name itself need not be there
    both("nothing/", ENOENT);
    both("nothing/more", ENOENT);
    both("file/", ENOTDIR);
    both("file/more", ENOTDIR);
    both(".a", 0);
    both("d/.a/..", ENOENT);
    memset(path, 'x', sizeof path);
    path[256] = 0;
    both(path, ENAMETOOLONG);
    path[255] = 0;
    both(path, 0);
    path[255] = '/', path[257] = 0;
    both(path, ENOENT);
    memset(path, '/', sizeof path);
    memcpy(path, "d", 1);
    path[BENEATH_PATH_MAX] = 0;
    both(path, ENAMETOOLONG);
    path[BENEATH_PATH_MAX - 1] = 0;
    both(path, 0);
}

// The name with as much behind it as fits and says nothing.
static const char *with_dots(char text[BENEATH_PATH_MAX], const char *name)
{
    size_t len = (size_t)sprintf(text, "%s", name);
    for (; len + 2 < BENEATH_PATH_MAX - 1; len += 2) memcpy(text + len, "/.", 3);
    return text;
}

static void test_links(void)
{
    char text[BENEATH_PATH_MAX];
    for (int n = 0; n < 41; n++) {
        char name[20];
        snprintf(name, sizeof name, "l%d", n);
        snprintf(text, sizeof text, "l%d", n + 1);
        CHECK(symlinkat(n < 40 ? text : "d", root, name) == 0);
    }
    both("l1/e", 0);            // 40 links
    both("l0/e", ELOOP);        // and one more
    CHECK(symlinkat("loop", root, "loop") == 0);
    both("loop/e", ELOOP);
    CHECK(symlinkat("..", root, "out") == 0 && symlinkat("/", root, "top") == 0);
    both("out/x", FILE_ESCAPES);
    both("d/../out/x", FILE_ESCAPES);
    both("top/x", FILE_ESCAPES);
    CHECK(symlinkat("file", root, "to-file") == 0);
    both("to-file/", ENOTDIR);
    both("to-file/x", ENOTDIR);
    for (BeneathWay way = BENEATH_auto; way <= BENEATH_walk; way++) {
        CHECK_EQ_U64(find(way, "top", PLACE_keep), 0);
        CHECK_EQ_U64(find(way, "top", PLACE_entry), 0);
        CHECK_EQ_U64(find(way, "top", PLACE_follow), FILE_ESCAPES);
        CHECK_EQ_U64(find(way, "top/", PLACE_keep), FILE_ESCAPES);
        CHECK_EQ_U64(find(way, "loop", PLACE_follow), ELOOP);
    }
    // Texts that fit, and together with the rest of the path do not.
    CHECK(symlinkat(with_dots(text, "d"), root, "long") == 0);
    CHECK(symlinkat(with_dots(text, "long"), root, "longer") == 0);
    CHECK_EQ_U64(find(BENEATH_walk, "longer/e", PLACE_follow), 0);
    CHECK_EQ_U64(find(BENEATH_walk, with_dots(text, "longer"), PLACE_follow), ENAMETOOLONG);
}

// Emulators may not know the call, nor old kernels; then all is walked.
static bool kernel_looks(void)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC};
    int found = (int)syscall(SYS_openat2, root, ".", &how, sizeof how);
    if (found >= 0) close(found);
    return found >= 0;
}

// A walk holds each directory on its way open, and so many and no more.
static void test_depth(void)
{
    enum { DEPTH = 300 };
    char path[2 * DEPTH + 1] = "";
    int dirs[DEPTH];
    int at = root;
    for (int i = 0; i < DEPTH; i++) {
        CHECK(mkdirat(at, "n", 0755) == 0);
        at = dirs[i] = openat(at, "n", O_PATH | O_CLOEXEC);
        strcat(path, i ? "/n" : "n");
    }
    CHECK_EQ_U64(find(BENEATH_auto, path, PLACE_follow), kernel_looks() ? 0 : ENAMETOOLONG);
    CHECK_EQ_U64(find(BENEATH_walk, path, PLACE_follow), ENAMETOOLONG);
    path[2 * 255 - 1] = 0;
    CHECK_EQ_U64(find(BENEATH_walk, path, PLACE_follow), 0);
    for (int i = DEPTH - 1; i >= 0; i--) {
        close(dirs[i]);
        unlinkat(i ? dirs[i - 1] : root, "n", AT_REMOVEDIR);
    }
}

static void test_opening(void)
{
    const FileOpen reads = {.read = true, .follow = true}, makes = {.write = true, .create = true};
    FileOpen how;
    char path[BENEATH_PATH_MAX + 1];
    memset(path, '/', sizeof path);
    memcpy(path, "d", 1);
    path[BENEATH_PATH_MAX] = 0;
    for (BeneathWay way = BENEATH_auto; way <= BENEATH_walk; way++) {
        CHECK_EQ_U64(open_as(way, "", reads), ENOENT);
        CHECK_EQ_U64(open_as(way, "/file", reads), FILE_ESCAPES);
        CHECK_EQ_U64(open_as(way, path, reads), ENAMETOOLONG);
        CHECK_EQ_U64(open_as(way, "new/", makes), EISDIR);
        how = makes, how.directory = true;
        CHECK_EQ_U64(open_as(way, "new", how), EINVAL);
        how = makes, how.exclusive = true;
        CHECK_EQ_U64(open_as(way, "file", how), EEXIST);
        CHECK_EQ_U64(open_as(way, "to-file", how), EEXIST);
        how = makes, how.append = how.sync = how.data_sync = how.truncate = true;
        CHECK_EQ_U64(open_as(way, "file", how), 0);
        how = reads, how.write = true;
        CHECK_EQ_U64(open_as(way, "to-file", how), 0);
        how.follow = false;
        CHECK_EQ_U64(open_as(way, "to-file", how), ELOOP);
        CHECK_EQ_U64(open_as(way, "d", how), EISDIR);
        how = reads, how.directory = true;
        CHECK_EQ_U64(open_as(way, "d/", how), 0);
        CHECK_EQ_U64(open_as(way, "file", how), ENOTDIR);
        CHECK_EQ_U64(open_as(way, "file/", reads), ENOTDIR);
        CHECK_EQ_U64(open_as(way, "out/x", reads), FILE_ESCAPES);
        CHECK_EQ_U64(open_as(way, "loop", reads), ELOOP);
        CHECK_EQ_U64(open_as(way, "d/nothing", reads), ENOENT);
    }
}

static void check_stat(const char *path, bool follow, int err, FileKind kind)
{
    for (BeneathWay way = BENEATH_auto; way <= BENEATH_walk; way++) {
        FileStat stat = {0};
        Finder finder = {.way = way};
        bool same = CHECK_EQ_U64(beneath_stat(root, path, follow, &finder, &stat), err) &&
                    (err || CHECK_EQ_U64(stat.kind, kind));
        if (!same) printf("    \"%.60s\", way %d\n", path, way);
    }
}

static void test_looking(void)
{
    static const struct { const char *path; int err; } never[] = {
        {"", ENOENT}, {"/", FILE_ESCAPES}, {"/file", FILE_ESCAPES}, {"..", FILE_ESCAPES},
        {"d/../..", FILE_ESCAPES}, {"out/x", FILE_ESCAPES}, {"top/x", FILE_ESCAPES},
        {"nothing", ENOENT}, {"nothing/", ENOENT}, {"d/nothing", ENOENT}, {"file/", ENOTDIR},
        {"file/.", ENOTDIR}, {"file/..", ENOTDIR}, {"to-file/", ENOTDIR}, {"to-file/x", ENOTDIR},
        {"loop/x", ELOOP}, {"top/", FILE_ESCAPES}, {"out/", FILE_ESCAPES}, {"out/.", FILE_ESCAPES},
    };
    for (size_t i = 0; i < COUNT_OF(never); i++)
        for (u32 follow = 0; follow < 2; follow++)
            check_stat(never[i].path, follow, never[i].err, FILE_unknown);
    check_stat("file", false, 0, FILE_regular);
    check_stat("d/../file", true, 0, FILE_regular);
    check_stat("d/e/", true, 0, FILE_directory);
    check_stat("d/.", false, 0, FILE_directory);
    check_stat("d/..", false, 0, FILE_directory);
    check_stat(".", true, 0, FILE_directory);
    check_stat("l1/e", false, 0, FILE_directory);
    check_stat("l1", true, 0, FILE_directory);
    check_stat("l1/", false, 0, FILE_directory);
    check_stat("to-file", true, 0, FILE_regular);
    check_stat("to-file", false, 0, FILE_symlink);
    check_stat("loop", false, 0, FILE_symlink);
    check_stat("loop", true, ELOOP, FILE_unknown);
    check_stat("out", false, 0, FILE_symlink);
    check_stat("out", true, FILE_ESCAPES, FILE_unknown);
    check_stat("top", true, FILE_ESCAPES, FILE_unknown);
    check_stat("l0", true, ELOOP, FILE_unknown);
}

// In a process where openat2 gives this error, as on a kernel that lacks it, or in a sandbox that
// refuses it, all is as ever. False: no such process can be had.
static bool without_kernel(int err)
{
    enum { CANNOT = 2 };
    int status = 0;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        if (!refuse_openat2(err)) exit(CANNOT);
        unsigned before = check_failed;
        test_names();
        exit(check_failed != before);
    }
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    CHECK(WEXITSTATUS(status) != 1);
    return WEXITSTATUS(status) != CANNOT;
}

int main(void)
{
    char command[100];
    static const int errors[] = {ENOSYS, EPERM, EINVAL, E2BIG, EAGAIN};
    if (!CHECK(mkdtemp(folder)) || !CHECK(file_open_directory(folder, &root) == 0))
        return check_report();
    CHECK(mkdirat(root, "d", 0755) == 0 && mkdirat(root, "d/e", 0755) == 0);
    int file = openat(root, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    CHECK(file >= 0);
    close(file);
    // First, while nobody has asked what the kernel can.
    for (u32 i = 0; i < COUNT_OF(errors) && without_kernel(errors[i]);) i++;
    test_names();
    test_links();
    test_depth();
    test_opening();
    test_looking();
    file_close(root);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK(system(command) == 0);
    return check_report();
}
