// wasi_test.c -- the WASI handlers, driven directly over a made-up guest memory.
//
//     tmp/  out/secret   box/ (preopened rw, fd 3)   ro/ (read-only, fd 4)   box2/ (rw, fd 5)
//
// The cases about paths run twice: resolved by the kernel, and by the walk. Each ends with a
// look at out/secret and at the number of the host's open files.
// Hazards: R31, R32, R33, R34, R36.

#include "op/op.h"
#include "wasi_calls.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

enum { BOX = 3, RO = 4, BOX2 = 5 };

static void host_remove(void)
{
    char command[128];
    snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -rf %s", tmp, tmp);
    CHECK(system(command) == 0);
}

static void tree_make(void)
{
    static const char *const dirs[] = {"", "out", "box", "box/a", "box/a/b", "ro", "box2"};
    for (size_t i = 0; i < COUNT_OF(dirs); i++) mkdir(host(dirs[i]), 0755);
    host_file("out/secret", "secret");
    host_file("box/file", "inside");
    host_file("box/a/b/deep", "deep");
    host_file("ro/file", "kept");
}

static void ctx_make(bool walk)
{
    memset(memory, 0, MEMORY);
    ctx = wasi_new();
    wasi_set_force_walk(ctx, walk);
    CHECK(wasi_add_preopen(ctx, host("box"), "/", false) == 0);
    CHECK(wasi_add_preopen(ctx, host("ro"), "/ro", true) == 0);
    CHECK(wasi_add_preopen(ctx, host("box2"), "/box2", false) == 0);
}

// -- paths --

static const char *const lexical[] = {
    "../secret", "a/../../secret", "./../secret", "/etc/passwd", "//etc/passwd",
    "a//../..//secret", "..", "../", "../.", "a/../..", "../out/secret", "/", "../box/file",
    "a/b/../../../box/file",
};

static void test_lexical(void)
{
    for (size_t i = 0; i < COUNT_OF(lexical); i++) {
        CHECK(refused(try_open(BOX, 0, lexical[i])));
        CHECK(refused(try_open(BOX, LOOKUP_symlink_follow, lexical[i])));
        CHECK(refused(stat_path(BOX, 0, lexical[i])));
        CHECK(refused(try_create(BOX, 0, lexical[i], 0)) || lexical[i][strlen(lexical[i]) - 1] == '/');
        CHECK(refused(on_path("path_create_directory", BOX, lexical[i])));
        CHECK(refused(on_path("path_unlink_file", BOX, lexical[i])));
        CHECK(refused(on_path("path_remove_directory", BOX, lexical[i])));
        CHECK(refused(rename_to(BOX, "file", BOX, lexical[i])));
        CHECK(refused(rename_to(BOX, lexical[i], BOX, "stolen")));
        CHECK(refused(hard_link(BOX, 0, lexical[i], BOX, "stolen")));
        CHECK(refused(hard_link(BOX, 0, "file", BOX, lexical[i])));
        CHECK(refused(set_times(BOX, 0, lexical[i])));
        CHECK(refused(read_link(BOX, lexical[i])));
        CHECK(refused(make_link("file", BOX, lexical[i])));
    }
    CHECK_EQ_U64(try_open(BOX, 0, ""), WASI_E_noent);
    CHECK_EQ_U64(try_open(BOX, 0, "file/"), WASI_E_notdir);
    CHECK_EQ_U64(try_open(BOX, 0, "file/."), WASI_E_notdir);
    CHECK_EQ_U64(try_open(BOX, 0, "file/.."), WASI_E_notdir);
    CHECK_EQ_U64(try_open(BOX, 0, "a/"), 0);
    CHECK_EQ_U64(try_open(BOX, 0, "a/b/./..///../file"), 0);
    CHECK_EQ_U64(try_open(BOX, 0, "."), 0);
    CHECK_EQ_U64(try_open(BOX, 0, "a/.."), 0);
    CHECK_EQ_U64(stat_path(BOX, 0, "a/../."), 0);
    CHECK_EQ_U64(stat_path(BOX, 0, "file/"), WASI_E_notdir);
    CHECK_EQ_U64(try_open(BOX, 0, "\xff\xfe"), WASI_E_ilseq);
    memcpy(memory + AT_PATH, "file\0x", 6);
    CHECK_EQ_U64(CALL("path_open", BOX, 0, AT_PATH, 6, 0, 0, 0, 0, AT_OUT), WASI_E_inval);

    char name[BUFSIZ];
    memset(name, 'n', 256);
    name[256] = 0;
    CHECK_EQ_U64(try_open(BOX, 0, name), WASI_E_nametoolong);
    CHECK_EQ_U64(on_path("path_create_directory", BOX, name), WASI_E_nametoolong);
    name[255] = 0;
    CHECK_EQ_U64(try_create(BOX, 0, name, 0), 0);
    CHECK_EQ_U64(on_path("path_unlink_file", BOX, name), 0);
    for (size_t i = 0; i < 4096; i += 2) memcpy(name + i, "./", 3);
    CHECK_EQ_U64(try_open(BOX, 0, name), WASI_E_nametoolong);
    memcpy(name + 4088, "././.", 6);
    CHECK_EQ_U64(try_open(BOX, 0, name), 0);
}

static void test_symlinks(void)
{
    char name[32], target[32];
    CHECK(symlink("/etc/passwd", host("box/absolute")) == 0);
    CHECK(symlink("../out/secret", host("box/up")) == 0);
    CHECK(symlink("../out", host("box/updir")) == 0);
    CHECK(symlink("loop", host("box/loop")) == 0);
    CHECK(symlink("/proc/self/root", host("box/procroot")) == 0);
    CHECK(symlink("../out/", host("box/slash")) == 0);
    CHECK(symlink("../out/.", host("box/dot")) == 0);
    CHECK(symlink("..", host("box/dots")) == 0);
    CHECK(symlink("../..", host("box/a/dots2")) == 0);
    CHECK(symlink("up", host("box/twice")) == 0);
    CHECK(symlink("a/b", host("box/dirlink")) == 0);
    CHECK(symlink("a/b/", host("box/dirlink_slash")) == 0);
    CHECK(symlink("file", host("box/filelink")) == 0);
    CHECK(symlink("../..", host("box/a/b/root")) == 0);
    CHECK(symlink(".", host("box/self")) == 0);

    static const char *const leads_out[] = {"absolute", "up", "updir", "procroot", "slash", "dot",
                                            "dots", "a/dots2", "twice"};
    for (size_t i = 0; i < COUNT_OF(leads_out); i++) {
        CHECK(refused(try_open(BOX, LOOKUP_symlink_follow, leads_out[i])));
        CHECK(refused(stat_path(BOX, LOOKUP_symlink_follow, leads_out[i])));
        CHECK(refused(set_times(BOX, LOOKUP_symlink_follow, leads_out[i])));
        CHECK(refused(hard_link(BOX, LOOKUP_symlink_follow, leads_out[i], BOX, "stolen")));
        CHECK(refused(try_create(BOX, LOOKUP_symlink_follow, leads_out[i], 0)));
        CHECK_EQ_U64(try_open(BOX, 0, leads_out[i]), WASI_E_loop);
        CHECK_EQ_U64(stat_path(BOX, 0, leads_out[i]), 0);
        CHECK_EQ_U64(memory[AT_OUT + 16], FILETYPE_symbolic_link);
        CHECK_EQ_U64(read_link(BOX, leads_out[i]), 0);

        static const char *const after[] = {"/", "/.", "/..", "/secret", "/x/../secret"};
        for (size_t k = 0; k < COUNT_OF(after); k++) {
            char path[64];
            snprintf(path, sizeof path, "%s%s", leads_out[i], after[k]);
            for (u32 lookup = 0; lookup < 2; lookup++) {
                CHECK(refused(try_open(BOX, lookup, path)));
                CHECK(refused(stat_path(BOX, lookup, path)));
                CHECK(refused(set_times(BOX, lookup, path)));
                CHECK(refused(hard_link(BOX, lookup, path, BOX, "stolen")));
            }
            CHECK(refused(read_link(BOX, path)));
            u32 made = on_path("path_create_directory", BOX, path);
            CHECK(refused(made) || (k == 0 && made == WASI_E_exist));
            u32 gone = on_path("path_remove_directory", BOX, path);
            CHECK(refused(gone) || (k == 0 && gone == WASI_E_notdir));
            gone = on_path("path_unlink_file", BOX, path);
            CHECK(refused(gone) || (k == 0 && gone == WASI_E_notdir));
        }
    }
    CHECK_EQ_U64(stat_path(BOX, 0, "procroot"), 0);
    CHECK(access(host("box/stolen"), F_OK) != 0);

    CHECK_EQ_U64(try_open(BOX, LOOKUP_symlink_follow, "loop"), WASI_E_loop);
    CHECK_EQ_U64(stat_path(BOX, LOOKUP_symlink_follow, "loop"), WASI_E_loop);
    CHECK_EQ_U64(try_open(BOX, LOOKUP_symlink_follow, "filelink"), 0);
    CHECK_EQ_U64(try_open(BOX, LOOKUP_symlink_follow, "filelink/"), WASI_E_notdir);
    CHECK_EQ_U64(stat_path(BOX, 0, "filelink/"), WASI_E_notdir);
    CHECK_EQ_U64(try_open(BOX, 0, "dirlink/deep"), 0);
    CHECK_EQ_U64(try_open(BOX, 0, "dirlink/"), 0);
    CHECK_EQ_U64(try_open(BOX, LOOKUP_symlink_follow, "dirlink_slash"), 0);
    CHECK_EQ_U64(stat_path(BOX, 0, "dirlink/"), 0);
    CHECK_EQ_U64(memory[AT_OUT + 16], FILETYPE_directory);
    CHECK_EQ_U64(try_open(BOX, 0, "dirlink/../b/deep"), 0); // a/b/.. is a, not the box
    CHECK_EQ_U64(try_open(BOX, 0, "dirlink/root/file"), 0);
    CHECK_EQ_U64(try_open(BOX, LOOKUP_symlink_follow, "dirlink/root"), 0);
    CHECK(refused(try_open(BOX, 0, "dirlink/root/../box/file")));
    CHECK_EQ_U64(try_open(BOX, 0, "self/self/self/file"), 0);

    // A directory descriptor is a root of its own.
    CHECK_EQ_U64(open_with(BOX, 0, "a/b", OFLAG_directory, RIGHT_path_open, 0), 0);
    u32 sub = out32();
    CHECK(refused(try_open(sub, 0, "../b/deep")));
    CHECK(refused(try_open(sub, 0, "root/file")));
    CHECK_EQ_U64(try_open(sub, 0, "deep"), 0);
    CHECK_EQ_U64(close_fd(sub), 0);

    for (int i = 0; i <= 41; i++) {
        snprintf(name, sizeof name, "box/chain%d", i);
        snprintf(target, sizeof target, i ? "chain%d" : "file", i - 1);
        CHECK(symlink(target, host(name)) == 0);
    }
    CHECK_EQ_U64(try_open(BOX, LOOKUP_symlink_follow, "chain39"), 0); // 40 links
    CHECK_EQ_U64(stat_path(BOX, LOOKUP_symlink_follow, "chain39"), 0);
    CHECK_EQ_U64(try_open(BOX, LOOKUP_symlink_follow, "chain40"), WASI_E_loop);
    CHECK_EQ_U64(stat_path(BOX, LOOKUP_symlink_follow, "chain40"), WASI_E_loop);

    // Links the guest makes.
    CHECK(refused(make_link("/etc/passwd", BOX, "evil")));
    // One that leads out is a string like any other, and followed by nobody.
    static const char *const out[] = {"../out/secret", "a/../../out/secret",
                                      "a/b/../../../out/secret", "missing/../../out/secret"};
    for (size_t i = 0; i < COUNT_OF(out); i++) {
        CHECK_EQ_U64(make_link(out[i], BOX, "evil"), 0);
        CHECK_EQ_U64(read_link(BOX, "evil"), 0);
        CHECK(try_open(BOX, LOOKUP_symlink_follow, "evil") != 0);
        CHECK(try_create(BOX, LOOKUP_symlink_follow, "evil", 0) != 0);
        CHECK(stat_path(BOX, LOOKUP_symlink_follow, "evil") != 0);
        CHECK(hard_link(BOX, LOOKUP_symlink_follow, "evil", BOX, "stolen") != 0);
        CHECK_EQ_U64(on_path("path_unlink_file", BOX, "evil"), 0);
    }
    // Through a descriptor it is what it is by its path.
    CHECK_EQ_U64(open_with(BOX, 0, "a", OFLAG_directory, ~(u64)RIGHT_fd_write, 0), 0);
    u32 dir = out32();
    CHECK_EQ_U64(make_link("../file", dir, "through"), 0);
    CHECK_EQ_U64(try_open(BOX, LOOKUP_symlink_follow, "a/through"), 0);
    CHECK(refused(try_open(dir, LOOKUP_symlink_follow, "through")));
    CHECK_EQ_U64(on_path("path_unlink_file", dir, "through"), 0);
    CHECK_EQ_U64(close_fd(dir), 0);
    CHECK_EQ_U64(make_link("../file", BOX, "a/good"), 0);
    CHECK_EQ_U64(try_open(BOX, LOOKUP_symlink_follow, "a/good"), 0);
    CHECK_EQ_U64(make_link("nowhere", BOX, "target/"), WASI_E_noent);
    CHECK_EQ_U64(make_link("nowhere", BOX, "a/"), WASI_E_exist);
    // Brought to where it leads out it is still not followed, also in another grant.
    CHECK_EQ_U64(rename_to(BOX, "a/good", BOX, "good"), 0);
    CHECK(refused(try_open(BOX, LOOKUP_symlink_follow, "good")));
    CHECK_EQ_U64(rename_to(BOX, "good", BOX2, "good"), 0);
    CHECK(refused(try_open(BOX2, LOOKUP_symlink_follow, "good")));
    CHECK_EQ_U64(rename_to(BOX2, "good", BOX, "a/b/../better"), 0);
    CHECK_EQ_U64(try_open(BOX, LOOKUP_symlink_follow, "a/better"), 0);
    CHECK_EQ_U64(hard_link(BOX, 0, "a/better", BOX, "a/good"), 0);
    CHECK_EQ_U64(make_link("../../file", BOX, "a/b/good"), 0);
    CHECK_EQ_U64(rename_to(BOX, "a/good/", BOX, "good"), WASI_E_notdir);
    // One that the host made to lead out moves as it likes.
    CHECK_EQ_U64(rename_to(BOX, "absolute", BOX, "a/absolute"), 0);
    CHECK_EQ_U64(rename_to(BOX, "a/absolute", BOX, "absolute"), 0);
    // One that comes to lead out with its directory is still not followed.
    CHECK_EQ_U64(on_path("path_create_directory", BOX, "a/deep"), 0);
    CHECK_EQ_U64(make_link("../../file", BOX, "a/deep/good"), 0);
    CHECK_EQ_U64(try_open(BOX, LOOKUP_symlink_follow, "a/deep/good"), 0);
    CHECK_EQ_U64(rename_to(BOX, "a/deep", BOX, "shallow"), 0);
    CHECK(refused(try_open(BOX, LOOKUP_symlink_follow, "shallow/good")));
    CHECK(refused(stat_path(BOX, LOOKUP_symlink_follow, "shallow/good")));
    CHECK(refused(try_create(BOX, LOOKUP_symlink_follow, "shallow/good", 0)));
    CHECK(refused(rename_to(BOX, "shallow/good/x", BOX, "x")));
    CHECK_EQ_U64(rename_to(BOX, "shallow", BOX, "a/deep"), 0);
    CHECK_EQ_U64(read_link(BOX, "up"), 0);
    CHECK_BYTES(memory + AT_BUF, out32(), "../out/secret", 13);
    u32 len = put_text(AT_PATH, "up");
    CHECK_EQ_U64(CALL("path_readlink", BOX, AT_PATH, len, AT_BUF, 0, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 0);
    CHECK_EQ_U64(read_link(BOX, "file"), WASI_E_inval);
}

static void test_creation(void)
{
    CHECK(symlink("../out/new", host("box/dangling")) == 0);
    CHECK(symlink("new", host("box/dangling_in")) == 0);
    CHECK(refused(try_create(BOX, LOOKUP_symlink_follow, "dangling", 0)));
    CHECK_EQ_U64(try_create(BOX, 0, "dangling", 0), WASI_E_loop);
    CHECK_EQ_U64(try_create(BOX, LOOKUP_symlink_follow, "dangling", OFLAG_excl), WASI_E_exist);
    CHECK_EQ_U64(try_create(BOX, 0, "dangling", OFLAG_excl), WASI_E_exist);
    CHECK(access(host("out/new"), F_OK) != 0);
    CHECK_EQ_U64(on_path("path_create_directory", BOX, "dangling"), WASI_E_exist);
    CHECK_EQ_U64(on_path("path_create_directory", BOX, "dangling/"), WASI_E_exist);
    CHECK_EQ_U64(try_create(BOX, LOOKUP_symlink_follow, "dangling_in", 0), 0);
    CHECK(access(host("box/new"), F_OK) == 0);
    CHECK_EQ_U64(try_create(BOX, 0, "new", OFLAG_excl), WASI_E_exist);
    CHECK_EQ_U64(try_create(BOX, 0, "x/", 0), WASI_E_isdir);
    CHECK_EQ_U64(try_create(BOX, 0, "x", OFLAG_directory), WASI_E_inval);
    CHECK_EQ_U64(open_with(BOX, 0, "file", OFLAG_directory, 0, 0), WASI_E_notdir);
    CHECK_EQ_U64(open_with(BOX, 0, "a", 0, RIGHT_fd_read | RIGHT_fd_write, 0), WASI_E_isdir);
    CHECK_EQ_U64(open_with(BOX, 0, "file", 16, 0, 0), WASI_E_inval);
    CHECK_EQ_U64(open_with(BOX, 2, "file", 0, 0, 0), WASI_E_inval);
    CHECK_EQ_U64(open_with(BOX, 0, "file", 0, 0, 32), WASI_E_inval);

    CHECK_EQ_U64(on_path("path_create_directory", BOX, "d/"), 0);
    CHECK_EQ_U64(on_path("path_create_directory", BOX, "d"), WASI_E_exist);
    CHECK_EQ_U64(on_path("path_create_directory", BOX, "."), WASI_E_exist);
    CHECK_EQ_U64(on_path("path_unlink_file", BOX, "d"), WASI_E_isdir);
    CHECK_EQ_U64(on_path("path_unlink_file", BOX, "d/"), WASI_E_isdir);
    CHECK_EQ_U64(on_path("path_unlink_file", BOX, "file/"), WASI_E_notdir);
    CHECK_EQ_U64(on_path("path_remove_directory", BOX, "file"), WASI_E_notdir);
    CHECK_EQ_U64(on_path("path_remove_directory", BOX, "file/"), WASI_E_notdir);
    CHECK_EQ_U64(on_path("path_remove_directory", BOX, "a"), WASI_E_notempty);
    CHECK_EQ_U64(on_path("path_remove_directory", BOX, "d/."), WASI_E_inval);
    CHECK_EQ_U64(on_path("path_remove_directory", BOX, "."), WASI_E_inval);
    CHECK_EQ_U64(on_path("path_remove_directory", BOX, "d/"), 0);
}

static void test_read_only(void)
{
    CHECK(symlink("file", host("ro/link")) == 0);
    CHECK_EQ_U64(try_open(RO, 0, "file"), 0);
    CHECK_EQ_U64(stat_path(RO, 0, "file"), 0);
    CHECK_EQ_U64(read_link(RO, "link"), 0);
    CHECK(refused(try_create(RO, 0, "new", 0)));
    CHECK(refused(try_create(RO, 0, "file", 0)));
    CHECK(refused(open_with(RO, 0, "file", OFLAG_trunc, RIGHT_fd_read, 0)));
    CHECK(refused(open_with(RO, 0, "file", 0, RIGHT_fd_write, 0)));
    CHECK(refused(open_with(RO, 0, "file", 0, RIGHT_fd_write, FDFLAG_append)));
    CHECK(refused(on_path("path_create_directory", RO, "d")));
    CHECK(refused(on_path("path_unlink_file", RO, "file")));
    CHECK(refused(on_path("path_remove_directory", RO, "d")));
    CHECK(refused(set_times(RO, 0, "file")));
    CHECK(refused(make_link("file", RO, "l")));
    CHECK(refused(hard_link(RO, 0, "file", BOX, "l"))); // would be writable there
    CHECK(refused(hard_link(BOX, 0, "file", RO, "l")));
    CHECK(refused(rename_to(RO, "file", BOX, "l")));
    CHECK(refused(rename_to(BOX, "file", RO, "l")));
    CHECK(refused(rename_to(RO, "file", RO, "l")));

    // All rights are asked for, as guests do; those that change are not given.
    CHECK_EQ_U64(open_with(RO, 0, "file", 0, ~(u64)RIGHT_fd_write, 0), 0);
    u32 fd = out32();
    CHECK(refused(CALL("fd_filestat_set_size", fd, 0)));
    CHECK(refused(CALL("fd_allocate", fd, 0, 100)));
    CHECK(refused(CALL("fd_filestat_set_times", fd, 0, 0, FST_mtim_now)));
    CHECK_EQ_U64(CALL("fd_write", fd, AT_BUF, 0, AT_OUT), WASI_E_badf);
    CHECK_EQ_U64(close_fd(fd), 0);
    CHECK_EQ_U64(open_with(RO, 0, ".", OFLAG_directory, 0x1fffffff & ~(u64)RIGHT_fd_write, 0), 0);
    fd = out32();
    CHECK(refused(try_create(fd, 0, "new", 0)));
    CHECK(refused(open_with(fd, 0, "file", 0, RIGHT_fd_write, 0)));
    CHECK(refused(CALL("fd_filestat_set_times", fd, 0, 0, FST_mtim_now)));
    CHECK_EQ_U64(close_fd(fd), 0);
    char text[64];
    host_text("ro/file", text);
    CHECK_STR(text, "kept");
}

static void test_links_and_renames(void)
{
    CHECK(symlink("../out/secret", host("box/up")) == 0);
    CHECK_EQ_U64(hard_link(BOX, 0, "up", BOX, "up2"), 0); // the link itself
    CHECK(refused(hard_link(BOX, LOOKUP_symlink_follow, "up", BOX, "up3")));
    CHECK(refused(try_open(BOX, LOOKUP_symlink_follow, "up2")));
    CHECK_EQ_U64(hard_link(BOX, 0, "a", BOX, "x"), WASI_E_perm);
    CHECK_EQ_U64(hard_link(BOX, 0, "file", BOX, "file"), WASI_E_exist);
    CHECK_EQ_U64(hard_link(BOX, 0, "file", BOX, "x/"), WASI_E_noent);
    CHECK_EQ_U64(hard_link(BOX, 0, "file/", BOX, "x"), WASI_E_notdir);
    CHECK_EQ_U64(hard_link(BOX, 4, "file", BOX, "x"), WASI_E_inval);
    CHECK_EQ_U64(hard_link(BOX, 0, "file", BOX2, "from_box"), 0);

    CHECK_EQ_U64(rename_to(BOX, "file", BOX2, "moved"), 0);
    CHECK_EQ_U64(rename_to(BOX2, "moved", BOX, "file"), 0);
    CHECK_EQ_U64(rename_to(BOX, "a", BOX, "a/b/c"), WASI_E_inval);
    CHECK(rename_to(BOX, "file", BOX, ".") != 0);
    CHECK(rename_to(BOX, ".", BOX, "x") != 0);
    CHECK(rename_to(BOX, "a/..", BOX, "x") != 0);
    CHECK_EQ_U64(rename_to(BOX, "file/", BOX, "x"), WASI_E_notdir);
    CHECK_EQ_U64(rename_to(BOX, "a/", BOX, "z/"), 0);
    CHECK_EQ_U64(rename_to(BOX, "z", BOX, "a"), 0);

    CHECK_EQ_U64(rename_to(BOX, "nothing", BOX, "x"), WASI_E_noent);
    CHECK_EQ_U64(hard_link(BOX, 0, "nothing", BOX, "x"), WASI_E_noent);

    // Where a link leads need not be there.
    char longest[4100];
    memset(longest, 'x', sizeof longest);
    longest[300] = 0; // more than a name has
    static const char *const inside[] = {"nothing", "file/x", ".a/bc/..", "twin", "a/../.", NULL};
    for (size_t i = 0; i < COUNT_OF(inside); i++) {
        CHECK_EQ_U64(make_link(inside[i] ? inside[i] : longest, BOX, "twin"), 0);
        CHECK_EQ_U64(on_path("path_unlink_file", BOX, "twin"), 0);
    }
    for (size_t i = 0; i < 4080; i++) longest[i] = i % 2 ? '/' : 'x';
    longest[4080] = 0;
    CHECK_EQ_U64(make_link(longest, BOX, "twin"), 0);
    CHECK_EQ_U64(on_path("path_unlink_file", BOX, "twin"), 0);
    put_text(AT_PATH, "up");
    CHECK_EQ_U64(CALL("path_readlink", BOX, AT_PATH, 2, AT_BUF, 100, MEMORY), WASI_E_fault);
    CHECK_EQ_U64(CALL("path_readlink", BOX, AT_PATH, 2, MEMORY, 100, AT_OUT), WASI_E_fault);

    // Open, moved away: the descriptor still cannot reach above itself.
    CHECK_EQ_U64(open_with(BOX, 0, "a/b", OFLAG_directory, RIGHT_path_open, 0), 0);
    u32 sub = out32();
    CHECK(rename(host("box/a/b"), host("out/b")) == 0);
    CHECK_EQ_U64(try_open(sub, 0, "deep"), 0);
    CHECK(refused(try_open(sub, 0, "../secret")));
    CHECK(rename(host("out/b"), host("box/a/b")) == 0);
    CHECK_EQ_U64(close_fd(sub), 0);
}

// What counts the work, and stops it.
enum { NO_MORE = 8 };

typedef struct {
    u64 units, most; // in all, and between two questions
    u32 asked, left; // left: questions that are still answered with yes
} Meter;

static u32 count_units(void *data, u64 units)
{
    Meter *m = data;
    m->units += units;
    m->most = MAX(m->most, units);
    m->asked++;
    return m->left ? m->left--, 0 : NO_MORE;
}

#define METERED(m, ...)                                                                            \
    do {                                                                                           \
        wasi_set_meter(ctx, count_units, &(m));                                                    \
        __VA_ARGS__;                                                                               \
        wasi_set_meter(ctx, NULL, NULL);                                                           \
    } while (0)

// Somebody who comes after a while, writes or reads a few bytes, and goes.
static pid_t other_end(int how)
{
    pid_t child = fork();
    if (child) return child;
    usleep(50000);
    int fd = open(host("box/fifo"), how);
    char text[8] = "late";
    _exit(fd < 0 || (how == O_WRONLY ? write(fd, text, 4) : read(fd, text, 4)) != 4);
}

static bool ended_well(pid_t child)
{
    int status = -1;
    return waitpid(child, &status, 0) == child && status == 0;
}

// Who may wait does: for who writes when it reads, for who reads when it opens.
static void test_fifo(void)
{
    CHECK_EQ_U64(open_with(BOX, 0, "fifo", 0, RIGHT_fd_read, 0), 0);
    u32 fd = out32();
    pid_t child = other_end(O_WRONLY);
    iovec(0, AT_BUF + 100, 10);
    CHECK_EQ_U64(CALL("fd_read", fd, AT_BUF, 1, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 4);
    CHECK(!memcmp(memory + AT_BUF + 100, "late", 4));
    CHECK(ended_well(child));
    CHECK_EQ_U64(CALL("fd_read", fd, AT_BUF, 1, AT_OUT), 0); // it has gone: at its end
    CHECK_EQ_U64(out32(), 0);
    CHECK_EQ_U64(close_fd(fd), 0);

    child = other_end(O_RDONLY);
    CHECK(symlink("fifo", host("box/to-fifo")) == 0);
    CHECK_EQ_U64(open_with(BOX, LOOKUP_symlink_follow, "to-fifo", 0, RIGHT_fd_write, 0), 0);
    fd = out32();
    iovec(0, AT_BUF + 100, 4);
    CHECK_EQ_U64(CALL("fd_write", fd, AT_BUF, 1, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 4);
    CHECK(ended_well(child));
    CHECK_EQ_U64(close_fd(fd), 0);

    Meter stopping = {.left = 2}; // nobody comes
    METERED(stopping, open_with(BOX, 0, "fifo", 0, RIGHT_fd_write, 0));
    CHECK(last_outcome == WASI_INTERRUPTED);
    CHECK_EQ_U64(stopping.asked, 3);
    CHECK_EQ_U64(wasi_stopped_for(ctx), NO_MORE);
}

static void test_magic_files(void)
{
    CHECK(mkfifo(host("box/fifo"), 0644) == 0);
    alarm(5); // opening would block for ever
    CHECK_EQ_U64(try_open(BOX, 0, "fifo"), 0);
    CHECK_EQ_U64(open_with(BOX, 0, "fifo", 0, RIGHT_fd_write, FDFLAG_nonblock), WASI_E_nxio);
    CHECK_EQ_U64(open_with(BOX, 0, "fifo", 0, RIGHT_fd_read, FDFLAG_nonblock), 0);
    u32 fd = out32();
    put_u32(memory + AT_BUF, AT_BUF + 100);
    put_u32(memory + AT_BUF + 4, 10);
    CHECK_EQ_U64(CALL("fd_read", fd, AT_BUF, 1, AT_OUT), 0); // nobody writes: at its end
    CHECK_EQ_U64(out32(), 0);
    CHECK_EQ_U64(close_fd(fd), 0);
    test_fifo();
    alarm(0);

    int sock = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", host("box/socket"));
    CHECK(bind(sock, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK_EQ_U64(try_open(BOX, 0, "socket"), WASI_E_nxio);
    CHECK_EQ_U64(open_with(BOX, 0, "socket", 0, RIGHT_fd_write, 0), WASI_E_nxio);
    CHECK_EQ_U64(open_with(BOX, 0, "socket", 0, RW, 0), WASI_E_nxio);
    close(sock);

    WasiCtx *before = ctx;
    ctx = wasi_new();
    CHECK(wasi_add_preopen(ctx, "/", "/", false) == 0);
    static const char *const views[] = {"proc/self/fd/0", "proc/self/mem", "proc/self/cwd",
                                        "proc/self/root/etc", "proc/self/exe", "dev/fd/0"};
    for (size_t i = 0; i < COUNT_OF(views); i++)
        CHECK(try_open(BOX, LOOKUP_symlink_follow, views[i]) != 0);
    CHECK(open_with(BOX, 0, "proc/self/mem", 0, RW, 0) != 0);
    CHECK_EQ_U64(try_open(BOX, 0, "dev/null"), 0);
    wasi_free(ctx);
    ctx = before;
}

// The same ways out of what may only be looked at: nothing is read there, and nothing made.
static void test_out_of_read_only(void)
{
    static const struct { const char *name, *target; } links[] = {
        {"absolute", "/etc/passwd"}, {"up", "../out/secret"}, {"updir", "../out"},
        {"procroot", "/proc/self/root"}, {"slash", "../out/"}, {"dot", "../out/."},
        {"dots", ".."}, {"twice", "up"}, {"dangling", "../out/new"},
    };
    static const char *const after[] = {"/.", "/..", "/secret", "/x/../secret"};
    char path[64];
    CHECK(mkdir(host("ro/a"), 0755) == 0 && mkdir(host("ro/a/b"), 0755) == 0);
    for (size_t i = 0; i < COUNT_OF(lexical); i++) leads_out_of(RO, BOX, lexical[i]);
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        snprintf(path, sizeof path, "ro/%s", links[i].name);
        CHECK(symlink(links[i].target, host(path)) == 0);
    }
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        CHECK(refused(try_open(RO, LOOKUP_symlink_follow, links[i].name)));
        CHECK(refused(stat_path(RO, LOOKUP_symlink_follow, links[i].name)));
        CHECK(refused(try_create(RO, LOOKUP_symlink_follow, links[i].name, 0)));
        CHECK_EQ_U64(read_link(RO, links[i].name), 0);
        for (size_t k = 0; k < COUNT_OF(after); k++) {
            snprintf(path, sizeof path, "%s%s", links[i].name, after[k]);
            leads_out_of(RO, BOX, path);
        }
    }
    CHECK(access(host("out/new"), F_OK) != 0 && access(host("box/stolen"), F_OK) != 0);
}

static void test_path_cases(bool walk)
{
    static void (*const cases[])(void) = {test_lexical, test_symlinks, test_creation,
                                          test_read_only, test_out_of_read_only,
                                          test_links_and_renames, test_magic_files};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[64];
        tree_make();
        unsigned fds = host_fds();
        ctx_make(walk);
        cases[i]();
        wasi_free(ctx);
        CHECK_EQ_U64(host_fds(), fds);
        host_text("out/secret", text);
        CHECK_STR(text, "secret");
        host_remove();
    }
}

// -- descriptors --

static u64 rights_of(u32 fd)
{
    CHECK_EQ_U64(CALL("fd_fdstat_get", fd, AT_OUT), 0);
    return get_u64(memory + AT_OUT + 8);
}

static void test_descriptors(void)
{
    CHECK_EQ_U64(open_with(BOX, 0, "file", 0, RW, 0), 0);
    u32 fd = out32();
    CHECK_EQ_U64(fd, 6);
    CHECK_EQ_U64(CALL("fd_renumber", fd, fd), 0);
    CHECK_EQ_U64(CALL("fd_renumber", fd, 7), WASI_E_badf);
    CHECK_EQ_U64(CALL("fd_renumber", 7, fd), WASI_E_badf);
    CHECK_EQ_U64(CALL("fd_renumber", fd, 0x7fffffff), WASI_E_badf);
    CHECK_EQ_U64(CALL("fd_renumber", 0xffffffff, fd), WASI_E_badf);
    CHECK_EQ_U64(CALL("fd_renumber", fd, 1), WASI_E_badf); // closed stdio is nobody's
    unsigned fds = host_fds();
    CHECK_EQ_U64(CALL("fd_renumber", fd, BOX2), 0);
    CHECK_EQ_U64(host_fds(), fds - 1);
    CHECK_EQ_U64(CALL("fd_prestat_get", BOX2, AT_OUT), WASI_E_badf);
    CHECK_EQ_U64(close_fd(fd), WASI_E_badf);
    CHECK_EQ_U64(close_fd(BOX2), 0);
    CHECK_EQ_U64(close_fd(BOX2), WASI_E_badf);
    CHECK_EQ_U64(CALL("fd_read", BOX2, AT_BUF, 0, AT_OUT), WASI_E_badf);
    CHECK_EQ_U64(open_with(BOX, 0, "file", 0, RW, 0), 0);
    CHECK_EQ_U64(out32(), BOX2); // the smallest that is free
    fd = out32();

    // Rights only shrink.
    u64 rights = rights_of(fd);
    CHECK_EQ_U64(rights & RW, RW);
    CHECK_EQ_U64(CALL("fd_fdstat_set_rights", fd, rights & ~(u64)RIGHT_fd_write, 0), 0);
    CHECK_EQ_U64(CALL("fd_fdstat_set_rights", fd, rights, 0), WASI_E_notcapable);
    CHECK_EQ_U64(CALL("fd_fdstat_set_rights", fd, 0, 1), WASI_E_notcapable);
    CHECK_EQ_U64(CALL("fd_fdstat_set_rights", fd, ~(u64)0, ~(u64)0), WASI_E_notcapable);
    CHECK_EQ_U64(CALL("fd_write", fd, AT_BUF, 0, AT_OUT), WASI_E_badf);
    CHECK_EQ_U64(CALL("fd_fdstat_set_rights", fd, 0, 0), 0);
    CHECK_EQ_U64(CALL("fd_seek", fd, 0, 0, AT_OUT), WASI_E_notcapable);
    CHECK_EQ_U64(CALL("fd_filestat_get", fd, AT_OUT), WASI_E_notcapable);
    CHECK_EQ_U64(close_fd(fd), 0);

    // And what a directory does not inherit, it does not give.
    u32 len = put_text(AT_PATH, ".");
    CHECK_EQ_U64(CALL("path_open", BOX, 0, AT_PATH, len, OFLAG_directory, RIGHT_path_open,
                      RIGHT_fd_read, 0, AT_OUT), 0);
    u32 dir = out32();
    CHECK_EQ_U64(open_with(dir, 0, "file", 0, RIGHT_fd_write, 0), WASI_E_notcapable);
    CHECK_EQ_U64(open_with(dir, 0, "new", OFLAG_creat, RIGHT_fd_read, 0), WASI_E_notcapable);
    CHECK_EQ_U64(open_with(dir, 0, "file", OFLAG_trunc, RIGHT_fd_read, 0), WASI_E_notcapable);
    CHECK_EQ_U64(stat_path(dir, 0, "file"), WASI_E_notcapable);
    CHECK_EQ_U64(open_with(dir, 0, "file", 0, RIGHT_fd_read | RIGHT_fd_seek, 0), 0);
    CHECK_EQ_U64(rights_of(out32()), RIGHT_fd_read);
    CHECK_EQ_U64(close_fd(6), 0);
    CHECK_EQ_U64(close_fd(dir), 0);

    // A directory is not a file, a file not a directory.
    static const char *const file_only[] = {"fd_read", "fd_write"};
    for (size_t i = 0; i < COUNT_OF(file_only); i++)
        CHECK_EQ_U64(CALL(file_only[i], BOX, AT_BUF, 0, AT_OUT), WASI_E_isdir);
    CHECK_EQ_U64(CALL("fd_seek", BOX, 0, 0, AT_OUT), WASI_E_isdir);
    CHECK_EQ_U64(CALL("fd_tell", BOX, AT_OUT), WASI_E_isdir);
    CHECK_EQ_U64(open_with(BOX, 0, "file", 0, RW, 0), 0);
    fd = out32();
    CHECK_EQ_U64(try_open(fd, 0, "x"), WASI_E_notdir);
    CHECK_EQ_U64(CALL("fd_readdir", fd, AT_BUF, 100, 0, AT_OUT), WASI_E_notdir);
    CHECK_EQ_U64(CALL("fd_prestat_get", fd, AT_OUT), WASI_E_badf);
    CHECK_EQ_U64(CALL("sock_shutdown", fd, 1), WASI_E_notsock);
    CHECK_EQ_U64(CALL("sock_shutdown", 77, 1), WASI_E_badf);
    CHECK_EQ_U64(CALL("sock_accept", fd, 0, AT_OUT), WASI_E_notsock);

    CHECK_EQ_U64(CALL("fd_prestat_get", BOX, AT_OUT), 0);
    CHECK_EQ_U64(get_u32(memory + AT_OUT + 4), 1);
    CHECK_EQ_U64(CALL("fd_prestat_dir_name", RO, AT_OUT, 2), WASI_E_nametoolong);
    CHECK_EQ_U64(CALL("fd_prestat_dir_name", RO, AT_OUT, 9), 0);
    CHECK_BYTES(memory + AT_OUT, 3, "/ro", 3);

    // Positions at the edge of what can be said.
    u64 far = (u64)1 << 63;
    put_u32(memory + AT_BUF, AT_BUF + 100);
    put_u32(memory + AT_BUF + 4, 10);
    CHECK_EQ_U64(CALL("fd_seek", fd, far, 0, AT_OUT), WASI_E_inval);
    CHECK_EQ_U64(CALL("fd_seek", fd, ~(u64)0, 1, AT_OUT), WASI_E_inval);
    CHECK_EQ_U64(CALL("fd_seek", fd, 0, 3, AT_OUT), WASI_E_inval);
    CHECK_EQ_U64(CALL("fd_pread", fd, AT_BUF, 1, far, AT_OUT), WASI_E_inval);
    CHECK_EQ_U64(CALL("fd_pwrite", fd, AT_BUF, 1, far, AT_OUT), WASI_E_inval);
    CHECK(CALL("fd_filestat_set_size", fd, far) != 0);
    CHECK(CALL("fd_allocate", fd, far, far) != 0);
    CHECK(CALL("fd_advise", fd, far, 0, 0) != 0);
    CHECK_EQ_U64(CALL("fd_advise", fd, 0, 0, 6), WASI_E_inval);
    CHECK_EQ_U64(CALL("fd_seek", fd, 2, 0, AT_OUT), 0);
    CHECK_EQ_U64(CALL("fd_tell", fd, AT_OUT), 0);
    CHECK_EQ_U64(get_u64(memory + AT_OUT), 2);
    CHECK_EQ_U64(CALL("fd_filestat_set_times", fd, 0, 0, FST_atim | FST_atim_now), WASI_E_inval);
    CHECK_EQ_U64(CALL("fd_filestat_set_times", fd, 5, 7, FST_mtim), 0);
    CHECK_EQ_U64(CALL("fd_filestat_get", fd, AT_OUT), 0);
    CHECK_EQ_U64(get_u64(memory + AT_OUT + 48), 7);
    CHECK_EQ_U64(get_u64(memory + AT_OUT + 32), 6); // size
    CHECK_EQ_U64(CALL("fd_fdstat_set_flags", fd, 32), WASI_E_inval);
    CHECK_EQ_U64(CALL("fd_fdstat_set_flags", fd, FDFLAG_append | FDFLAG_dsync), 0);
    CHECK_EQ_U64(CALL("fd_write", fd, AT_BUF, 1, AT_OUT), 0);
    CHECK_EQ_U64(CALL("fd_filestat_get", fd, AT_OUT), 0);
    CHECK_EQ_U64(get_u64(memory + AT_OUT + 32), 16);

    // The elder's layouts and numbers.
    module = "wasi_unstable";
    CHECK_EQ_U64(CALL("fd_filestat_get", fd, AT_OUT), 0);
    CHECK_EQ_U64(get_u32(memory + AT_OUT + 20), 1);  // links
    CHECK_EQ_U64(get_u64(memory + AT_OUT + 24), 16); // size
    CHECK_EQ_U64(CALL("fd_seek", fd, 3, 2, AT_OUT), 0); // from the start
    CHECK_EQ_U64(CALL("fd_seek", fd, 1, 0, AT_OUT), 0); // from here
    CHECK_EQ_U64(get_u64(memory + AT_OUT), 4);
    CHECK_EQ_U64(CALL("fd_seek", fd, 0, 1, AT_OUT), 0); // from the end
    CHECK_EQ_U64(get_u64(memory + AT_OUT), 16);
    CHECK(!wasi_find(module, strlen(module), "sock_accept", 11));
    module = "wasi_snapshot_preview1";
    CHECK_EQ_U64(close_fd(fd), 0);
}

static void check_changed(bool changed, u32 number, bool open)
{
    u32 found = 99;
    bool is_open = !open;
    CHECK_EQ_U64(wasi_changed(ctx, &found, &is_open), changed);
    if (!changed) return;
    CHECK_EQ_U64(found, number);
    CHECK_EQ_U64(is_open, open);
}

// What it holds is not what it was given, however that came about.
static void test_marks(void)
{
    wasi_mark(ctx);
    check_changed(false, 0, false);
    CHECK_EQ_U64(open_with(BOX, 0, "file", 0, RW, 0), 0);
    u32 fd = out32();
    check_changed(true, fd, true);
    CHECK_EQ_U64(close_fd(fd), 0);
    check_changed(false, 0, false);
    CHECK_EQ_U64(open_with(BOX, 0, "file", 0, RW, 0), 0);
    CHECK_EQ_U64(CALL("fd_renumber", fd, BOX2), 0); // in the place of another
    check_changed(true, BOX2, true);
    CHECK_EQ_U64(close_fd(BOX2), 0);
    check_changed(true, BOX2, false);
    CHECK_EQ_U64(CALL("fd_renumber", RO, BOX), 0);
    check_changed(true, RO, false);
}

static void test_exhaustion(void)
{
    u32 err = 0, opened = 0;
    while (opened < 10000 && !(err = open_with(BOX, 0, "file", 0, RIGHT_fd_read, 0))) opened++;
    CHECK(opened > 100 && (opened == 10000 || err == WASI_E_mfile));
    for (u32 i = 0; i < opened; i++) CHECK(close_fd(BOX2 + 1 + i) == 0);
    wasi_set_fd_limit(ctx, 8);
    CHECK_EQ_U64(open_with(BOX, 0, "file", 0, 0, 0), 0);
    CHECK_EQ_U64(open_with(BOX, 0, "file", 0, 0, 0), 0);
    unsigned fds = host_fds();
    CHECK_EQ_U64(open_with(BOX, 0, "file", 0, 0, 0), WASI_E_mfile);
    CHECK_EQ_U64(host_fds(), fds);
}

// The name of the entry with this number, and the number of the next.
static bool entry_at(u32 dir, u64 cookie, char name[32], u64 *next)
{
    memset(name, 0, 32);
    if (CALL("fd_readdir", dir, AT_BUF, DIRENT_SIZE + 31, cookie, AT_OUT)) return false;
    if (out32() < DIRENT_SIZE) return false;
    *next = get_u64(memory + AT_BUF);
    memcpy(name, memory + AT_BUF + DIRENT_SIZE, MIN(get_u32(memory + AT_BUF + 16), 31));
    return true;
}

// Numbers from 1 on, which stay what they are: back and forth, and while entries go.
static void test_cookies(void)
{
    enum { MANY = 300 };
    char names[MANY][32], name[32];
    u64 count = 0, next;
    while (count < MANY && entry_at(BOX2, count, names[count], &next)) CHECK_EQ_U64(next, ++count);
    CHECK(count > 150);
    for (u64 i = count; i--;) CHECK(entry_at(BOX2, i, name, &next) && !strcmp(name, names[i]));
    // by a descriptor that never gave them out
    CHECK_EQ_U64(open_with(BOX2, 0, ".", OFLAG_directory, RIGHT_fd_readdir, 0), 0);
    u32 dir = out32();
    CHECK(entry_at(dir, 100, name, &next) && !strcmp(name, names[100]));
    CHECK(entry_at(dir, 20, name, &next) && !strcmp(name, names[20]));
    CHECK(!entry_at(dir, count, name, &next));
    // each entry goes as soon as it was seen, and all others are seen
    u64 gone = 0;
    for (u64 at = 0; entry_at(dir, at, name, &at);) {
        if (name[0] == '.') continue;
        gone += on_path("path_unlink_file", BOX2, name) == 0;
    }
    CHECK_EQ_U64(gone, count - 2);
    CHECK_EQ_U64(close_fd(dir), 0);
    for (u64 i = 0; i < count; i++) {
        snprintf(name, sizeof name, "box2/%.20s", names[i]);
        if (names[i][0] != '.') host_file(name, "");
    }
}

static void test_readdir(void)
{
    char name[32];
    unsigned seen = 0, files = 0;
    u64 cookie = 0;
    for (int i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "box2/entry%03d", i);
        host_file(name, "");
    }
    CHECK_EQ_U64(CALL("fd_filestat_get", BOX2, AT_OUT), 0);
    u64 ino = get_u64(memory + AT_OUT + 8);
    for (;;) {
        enum { LEN = 300 };
        if (!CHECK(CALL("fd_readdir", BOX2, AT_BUF, LEN, cookie, AT_OUT) == 0)) break;
        u32 used = out32(), at = 0;
        while (at + DIRENT_SIZE <= used) {
            const u8 *entry = memory + AT_BUF + at;
            u32 len = get_u32(entry + 16);
            if (at + DIRENT_SIZE + len > used) break;
            bool dots = entry[DIRENT_SIZE] == '.';
            CHECK_EQ_U64(entry[20], dots ? FILETYPE_directory : FILETYPE_regular_file);
            if (dots) CHECK_EQ_U64(get_u64(entry + 8), ino); // also of what lies above
            seen++;
            files += !dots;
            cookie = get_u64(entry);
            at += DIRENT_SIZE + len;
        }
        if (files == 50) CHECK(unlink(host("box2/entry000")) == 0 || errno == ENOENT);
        if (used < LEN) break;
    }
    CHECK(seen == files + 2 && files >= 199 && files <= 200);
    test_cookies();
    static const u64 garbage[] = {1, 12345, (u64)1 << 32, INT64_MAX, (u64)1 << 63, ~(u64)0};
    for (size_t i = 0; i < COUNT_OF(garbage); i++)
        CALL("fd_readdir", BOX2, AT_BUF, 1000, garbage[i], AT_OUT); // any answer, no harm
    CHECK_EQ_U64(CALL("fd_readdir", BOX2, AT_BUF, 10, 0, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 10);
    CHECK_EQ_U64(CALL("fd_readdir", BOX2, AT_BUF, 0, 0, AT_OUT), 0);
    CHECK_EQ_U64(CALL("fd_readdir", BOX2, AT_BUF, 0xffffffff, 0, AT_OUT), WASI_E_fault);
    CHECK_EQ_U64(CALL("fd_readdir", BOX2, AT_BUF, MEMORY - AT_BUF, 0, AT_OUT), 0);

    // The preopen goes away under the guest.
    CHECK(rename(host("box2"), host("gone")) == 0);
    CHECK(system("true") == 0 && rename(host("gone"), host("box2")) == 0);
}

// -- buffers --

static void test_buffers(void)
{
    CHECK_EQ_U64(open_with(BOX, 0, "data", OFLAG_creat, RW, 0), 0);
    u32 fd = out32();
    iovec(0, AT_PATH, 4);
    CHECK_EQ_U64(CALL("fd_write", fd, AT_BUF, 0x20000000, AT_OUT), WASI_E_fault); // count * 8 wraps
    CHECK_EQ_U64(CALL("fd_write", fd, AT_BUF, 0xffffffff, AT_OUT), WASI_E_fault);
    CHECK_EQ_U64(CALL("fd_write", fd, 0xfffffff8, 2, AT_OUT), WASI_E_fault);
    CHECK_EQ_U64(CALL("fd_write", fd, AT_BUF, 1, MEMORY - 3), WASI_E_fault);
    CHECK_EQ_U64(CALL("fd_write", fd, AT_BUF, 1, MEMORY - 4), 0);
    iovec(0, MEMORY - 4, 8);
    CHECK_EQ_U64(CALL("fd_write", fd, AT_BUF, 1, AT_OUT), WASI_E_fault);
    iovec(0, 0xffffffff, 0xffffffff);
    CHECK_EQ_U64(CALL("fd_read", fd, AT_BUF, 1, AT_OUT), WASI_E_fault);
    iovec(0, 16, 0xfffffff8);
    CHECK_EQ_U64(CALL("fd_read", fd, AT_BUF, 1, AT_OUT), WASI_E_fault);

    // Many spans, empty ones between them; more than one call of the host's.
    put_text(AT_PATH, "abcdefgh");
    for (u32 i = 0; i < 1000; i++) iovec(i, AT_PATH + i % 8, i % 3 ? 1 : 0);
    CHECK_EQ_U64(CALL("fd_filestat_set_size", fd, 0), 0);
    CHECK_EQ_U64(CALL("fd_seek", fd, 0, 0, AT_OUT), 0);
    CHECK_EQ_U64(CALL("fd_write", fd, AT_BUF, 1000, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 666);
    for (u32 i = 0; i < 1000; i++) iovec(i, 0x20000 + i, 1);
    CHECK_EQ_U64(CALL("fd_pread", fd, AT_BUF, 1000, 0, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 666);
    CHECK_BYTES(memory + 0x20000, 6, "bcefha", 6);
    // The sum of the lengths passes 2^32: cut, not wrapped.
    for (u32 i = 0; i < 9000; i++) iovec(i, 0x30000, 0x80000);
    CHECK_EQ_U64(CALL("fd_pread", fd, AT_BUF, 9000, 0, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 666);
    CHECK_EQ_U64(close_fd(fd), 0);

    // Results that do not fit leave nothing behind.
    unsigned fds = host_fds();
    u32 len = put_text(AT_PATH, "file");
    CHECK_EQ_U64(CALL("path_open", BOX, 0, AT_PATH, len, 0, 0, 0, 0, MEMORY - 1), WASI_E_fault);
    CHECK_EQ_U64(CALL("path_open", BOX, 0, MEMORY - 2, len, 0, 0, 0, 0, AT_OUT), WASI_E_fault);
    CHECK_EQ_U64(CALL("path_open", BOX, 0, AT_PATH, 0xffffffff, 0, 0, 0, 0, AT_OUT), WASI_E_fault);
    CHECK_EQ_U64(CALL("path_open", BOX, 0, 0, MEMORY, 0, 0, 0, 0, AT_OUT), WASI_E_nametoolong);
    CHECK_EQ_U64(host_fds(), fds);
    CHECK_EQ_U64(CALL("path_filestat_get", BOX, 0, AT_PATH, len, MEMORY - 63), WASI_E_fault);
    CHECK_EQ_U64(CALL("path_filestat_get", BOX, 0, AT_PATH, len, MEMORY - 64), 0);
    CHECK_EQ_U64(CALL("fd_fdstat_get", BOX, MEMORY - 23), WASI_E_fault);
    CHECK_EQ_U64(CALL("clock_time_get", 0, 0, 0xfffffffc), WASI_E_fault);
    CHECK_EQ_U64(CALL("clock_time_get", 4, 0, AT_OUT), WASI_E_inval);
    CHECK_EQ_U64(CALL("random_get", 0, 0xffffffff), WASI_E_fault);
    CHECK_EQ_U64(CALL("random_get", MEMORY, 0), 0);
    CHECK_EQ_U64(CALL("random_get", MEMORY + 1, 0), WASI_E_fault);
    memset(memory + AT_BUF, 0, 64);
    CHECK_EQ_U64(CALL("random_get", AT_BUF + 8, 16), 0);
    CHECK_EQ_U64(get_u64(memory + AT_BUF) | get_u64(memory + AT_BUF + 24), 0);
    CHECK(get_u64(memory + AT_BUF + 8) != 0);

    // Every function with the worst of arguments: some errno, never harm.
    static const u32 bad[] = {0, 3, MEMORY - 1, 0x80000000, 0xffffffff};
    static const char *const never[] = {"proc_exit", "proc_raise"};
    const WasiFunc *first = wasi_find(module, strlen(module), "args_get", 8);
    for (int f = 0; f < 46; f++) {
        if (strcmp(first[f].name, never[0]) == 0 || strcmp(first[f].name, never[1]) == 0) continue;
        for (size_t i = 0; i < COUNT_OF(bad); i++) {
            u64 args[16], result = 0;
            for (size_t k = 0; k < 16; k++) args[k] = k ? bad[i] : BOX;
            CHECK_EQ_U64(first[f].call(ctx, mem, args, &result), WASI_RETURN);
            CHECK(result <= WASI_E_notcapable);
        }
    }
    ctx_make(false); // the descriptors may be gone
}

// A million subscriptions, each to a time that is past, of zeros.
static void test_many_subscriptions(void)
{
    enum { COUNT = 1 << 20 };
    GuestMemory before = mem;
    u64 size = (u64)COUNT * (SUBSCRIPTION_SIZE + EVENT_SIZE) + 4;
    u8 *big = calloc(1, size);
    if (!CHECK(big)) return;
    mem = (GuestMemory){.base = big, .size = size};
    CHECK_EQ_U64(CALL("poll_oneoff", 0, COUNT * SUBSCRIPTION_SIZE, COUNT, size - 4), 0);
    CHECK_EQ_U64(get_u32(big + size - 4), COUNT);
    CHECK_EQ_U64(CALL("poll_oneoff", 0, COUNT * SUBSCRIPTION_SIZE + 8, COUNT, 0), WASI_E_fault);
    free(big);
    mem = before;
}

// -- authority --

static void test_zero_authority(void)
{
    WasiCtx *before = ctx;
    int pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0); // the host's, and nobody else's
    ctx = wasi_new();
    CHECK_EQ_U64(CALL("args_sizes_get", AT_OUT, AT_OUT + 4), 0);
    CHECK_EQ_U64(get_u64(memory + AT_OUT), 0);
    CHECK_EQ_U64(CALL("environ_sizes_get", AT_OUT, AT_OUT + 4), 0);
    CHECK_EQ_U64(get_u64(memory + AT_OUT), 0);
    CHECK_EQ_U64(CALL("environ_get", AT_OUT, AT_OUT + 4), 0);
    for (u32 fd = 0; fd < 64; fd++) {
        CHECK_EQ_U64(CALL("fd_prestat_get", fd, AT_OUT), WASI_E_badf);
        CHECK_EQ_U64(CALL("fd_fdstat_get", fd, AT_OUT), WASI_E_badf);
        CHECK_EQ_U64(CALL("sock_accept", fd, 0, AT_OUT), WASI_E_badf);
        CHECK_EQ_U64(CALL("sock_recv", fd, AT_BUF, 0, 0, AT_OUT, AT_OUT + 4), WASI_E_badf);
        CHECK_EQ_U64(CALL("sock_send", fd, AT_BUF, 0, 0, AT_OUT), WASI_E_badf);
    }
    for (int i = 0; i < 2; i++) close(pair[i]);
    CHECK(wasi_add_socket(ctx, -1) == EBADF);
    CHECK(wasi_add_preopen(ctx, host("box/file"), "/", false) == ENOTDIR);
    CHECK(wasi_add_preopen(ctx, host("nowhere"), "/", false) == ENOENT);
    CHECK_EQ_U64(CALL("proc_exit", 33), 8888);
    CHECK(last_outcome == WASI_EXIT && wasi_exit_status(ctx) == 33);
    CALL("proc_raise", 6);
    CHECK(last_outcome == WASI_EXIT && wasi_exit_status(ctx) == 134);
    CHECK_EQ_U64(CALL("proc_raise", 13), 0);
    CHECK_EQ_U64(CALL("proc_raise", 31), WASI_E_inval);
    CHECK_EQ_U64(call("sched_yield", NULL, 0), 0);
    wasi_free(ctx);

    ctx = wasi_new();
    CHECK(wasi_add_arg(ctx, "prog") == 0 && wasi_add_arg(ctx, "") == 0);
    CHECK(wasi_add_env(ctx, "K", "V=1") == 0);
    CHECK_EQ_U64(CALL("args_sizes_get", AT_OUT, AT_OUT + 4), 0);
    CHECK_EQ_U64(get_u64(memory + AT_OUT), 2 | (u64)6 << 32);
    CHECK_EQ_U64(CALL("args_get", AT_OUT, AT_BUF), 0);
    CHECK_EQ_U64(get_u64(memory + AT_OUT), AT_BUF | (u64)(AT_BUF + 5) << 32);
    CHECK_BYTES(memory + AT_BUF, 6, "prog\0", 6);
    CHECK_EQ_U64(CALL("args_get", AT_OUT, MEMORY - 5), WASI_E_fault);
    CHECK_EQ_U64(CALL("environ_get", AT_OUT, AT_BUF), 0);
    CHECK_BYTES(memory + AT_BUF, 6, "K=V=1", 6);
    wasi_set_clock_resolution(ctx, 1000000);
    CHECK_EQ_U64(CALL("clock_time_get", 0, 0, AT_OUT), 0);
    CHECK_EQ_U64(get_u64(memory + AT_OUT) % 1000000, 0);
    CHECK_EQ_U64(CALL("clock_res_get", 1, AT_OUT), 0);
    CHECK_EQ_U64(get_u64(memory + AT_OUT), 1000000);
    wasi_free(ctx);
    ctx = before;
}

// -- waiting, pipes and sockets --

static u64 now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

static void sub_clock(u32 index, u64 userdata, u32 id, u64 timeout, u32 flags)
{
    u8 *at = memory + AT_BUF + SUBSCRIPTION_SIZE * index;
    memset(at, 0, SUBSCRIPTION_SIZE);
    put_u64(at, userdata);
    put_u32(at + 16, id);
    put_u64(at + 24, timeout);
    put_u16(at + 40, flags);
}

static void sub_fd(u32 index, u64 userdata, u8 type, u32 fd)
{
    u8 *at = memory + AT_BUF + SUBSCRIPTION_SIZE * index;
    memset(at, 0, SUBSCRIPTION_SIZE);
    put_u64(at, userdata);
    at[8] = type;
    put_u32(at + 16, fd);
}

enum { AT_EVENTS = 0x80000 };

static u32 poll_subs(u32 count)
{
    return CALL("poll_oneoff", AT_BUF, AT_EVENTS, count, AT_OUT);
}

static const u8 *event(u32 index) { return memory + AT_EVENTS + EVENT_SIZE * index; }

enum { NEVER = 7 };
static u32 never(void *data, u64 units) { return NEVER; }
static u32 two_times(void *data, u64 units) { return ++*(int *)data <= 2 ? 0 : NO_MORE; }

static void test_poll(void)
{
    int ends[2], counter = 0;
    Meter few = {.left = 4};
    CHECK(pipe(ends) == 0);
    CHECK(wasi_set_stdio(ctx, ends[0], ends[1], -1) == 0);
    u64 ms = 1000000, start = now();
    sub_clock(0, 11, 1, 20 * ms, 0);
    CHECK_EQ_U64(poll_subs(1), 0);
    CHECK(now() - start >= 20 * ms && out32() == 1);
    CHECK_EQ_U64(get_u64(event(0)), 11);
    CHECK_EQ_U64(event(0)[10], EVENT_clock);
    CHECK_EQ_U64(CALL("clock_time_get", 0, 0, AT_OUT), 0);
    sub_clock(0, 12, 0, get_u64(memory + AT_OUT) + 10 * ms, SUBCLOCK_abstime);
    sub_clock(1, 13, 1, ~(u64)0, 0);
    sub_fd(2, 14, EVENT_fd_read, 0);
    CHECK_EQ_U64(poll_subs(3), 0);
    CHECK(out32() == 1 && get_u64(event(0)) == 12);

    CHECK(write(ends[1], "hello", 5) == 5);
    sub_clock(0, 1, 1, 10000 * ms, 0);
    sub_fd(1, 2, EVENT_fd_read, 0);
    sub_fd(2, 3, EVENT_fd_write, 1);
    sub_fd(3, 4, EVENT_fd_read, 77);
    sub_fd(4, 5, EVENT_fd_read, 1); // not readable
    sub_fd(5, 6, 9, 1);
    sub_clock(6, 7, 9, 0, 0);
    CHECK_EQ_U64(poll_subs(7), 0);
    CHECK_EQ_U64(out32(), 6);
    CHECK_EQ_U64(get_u64(event(0)), 2);
    CHECK_EQ_U64(event(0)[10], EVENT_fd_read);
    CHECK_EQ_U64(get_u64(event(0) + 16), 5);
    CHECK_EQ_U64(get_u64(event(1)), 3);
    CHECK_EQ_U64(get_u16(event(2) + 8), WASI_E_badf);
    CHECK_EQ_U64(get_u16(event(3) + 8), WASI_E_badf);
    CHECK_EQ_U64(get_u16(event(4) + 8), WASI_E_inval);
    CHECK_EQ_U64(get_u16(event(5) + 8), WASI_E_inval);
    CHECK_EQ_U64(poll_subs(0), WASI_E_inval);
    CHECK_EQ_U64(poll_subs(1 << 20), WASI_E_fault);
    CHECK_EQ_U64(poll_subs(0xffffffff), WASI_E_fault);

    // More than one piece of them: all regular or due answer, or the clock in the last one.
    CHECK_EQ_U64(open_with(BOX, 0, "file", 0, RW, 0), 0);
    u32 fd = out32();
    for (u32 i = 0; i < 1000; i++) sub_fd(i, i, EVENT_fd_read, fd);
    CHECK_EQ_U64(poll_subs(1000), 0);
    CHECK_EQ_U64(out32(), 1000);
    CHECK_EQ_U64(get_u64(event(999) + 16), 16);
    for (u32 i = 0; i < 1000; i++) sub_clock(i, i, 1, i == 999 ? 30 * ms : 100000 * ms, 0);
    CHECK_EQ_U64(poll_subs(1000), 0);
    CHECK(out32() == 1 && get_u64(event(0)) == 999);
    CHECK_EQ_U64(close_fd(fd), 0);

    // The elder's subscriptions are longer.
    memset(memory + AT_BUF, 0, 2 * SUBSCRIPTION0_SIZE);
    put_u64(memory + AT_BUF, 21);
    put_u32(memory + AT_BUF + 24, 1);
    put_u64(memory + AT_BUF + 32, 10000 * ms);
    put_u64(memory + AT_BUF + 56, 22);
    put_u32(memory + AT_BUF + 56 + 24, 1);
    put_u64(memory + AT_BUF + 56 + 32, 1 * ms);
    module = "wasi_unstable";
    CHECK_EQ_U64(poll_subs(2), 0);
    CHECK(out32() == 1 && get_u64(event(0)) == 22);
    module = "wasi_snapshot_preview1";

    // Reading and writing pipes of the caller: nonblock is the guest's alone.
    iovec(0, 0x40000, 100);
    CHECK_EQ_U64(CALL("fd_read", 0, AT_BUF, 1, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 5);
    CHECK_EQ_U64(CALL("fd_fdstat_set_flags", 0, FDFLAG_nonblock), 0);
    CHECK((fcntl(ends[0], F_GETFL) & O_NONBLOCK) == 0);
    CHECK_EQ_U64(CALL("fd_read", 0, AT_BUF, 1, AT_OUT), WASI_E_again);
    CHECK_EQ_U64(CALL("fd_fdstat_set_flags", 0, 0), 0);
    CHECK_EQ_U64(CALL("fd_seek", 0, 0, 1, AT_OUT), WASI_E_spipe);
    u32 err; // nor is anything waited for, to be read at a place
    METERED(few, err = CALL("fd_pread", 0, AT_BUF, 1, 0, AT_OUT));
    CHECK_EQ_U64(err, WASI_E_spipe);
    CHECK_EQ_U64(CALL("fd_write", 0, AT_BUF, 1, AT_OUT), WASI_E_badf);

    // The meter ends every wait.
    wasi_set_meter(ctx, two_times, &counter);
    CALL("fd_read", 0, AT_BUF, 1, AT_OUT);
    CHECK(last_outcome == WASI_INTERRUPTED);
    CHECK_EQ_U64(wasi_stopped_for(ctx), NO_MORE);
    wasi_set_meter(ctx, never, NULL);
    sub_clock(0, 1, 1, 100000 * ms, 0);
    poll_subs(1);
    CHECK(last_outcome == WASI_INTERRUPTED);
    CALL("random_get", 0, MEMORY);
    CHECK(last_outcome == WASI_INTERRUPTED);
    CHECK_EQ_U64(wasi_stopped_for(ctx), NEVER);
    wasi_set_meter(ctx, NULL, NULL);

    // Nobody reads any more: an errno, no signal.
    CHECK_EQ_U64(close_fd(0), 0);
    close(ends[0]);
    CHECK(fcntl(ends[1], F_GETFL) >= 0);
    iovec(0, 0x40000, 100);
    CHECK_EQ_U64(CALL("fd_write", 1, AT_BUF, 1, AT_OUT), WASI_E_pipe);
    sub_fd(0, 3, EVENT_fd_write, 1);
    CHECK_EQ_U64(poll_subs(1), 0);
    CHECK_EQ_U64(get_u16(event(0) + 24), EVENTRW_hangup);
    close(ends[1]);
    CHECK_EQ_U64(close_fd(1), 0);
}

// Which of the two has something to be read or accepted; 0: nothing yet, as the clock says.
static u64 poll_sockets(void)
{
    sub_fd(0, 6, EVENT_fd_read, 6);
    sub_fd(1, 7, EVENT_fd_read, 7);
    sub_clock(2, 0, 1, 1000, 0);
    CHECK_EQ_U64(poll_subs(3), 0);
    return get_u64(event(0));
}

static void test_sockets(void)
{
    int pair[2], listener = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", host("listener"));
    CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(listen(listener, 4) == 0);
    CHECK(wasi_add_socket(ctx, pair[0]) == 0);  // 6
    CHECK(wasi_add_socket(ctx, listener) == 0); // 7
    CHECK_EQ_U64(CALL("fd_fdstat_get", 6, AT_OUT), 0);
    CHECK_EQ_U64(memory[AT_OUT], FILETYPE_socket_stream);
    CHECK_EQ_U64(poll_sockets(), 0);
    put_text(0x40000, "ping");
    iovec(0, 0x40000, 4);
    CHECK_EQ_U64(CALL("sock_send", 6, AT_BUF, 1, 0, AT_OUT), 0);
    CHECK_EQ_U64(CALL("sock_send", 6, AT_BUF, 1, 1, AT_OUT), WASI_E_inval);
    char text[8] = "";
    CHECK(read(pair[1], text, 8) == 4 && strcmp(text, "ping") == 0);
    CHECK(write(pair[1], "pong", 4) == 4);
    CHECK_EQ_U64(poll_sockets(), 6);
    CHECK_EQ_U64(get_u64(event(0) + 16), 4);
    iovec(0, 0x40000, 4);
    for (u32 peek = 2; peek--;) {
        CHECK_EQ_U64(CALL("sock_recv", 6, AT_BUF, 1, peek, AT_OUT, AT_OUT + 4), 0);
        CHECK_EQ_U64(out32(), 4);
        CHECK_BYTES(memory + 0x40000, 4, "pong", 4);
    }
    CHECK_EQ_U64(CALL("fd_fdstat_set_flags", 6, FDFLAG_nonblock), 0);
    CHECK_EQ_U64(CALL("sock_recv", 6, AT_BUF, 1, 0, AT_OUT, AT_OUT + 4), WASI_E_again);
    CHECK_EQ_U64(CALL("fd_fdstat_set_flags", 7, FDFLAG_nonblock), 0);
    CHECK_EQ_U64(CALL("sock_accept", 7, 0, AT_OUT), WASI_E_again);
    // Nothing is ever received by a listener, or sent: nobody waits for that.
    CHECK_EQ_U64(CALL("fd_fdstat_set_flags", 7, 0), 0);
    for (u32 i = 0; i < 4; i++) {
        Meter few = {.left = 4};
        u32 err = 0;
        METERED(few, err = i == 0   ? CALL("sock_send", 7, AT_BUF, 1, 0, AT_OUT)
                           : i == 1 ? CALL("fd_write", 7, AT_BUF, 1, AT_OUT)
                           : i == 2 ? CALL("sock_recv", 7, AT_BUF, 1, 0, AT_OUT, AT_OUT + 4)
                                    : CALL("fd_read", 7, AT_BUF, 1, AT_OUT));
        CHECK_EQ_U64(err, i < 2 ? WASI_E_notconn : WASI_E_inval);
    }
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(connect(client, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK_EQ_U64(poll_sockets(), 7);
    iovec(0, 0x40000, 4);
    CHECK_EQ_U64(CALL("sock_accept", 7, 0, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 8);
    CHECK(write(client, "hey", 3) == 3);
    CHECK_EQ_U64(CALL("fd_read", 8, AT_BUF, 1, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 3);
    CHECK_EQ_U64(CALL("sock_shutdown", 8, 0), WASI_E_inval);
    CHECK_EQ_U64(CALL("sock_shutdown", 8, 3), 0);
    CHECK(read(client, text, 8) == 0);
    close(client);
    close(pair[1]);
    CHECK_EQ_U64(CALL("fd_fdstat_set_flags", 6, 0), 0);
    CHECK_EQ_U64(CALL("sock_send", 6, AT_BUF, 1, 0, AT_OUT), WASI_E_pipe);
    CHECK_EQ_U64(CALL("fd_write", 6, AT_BUF, 1, AT_OUT), WASI_E_pipe);
    CHECK_EQ_U64(close_fd(6), 0);
    CHECK_EQ_U64(close_fd(7), 0);
    CHECK(close(pair[0]) == 0 && close(listener) == 0); // they stayed ours
}

// -- the meter: work is counted, the same each time, and can be stopped at any question --

// The call costs `units`, asks at each 1000 or so (`step`: where one round is more), and stops with
// the question that is answered with no.
static void check_metered(const char *name, const u64 *args, size_t count, u64 units, u64 step)
{
    Meter free_run = {.left = UINT32_MAX}, again = free_run;
    METERED(free_run, call(name, args, count));
    CHECK_EQ_U64(free_run.units, units);
    CHECK(free_run.most <= 1000 + step);
    METERED(again, call(name, args, count));
    CHECK_EQ_U64(again.units, units);
    for (u32 left = 0; left < 3 && left < free_run.asked; left++) {
        Meter stopped = {.left = left};
        METERED(stopped, call(name, args, count));
        CHECK(last_outcome == WASI_INTERRUPTED);
        CHECK_EQ_U64(stopped.asked, left + 1);
    }
}

#define CHECK_METERED(units, step, name, ...)                                                      \
    check_metered(name, (const u64[]){__VA_ARGS__}, sizeof((const u64[]){__VA_ARGS__}) / 8, units, \
                  step)

static void test_meter(void)
{
    enum { CALL_COST = PRICE_wasi_call, SPAN_COST = PRICE_span, MANY = 100000 };
    enum { WRITE = PRICE_write, PATH = PRICE_path, CHANGE = PRICE_change, LIST = PRICE_list };
    CHECK_METERED(CALL_COST, CALL_COST, "sched_yield", );
    CHECK_METERED(CALL_COST, CALL_COST, "fd_close", 99);

    // Spans, empty ones too; a bad one at the end was paid for like the others.
    CHECK_EQ_U64(open_with(BOX, 0, "spans", OFLAG_creat, RW, 0), 0);
    u32 fd = out32();
    memset(memory, 0, MEMORY);
    CHECK_METERED(CALL_COST + SPAN_COST * MANY, CALL_COST, "fd_write", fd, 0x100, MANY, 0);
    CHECK_METERED(CALL_COST + SPAN_COST * MANY, CALL_COST, "fd_read", fd, 0x100, MANY, 0);
    put_u32(memory + 0x100 + 8 * MANY, 0xffffffff);
    CHECK_METERED(CALL_COST + SPAN_COST * MANY, CALL_COST, "fd_write", fd, 0x100, MANY + 1, 0);

    // Bytes cost by what was moved.
    memset(memory, 0, MEMORY);
    iovec(0, 0x20000, 6400);
    Meter m = {.left = UINT32_MAX};
    METERED(m, CHECK_EQ_U64(CALL("fd_write", fd, AT_BUF, 1, AT_OUT), 0));
    CHECK_EQ_U64(m.units, CALL_COST + SPAN_COST + WRITE + bytes_units(6400));
    m.units = 0;
    METERED(m, CHECK_EQ_U64(CALL("fd_read", fd, AT_BUF, 1, AT_OUT), 0)); // at its end
    CHECK_EQ_U64(m.units, CALL_COST + SPAN_COST);
    u64 read_cost = CALL_COST + SPAN_COST + bytes_units(6400);
    CHECK_METERED(read_cost, read_cost, "fd_pread", fd, AT_BUF, 1, 0, AT_OUT);

    // More than a piece is moved in pieces, and a piece ends within a span.
    enum { PIECES = 33, SPAN = 0x80000 };
    iovec(0, 0x40000, 1000);
    for (u32 i = 1; i <= PIECES; i++) iovec(i, 0x40000, SPAN);
    for (u32 i = 0; i < SPAN; i++) memory[0x40000 + i] = (u8)(i % 251);
    m = (Meter){.left = UINT32_MAX};
    METERED(m, CHECK_EQ_U64(CALL("fd_pwrite", fd, AT_BUF, PIECES + 1, 0, AT_OUT), 0));
    CHECK_EQ_U64(out32(), 1000 + PIECES * SPAN);
    CHECK(m.most <= bytes_units(1 << 24) + WRITE + CALL_COST);
    u8 got[1000];
    int hosts = open(host("box/spans"), O_RDONLY);
    for (u32 i = 0; i <= PIECES; i++) { // where each span ends
        CHECK(pread(hosts, got, 1000, i * SPAN) == 1000);
        CHECK_BYTES(got, 1000, memory + 0x40000 + (i ? SPAN - 1000 : 0), 1000);
    }
    close(hosts);
    memset(memory + 0x40000, 0, SPAN);
    CHECK_EQ_U64(CALL("fd_pread", fd, AT_BUF, PIECES + 1, 0, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 1000 + PIECES * SPAN);
    for (u32 i = 0; i < SPAN; i += 97) CHECK_EQ_U64(memory[0x40000 + i], i % 251);
    const u64 much = CALL_COST + bytes_units(1000000);
    CHECK_METERED(much, much, "fd_allocate", fd, 0, 1000000);
    CHECK_EQ_U64(close_fd(fd), 0);

    CHECK_METERED(CALL_COST + (u64)MEMORY * PRICE_random, CALL_COST + (PRICE_random << 18),
                  "random_get", 0, MEMORY);
    for (u32 i = 0; i < 5000; i++) CHECK(wasi_add_arg(ctx, "x") == 0);
    CHECK_METERED(CALL_COST + 5000 * PRICE_string, CALL_COST, "args_get", 0x1000, 0x40000);

    // Directories and paths.
    CHECK(mkdir(host("box/many"), 0755) == 0);
    for (u32 i = 0; i < 100; i++) {
        char name[32];
        snprintf(name, sizeof name, "box/many/%u", i);
        host_file(name, "");
    }
    CHECK_EQ_U64(open_with(BOX, 0, "many", OFLAG_directory, RIGHT_fd_readdir, 0), 0);
    fd = out32();
    CHECK_METERED(CALL_COST + LIST + PRICE_entry * 102, CALL_COST + LIST, "fd_readdir", fd, AT_BUF,
                  0x10000, 0, AT_OUT);
    CHECK_EQ_U64(close_fd(fd), 0);
    u32 len = put_text(AT_PATH, "a/b/deep");
    u64 price = CALL_COST + PATH + PRICE_path_byte * (u64)len;
    CHECK_METERED(price, price, "path_filestat_get", BOX, 0, AT_PATH, len, AT_OUT);

    // Where there are links each step is paid for: a, back, two, a, back, one, a, b, deep.
    CHECK(symlink("a/../one/deep", host("box/two")) == 0);
    CHECK(symlink("a/b", host("box/one")) == 0);
    len = put_text(AT_PATH, "a/../two");
    price = CALL_COST + PATH + PRICE_path_byte * (u64)len;
    CHECK_METERED(price + 9 * PRICE_path_step, 9 * PRICE_path_step, "path_filestat_get", BOX, 1, AT_PATH, len, AT_OUT);
    CHECK_METERED(price, price, "path_filestat_get", BOX, 0, AT_PATH, len, AT_OUT);
    CHECK(unlink(host("box/one")) == 0 && unlink(host("box/two")) == 0);

    // What changes a directory, or goes to the disk or a stream.
    len = put_text(AT_PATH, "none");
    price = CALL_COST + PATH + PRICE_path_byte * (u64)len + CHANGE;
    CHECK_METERED(price, CHANGE, "path_unlink_file", BOX, AT_PATH, len);
    CHECK_METERED(CALL_COST + PRICE_sync, CALL_COST + PRICE_sync, "fd_sync", BOX);

    // Subscriptions, of which none is due for several rounds.
    enum { SUBS = 600 };
    for (u32 i = 0; i < SUBS; i++) sub_clock(i, 1, 1, 25000000, 0);
    CHECK_METERED(CALL_COST + PRICE_event * SUBS, CALL_COST + PRICE_event * 256, "poll_oneoff",
                  AT_BUF, AT_EVENTS, SUBS, AT_OUT);

    // The search for a free descriptor, when it begins at the start of a full table.
    wasi_set_fd_limit(ctx, 3000);
    len = put_text(AT_PATH, "file");
    while (!open_with(BOX, 0, "file", 0, 0, 0)) continue;
    u32 full = last_outcome == WASI_RETURN ? 3000 : 0;
    CHECK_EQ_U64(close_fd(6), 0);
    CHECK_EQ_U64(open_with(BOX, 0, "file", 0, 0, 0), 0);
    m = (Meter){.left = UINT32_MAX};
    METERED(m, CHECK_EQ_U64(open_with(BOX, 0, "file", 0, 0, 0), WASI_E_mfile));
    CHECK_EQ_U64(m.units, CALL_COST + PATH + PRICE_path_byte * (u64)len + full - 7);
    CHECK_EQ_U64(close_fd(6), 0);
    CHECK_EQ_U64(open_with(BOX, 0, "file", 0, 0, 0), 0);
    unsigned fds = host_fds();
    m = (Meter){.left = 2};
    METERED(m, open_with(BOX, 0, "file", 0, 0, 0));
    CHECK(last_outcome == WASI_INTERRUPTED);
    CHECK_EQ_U64(host_fds(), fds);
}

// -- races: the tree changes between any two steps --

enum { RACES = 1000000 }; // in make full; else as many as there is time for

static void test_races(bool walk)
{
    tree_make();
    ctx_make(walk);
    CHECK(mkdir(host("box/flip"), 0755) == 0);
    host_file("box/flip/secret", "decoy!");
    CHECK(symlink("../out", host("box/flip2")) == 0);
    char one[64], two[64], swap[64];
    snprintf(one, sizeof one, "%s", host("box/flip"));
    snprintf(two, sizeof two, "%s", host("box/flip2"));
    snprintf(swap, sizeof swap, "%s", host("box/flip3"));
    pid_t child = fork();
    if (child == 0) {
        for (;;) {
            if (rename(one, swap) || rename(two, one) || rename(swap, two)) _exit(1);
        }
    }
    unsigned stolen = 0, found = 0;
    u64 end = now() + 300000000, rounds = 0;
    for (; check_full() ? rounds < RACES : now() < end; rounds++) {
        if (!open_with(BOX, 0, "flip/secret", 0, RIGHT_fd_read, 0)) {
            u32 fd = out32();
            iovec(0, 0x40000, 16);
            CALL("fd_read", fd, AT_BUF, 1, AT_OUT);
            stolen += memcmp(memory + 0x40000, "decoy!", 6) != 0;
            found++;
            close_fd(fd);
        }
        // Whatever is found is inside, also when it is to be removed.
        on_path("path_unlink_file", BOX, "flip/new");
        try_create(BOX, LOOKUP_symlink_follow, "flip/new", 0);
        stolen += !make_link("x", BOX, "flip/../../out/x");
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0); // it may still be in the middle of a rename
    CHECK(found > 0 && stolen == 0);
    CHECK(access(host("out/new"), F_OK) != 0);
    wasi_free(ctx);
    host_remove();
}

int main(void)
{
    signal(SIGPIPE, SIG_DFL);
    memory = malloc(MEMORY);
    mem = (GuestMemory){.base = memory, .size = MEMORY};
    CHECK(mkdtemp(tmp) != NULL);
    unsigned fds = host_fds();
    test_path_cases(false);
    test_path_cases(true);
    tree_make();
    ctx_make(false);
    test_descriptors();
    wasi_free(ctx);
    ctx_make(false);
    test_exhaustion();
    wasi_free(ctx);
    ctx_make(false);
    test_marks();
    wasi_free(ctx);
    ctx_make(false);
    test_readdir();
    test_zero_authority();
    test_many_subscriptions();
    test_poll();
    wasi_free(ctx);
    ctx_make(false);
    test_sockets();
    wasi_free(ctx);
    ctx_make(false);
    test_meter();
    wasi_free(ctx);
    ctx_make(false);
    WasiCtx *before = ctx;
    test_buffers();
    wasi_free(before);
    wasi_free(ctx);
    host_remove();
    test_races(false);
    test_races(true);
    CHECK_EQ_U64(host_fds(), fds);
    free(memory);
    return check_report();
}
