// escapes.h -- the ways out of a granted directory that are in escapes.def, and the directories
// that they are tried in.
//
//     tmp/  out/secret  out/dir/inner   box/ (fd 3)   ro/ (to look at, fd 4)   box2/ (fd 5)
//           gone/ (fd 7, like what is tried)          / (fd 6, likewise)
//
// box/ and ro/ hold the same, and each way is tried in both: `home` is the one.
#pragma once

#include "wasi_calls.h"

#include "plat/sandbox.h"
#include "plat/thread.h"

#include <dirent.h>
#include <errno.h>
#include <linux/openat2.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

enum { BOX = 3, RO, BOX2, ROOT, GONE };

static const char secret[] = "for nobody else";

static u32 home;        // BOX or RO
static const char *name; // of it, in tmp
static int out_dir;     // the host has it open

static bool may_write(void) { return home == BOX; }

// A path of home, for the host.
static const char *at_home(const char *path)
{
    char full[4200];
    snprintf(full, sizeof full, "%s/%s", name, path);
    return host(full);
}

static bool host_has(const char *path)
{
    struct stat st;
    return !fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW);
}

static void host_move(const char *from, const char *to)
{
    CHECK(renameat(AT_FDCWD, from, AT_FDCWD, to) == 0);
}

// What would be done in home: it is, or may only be looked at.
static bool done(u32 err) { return may_write() ? !err : refused(err); }

// ---- A path that leads out, whatever is done with it

static void leads_out(const char *path) { leads_out_of(home, BOX, path); }

// A link that leads out: what it leads to is not reached, and itself it is a link.
static void never_followed(const char *link)
{
    const u32 follow = LOOKUP_symlink_follow;
    CHECK(refused(try_open(home, follow, link)));
    CHECK(refused(stat_path(home, follow, link)));
    CHECK(refused(try_create(home, follow, link, 0)));
    CHECK(refused(open_with(home, follow, link, OFLAG_trunc, RIGHT_fd_read, 0)));
    CHECK(refused(open_with(home, follow, link, 0, RIGHT_fd_write, FDFLAG_append)));
    CHECK(refused(set_times(home, follow, link)));
    CHECK(refused(hard_link(home, follow, link, BOX, "stolen")));
    CHECK_EQ_U64(try_open(home, 0, link), WASI_E_loop);
    CHECK_EQ_U64(stat_path(home, 0, link), 0);
    CHECK_EQ_U64(memory[AT_OUT + 16], FILETYPE_symbolic_link);
    CHECK_EQ_U64(read_link(home, link), 0);
}

// ---- Names

static void parent(void)
{
    leads_out("../secret");
    leads_out("../out/secret");
    leads_out("../out/new");
}
static void parent_of_inner(void)
{
    leads_out("a/../../secret");
    leads_out("a/b/../../../out/secret");
}
static void parent_of_here(void)
{
    leads_out("./../secret");
    leads_out("./.././out/./secret");
}
static void absolute(void)
{
    leads_out("/etc/passwd");
    leads_out(host("out/secret"));
    leads_out(at_home("file"));
}
static void absolute_twice(void)
{
    char path[200];
    leads_out("//etc/passwd");
    snprintf(path, sizeof path, "/%s", host("out/secret"));
    leads_out(path);
}
static void doubled_slashes(void)
{
    leads_out("a//../..//secret");
    leads_out("a//..///..//out//secret");
}

static void slash_at_end(void)
{
    for (u32 lookup = 0; lookup < 2; lookup++) {
        CHECK(refused(try_open(home, lookup, "../out/secret/")));
        CHECK(refused(try_open(home, lookup, "../out/")));
        CHECK(refused(stat_path(home, lookup, "../out/")));
        CHECK_EQ_U64(try_open(home, lookup, "file/"), WASI_E_notdir);
        CHECK_EQ_U64(stat_path(home, lookup, "file/"), WASI_E_notdir);
        CHECK_EQ_U64(try_open(home, lookup, "a/"), 0);
        CHECK(try_create(home, lookup, "new/", 0) != 0);
    }
    CHECK(refused(on_path("path_create_directory", home, "../new/")));
    CHECK(refused(on_path("path_remove_directory", home, "../out/dir/")));
    CHECK(refused(on_path("path_unlink_file", home, "../out/secret/")));
    CHECK(on_path("path_unlink_file", home, "file/") != 0 && host_has(at_home("file")));
    CHECK(rename_to(home, "file/", BOX, "stolen") != 0 && host_has(at_home("file")));
}
static void dot_at_end(void)
{
    leads_out("../out/secret/.");
    leads_out("../.");
    CHECK_EQ_U64(try_open(home, 0, "file/."), WASI_E_notdir);
    CHECK_EQ_U64(try_open(home, 0, "a/."), 0);
    CHECK(on_path("path_remove_directory", home, "a/.") != 0 && host_has(at_home("a")));
}
static void dots_at_end(void)
{
    leads_out("../out/..");
    leads_out("a/../..");
    CHECK_EQ_U64(try_open(home, 0, "file/.."), WASI_E_notdir);
    CHECK_EQ_U64(try_open(home, 0, "a/.."), 0);
    CHECK_EQ_U64(try_open(home, 0, "a/b/../../file"), 0);
}

static void check_none(const char *path, u32 err)
{
    CHECK_EQ_U64(try_open(home, 0, path), err);
    CHECK_EQ_U64(stat_path(home, 0, path), err);
    CHECK_EQ_U64(read_link(home, path), err);
    u32 made = on_path("path_create_directory", home, path),
        gone = on_path("path_unlink_file", home, path),
        moved = rename_to(home, path, BOX, "stolen");
    CHECK(made == err || (!may_write() && refused(made)));
    CHECK(gone == err || (!may_write() && refused(gone)));
    CHECK(moved == err || (!may_write() && refused(moved)));
}

static void empty_path(void) { check_none("", WASI_E_noent); }
static void dots_alone(void)
{
    leads_out("..");
    CHECK(refused(try_open(home, 0, "../")));
}

static void odd_and_long(void)
{
    static char path[BUFSIZ];
    memcpy(memory + AT_PATH, "file\0x", 6);
    CHECK_EQ_U64(CALL("path_open", home, 0, AT_PATH, 6, 0, RIGHT_fd_read, 0, 0, AT_OUT),
                 WASI_E_inval);
    memset(path, 'n', 256);
    path[256] = 0;
    check_none(path, WASI_E_nametoolong);
    for (size_t i = 0; i < 4096; i += 2) memcpy(path + i, "./", 3);
    check_none(path, WASI_E_nametoolong);
    memcpy(path + 4080, "../out/secret", 14);
    CHECK(refused(try_open(home, 0, path)));
}

// ---- Symbolic links

static void link_absolute(void)
{
    never_followed("absolute");
    never_followed("absolute-dir");
    leads_out("absolute-dir/secret");
    leads_out("absolute-dir/new");
}
static void link_parent(void)
{
    never_followed("up");
    never_followed("updir");
    leads_out("updir/secret");
    leads_out("updir/dir/inner");
    leads_out("updir/new");
}
static void link_chain(void)
{
    CHECK_EQ_U64(try_open(home, LOOKUP_symlink_follow, "chain39"), 0); // 40 links
    CHECK_EQ_U64(try_open(home, LOOKUP_symlink_follow, "chain40"), WASI_E_loop);
    CHECK_EQ_U64(stat_path(home, LOOKUP_symlink_follow, "chain40"), WASI_E_loop);
    CHECK(refused(try_open(home, LOOKUP_symlink_follow, "out-chain39")));
    CHECK(try_open(home, LOOKUP_symlink_follow, "out-chain40") != 0);
}
static void link_loop(void)
{
    static const char *const loops[] = {"loop", "loop1", "loop/x", "loop1/x"};
    for (size_t i = 0; i < COUNT_OF(loops); i++) {
        CHECK_EQ_U64(try_open(home, LOOKUP_symlink_follow, loops[i]), WASI_E_loop);
        CHECK_EQ_U64(stat_path(home, LOOKUP_symlink_follow, loops[i]), WASI_E_loop);
        CHECK(try_create(home, LOOKUP_symlink_follow, loops[i], 0) != 0);
    }
}
static void link_proc_root(void)
{
    char path[200];
    never_followed("procroot");
    leads_out("procroot/etc/passwd");
    snprintf(path, sizeof path, "procroot%s", host("out/secret"));
    leads_out(path);
}
static void link_in_middle(void)
{
    leads_out("a/mid/secret");
    leads_out("a/mid/dir/../secret");
    leads_out("a/../a/mid/new");
}
static void link_odd_end(void)
{
    static const char *const links[] = {"slash", "dot", "dots"};
    char path[40];
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        never_followed(links[i]);
        snprintf(path, sizeof path, "%s/secret", links[i]);
        leads_out(path);
        snprintf(path, sizeof path, "%s/..", links[i]);
        leads_out(path);
    }
}
static void link_to_link(void)
{
    never_followed("twice");
    never_followed("twice-dir");
    leads_out("twice-dir/secret");
}
static void link_then_dots(void)
{
    CHECK_EQ_U64(try_open(home, 0, "inner/../b/deep"), 0); // a/b/.. is a, and not home
    CHECK_EQ_U64(try_open(home, 0, "inner/../file"), WASI_E_noent);
    leads_out("inner/../../../out/secret");
    leads_out("updir/../out/secret");
}
static void link_kept_last(void)
{
    struct stat st;
    CHECK_EQ_U64(try_open(home, 0, "to-file"), WASI_E_loop);
    CHECK_EQ_U64(try_create(home, 0, "to-file", 0) == WASI_E_loop, may_write());
    CHECK_EQ_U64(stat_path(home, 0, "to-file"), 0);
    CHECK_EQ_U64(memory[AT_OUT + 16], FILETYPE_symbolic_link);
    CHECK(done(set_times(home, 0, "up"))); // of the link
    CHECK(fstatat(AT_FDCWD, host("out/secret"), &st, 0) == 0 && st.st_mtim.tv_sec > 0);
    CHECK_EQ_U64(try_open(home, LOOKUP_symlink_follow, "to-file"), 0);
}
static void link_kept_middle(void)
{
    CHECK(refused(try_open(home, 0, "updir/secret")));
    CHECK(refused(stat_path(home, 0, "updir/secret")));
    CHECK_EQ_U64(try_open(home, 0, "inner/deep"), 0);
}
static void link_then_slash(void)
{
    for (u32 lookup = 0; lookup < 2; lookup++) {
        CHECK(refused(try_open(home, lookup, "updir/")));
        CHECK(refused(stat_path(home, lookup, "updir/")));
        CHECK(refused(open_with(home, lookup, "updir/", OFLAG_directory, RIGHT_fd_readdir, 0)));
        CHECK(refused(set_times(home, lookup, "updir/")));
        CHECK_EQ_U64(try_open(home, lookup, "inner/"), 0);
        CHECK_EQ_U64(try_open(home, lookup, "to-file/"), WASI_E_notdir);
        CHECK_EQ_U64(stat_path(home, lookup, "to-file/"), WASI_E_notdir);
    }
    CHECK(on_path("path_remove_directory", home, "updir/") != 0);
    CHECK(on_path("path_unlink_file", home, "updir/") != 0 && host_has(at_home("updir")));
    CHECK(rename_to(home, "updir/", BOX, "stolen") != 0);
}

// What a guest cannot make of its own somebody else has made: it is the same to it.
static void put_link(const char *target, const char *path)
{
    u32 err = make_link(target, home, path);
    CHECK(done(err));
    if (err) CHECK(symlinkat(target, AT_FDCWD, at_home(path)) == 0);
}
static void drop_link(const char *path)
{
    CHECK(unlinkat(AT_FDCWD, at_home(path), 0) == 0);
}

static void link_of_guest(void)
{
    static const char *const targets[] = {"../out/secret", "a/../../out/secret",
                                          "a/b/../../../out/secret", "missing/../../out/secret"};
    CHECK(refused(make_link("/etc/passwd", home, "evil")));
    CHECK(refused(make_link(host("out/secret"), home, "evil")));
    CHECK(!host_has(at_home("evil")));
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        put_link(targets[i], "evil");
        CHECK(try_open(home, LOOKUP_symlink_follow, "evil") != 0);
        CHECK(stat_path(home, LOOKUP_symlink_follow, "evil") != 0);
        CHECK(try_create(home, LOOKUP_symlink_follow, "evil", 0) != 0);
        CHECK(hard_link(home, LOOKUP_symlink_follow, "evil", BOX, "stolen") != 0);
        drop_link("evil");
    }
}
static void link_moved(void)
{
    put_link("../file", "a/good");
    CHECK_EQ_U64(try_open(home, LOOKUP_symlink_follow, "a/good"), 0);
    u32 err = rename_to(home, "a/good", home, "good");
    CHECK(done(err));
    if (err) host_move(at_home("a/good"), at_home("good"));
    never_followed("good");
    drop_link("good");
    // with its directory
    CHECK(mkdirat(AT_FDCWD, at_home("a/down"), 0755) == 0);
    put_link("../../file", "a/down/good");
    CHECK_EQ_U64(try_open(home, LOOKUP_symlink_follow, "a/down/good"), 0);
    err = rename_to(home, "a/down", home, "higher");
    CHECK(done(err));
    if (err) host_move(at_home("a/down"), at_home("higher"));
    never_followed("higher/good");
    drop_link("higher/good");
    CHECK(unlinkat(AT_FDCWD, at_home("higher"), AT_REMOVEDIR) == 0);
}
static void link_to_grant(void)
{
    char path[40];
    CHECK_EQ_U64(try_open(home, 0, "a/top/file"), 0);
    CHECK_EQ_U64(try_open(home, LOOKUP_symlink_follow, "a/top"), 0);
    leads_out("a/top/../out/secret");
    never_followed("itself"); // by its name, from above
    leads_out("itself/file");
    snprintf(path, sizeof path, "../%s/file", name);
    leads_out(path);
}
static void link_read(void)
{
    CHECK_EQ_U64(read_link(home, "up"), 0);
    CHECK_BYTES(memory + AT_BUF, out32(), "../out/secret", 13);
    CHECK_EQ_U64(read_link(home, "twice"), 0);
    CHECK_BYTES(memory + AT_BUF, out32(), "up", 2);
    CHECK(refused(read_link(home, "updir/secret")));
    CHECK(refused(read_link(home, "updir/.")));
    CHECK_EQ_U64(read_link(home, "file"), WASI_E_inval);
}

// ---- Making

static void create_dangling(void)
{
    never_followed("dangling");
    CHECK(refused(try_create(home, LOOKUP_symlink_follow, "dangling-dir/new", 0)));
    CHECK(!host_has(host("out/new")));
}
static void create_exclusive(void)
{
    u32 want = may_write() ? WASI_E_exist : WASI_E_perm;
    for (u32 lookup = 0; lookup < 2; lookup++) {
        CHECK_EQ_U64(try_create(home, lookup, "dangling", OFLAG_excl), want);
        CHECK_EQ_U64(try_create(home, lookup, "up", OFLAG_excl), want);
        CHECK_EQ_U64(try_create(home, lookup, "file", OFLAG_excl), want);
    }
}
static void truncate_read_only(void)
{
    char text[64];
    for (u32 lookup = 0; lookup < 2; lookup++) {
        CHECK(refused(open_with(RO, lookup, "file", OFLAG_trunc, RIGHT_fd_read, 0)));
        CHECK(refused(open_with(RO, lookup, "file", OFLAG_trunc | OFLAG_creat, RW, 0)));
    }
    CHECK(refused(open_with(home, LOOKUP_symlink_follow, "up", OFLAG_trunc, RIGHT_fd_read, 0)));
    host_text("ro/file", text);
    CHECK_STR(text, "inside");
}
static void change_read_only(void)
{
    char text[64];
    CHECK(refused(open_with(RO, 0, "file", 0, RIGHT_fd_write, FDFLAG_append)));
    CHECK_EQ_U64(open_with(RO, 0, "file", 0, ~(u64)RIGHT_fd_write, 0), 0); // all that is given
    u32 fd = out32();
    iovec(0, AT_PATH, 4);
    CHECK(CALL("fd_write", fd, AT_BUF, 1, AT_OUT) != 0);
    CHECK(CALL("fd_pwrite", fd, AT_BUF, 1, 0, AT_OUT) != 0);
    CHECK(refused(CALL("fd_allocate", fd, 0, 100)));
    CHECK(refused(CALL("fd_filestat_set_size", fd, 0)));
    CHECK(refused(CALL("fd_filestat_set_times", fd, 0, 0, FST_mtim_now)));
    CHECK(refused(set_times(RO, 0, "file")));
    CHECK_EQ_U64(CALL("fd_fdstat_set_flags", fd, FDFLAG_append), 0); // which opens nothing
    CHECK(CALL("fd_write", fd, AT_BUF, 1, AT_OUT) != 0);
    CHECK_EQ_U64(close_fd(fd), 0);
    host_text("ro/file", text);
    CHECK_STR(text, "inside");
}
static void directory_of_file(void)
{
    CHECK_EQ_U64(open_with(home, 0, "file", OFLAG_directory, RIGHT_fd_readdir, 0), WASI_E_notdir);
    CHECK_EQ_U64(open_with(home, 1, "to-file", OFLAG_directory, 0, 0), WASI_E_notdir);
    CHECK(refused(open_with(home, 1, "up", OFLAG_directory, 0, 0)));
    CHECK(refused(open_with(home, 1, "updir", OFLAG_directory, 0, 0)));
}
static void directory_odd_end(void)
{
    static const char *const never[] = {"a/.", ".", "a/b/.."};
    CHECK(done(on_path("path_create_directory", home, "made/")));
    for (size_t i = 0; i < COUNT_OF(never); i++) {
        CHECK(on_path("path_create_directory", home, never[i]) != 0);
        CHECK(on_path("path_remove_directory", home, never[i]) != 0);
    }
    CHECK(done(on_path("path_remove_directory", home, "made/")));
    CHECK(!host_has(at_home("made")));
    CHECK(on_path("path_remove_directory", home, "file/") != 0);
    CHECK(on_path("path_create_directory", home, "dangling/") != 0 && !host_has(host("out/new")));
}

// ---- Hard links, renaming

static void hard_link_outside(void)
{
    for (u32 lookup = 0; lookup < 2; lookup++) {
        CHECK(refused(hard_link(home, lookup, "../out/secret", home, "stolen")));
        CHECK(refused(hard_link(home, lookup, "updir/secret", home, "stolen")));
        CHECK(refused(hard_link(home, lookup, "file", home, "../out/new")));
        CHECK(refused(hard_link(home, lookup, "file", home, "updir/new")));
    }
    CHECK(refused(hard_link(home, LOOKUP_symlink_follow, "up", home, "stolen")));
    CHECK(!host_has(at_home("stolen")));
}
static void hard_link_between(void)
{
    CHECK(refused(hard_link(RO, 0, "file", BOX, "stolen"))); // it could be written there
    CHECK(refused(hard_link(RO, 1, "to-file", BOX, "stolen")));
    CHECK(refused(hard_link(BOX, 0, "file", RO, "stolen")));
    CHECK_EQ_U64(open_with(RO, 0, "a", OFLAG_directory, ~(u64)RIGHT_fd_write, 0), 0);
    u32 dir = out32();
    CHECK(refused(hard_link(dir, 0, "b/deep", BOX, "stolen")));
    CHECK_EQ_U64(close_fd(dir), 0);
    CHECK(!host_has(host("ro/stolen")));
}
static void hard_link_of_link(void)
{
    u32 err = hard_link(home, 0, "up", home, "up2"); // of the link itself
    CHECK(done(err));
    CHECK(refused(hard_link(home, LOOKUP_symlink_follow, "up", home, "up3")));
    if (!err) never_followed("up2");
    if (!err) drop_link("up2");
    CHECK(!host_has(at_home("up3")));
}
static void rename_from_read_only(void)
{
    CHECK(refused(rename_to(RO, "file", BOX, "stolen")));
    CHECK(refused(rename_to(RO, "a", BOX, "stolen")));
    CHECK(refused(rename_to(RO, "file", RO, "moved")));
    CHECK(host_has(host("ro/file")) && host_has(host("ro/a")));
}
static void rename_to_read_only(void)
{
    CHECK(refused(rename_to(BOX, "file", RO, "stolen")));
    CHECK(refused(rename_to(BOX, "file", RO, "file")));
    CHECK(refused(rename_to(BOX, "a", RO, "stolen")));
    CHECK(host_has(host("box/file")) && host_has(host("box/a")));
}
static void rename_between(void)
{
    CHECK(done(rename_to(home, "file", BOX2, "moved")));
    CHECK(done(rename_to(BOX2, "moved", home, "file")) || !may_write());
    CHECK(refused(rename_to(home, "../box2/x", BOX2, "moved")));
    CHECK(refused(rename_to(home, "file", BOX2, "../out/new")));
    CHECK(refused(rename_to(home, "up/x", BOX2, "moved")) ||
          host_has(at_home("up"))); // a file, or what leads out
    CHECK(host_has(at_home("file")));
}
static void rename_over_grant(void)
{
    CHECK(rename_to(home, "a", BOX2, ".") != 0);
    CHECK(rename_to(home, "a", home, ".") != 0);
    CHECK(rename_to(home, "a", home, "a/..") != 0);
    CHECK(refused(rename_to(home, "a", home, "../box2")));
    CHECK(rename_to(home, ".", BOX2, "moved") != 0);
    CHECK(host_has(at_home("a")) && host_has(host("box2")));
}
static void rename_into_itself(void)
{
    CHECK_EQ_U64(rename_to(home, "a", home, "a/b/c"), may_write() ? WASI_E_inval : WASI_E_perm);
    CHECK(rename_to(home, "a", home, "inner/c") != 0);
    CHECK(host_has(at_home("a/b")));
}
static void remove_grant(void)
{
    static const char *const names[] = {".", "./", "a/..", "a/../."};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        CHECK(on_path("path_remove_directory", home, names[i]) != 0);
        CHECK(on_path("path_unlink_file", home, names[i]) != 0);
        CHECK(on_path("path_remove_directory", BOX2, names[i]) != 0);
    }
    CHECK(refused(on_path("path_remove_directory", home, "../box2")));
    CHECK(host_has(host("box2")) && host_has(at_home(".")));
}
static void rename_open(void)
{
    CHECK_EQ_U64(open_with(home, 0, "a/b", OFLAG_directory, RIGHT_path_open, 0), 0);
    u32 dir = out32();
    u32 err = rename_to(home, "a/b", home, "b");
    CHECK(done(err));
    if (!err) host_move(at_home("b"), host("out/b"));
    else host_move(at_home("a/b"), host("out/b"));
    CHECK_EQ_U64(try_open(dir, 0, "deep"), 0);
    CHECK(refused(try_open(dir, 0, "../secret")));
    CHECK(refused(try_open(dir, 0, "../dir/inner")));
    host_move(host("out/b"), at_home("a/b"));
    CHECK_EQ_U64(close_fd(dir), 0);
}

// ---- Files that are no files

static void opens_none(const char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (u32 lookup = 0; lookup < 2; lookup++) {
            CHECK(try_open(ROOT, lookup, paths[i]) != 0);
            CHECK(open_with(ROOT, lookup, paths[i], 0, RW, 0) != 0);
        }
}

static void proc_fd(void)
{
    char path[3][64];
    snprintf(path[0], sizeof path[0], "proc/self/fd/%d/secret", out_dir);
    snprintf(path[1], sizeof path[1], "proc/%d/fd/%d/secret", (int)getpid(), out_dir);
    snprintf(path[2], sizeof path[2], "proc/self/fd/%d", out_dir);
    opens_none((const char *const[]){path[0], path[1], path[2], "proc/self/fd/0"}, 4);
    never_followed("fdlink"); // /proc/self/fd/N, of out/
    leads_out("fdlink/secret");
}
static void proc_mem(void)
{
    char path[64];
    snprintf(path, sizeof path, "proc/%d/mem", (int)getpid());
    opens_none((const char *const[]){"proc/self/mem", path, "proc/self/maps", "proc/self/environ",
                                     "proc/thread-self/mem"}, 5);
}
static void proc_cwd(void)
{
    opens_none((const char *const[]){"proc/self/cwd", "proc/self/cwd/.", "proc/self/root/etc",
                                     "proc/self/exe"}, 4);
    never_followed("cwdlink");
}
static void dev_fd(void)
{
    opens_none((const char *const[]){"dev/fd/0", "dev/fd/1", "dev/stdin"}, 3);
    never_followed("devlink");
}

static void fifo(void)
{
    const struct itimerval late = {.it_value = {5, 0}}, never = {0};
    setitimer(ITIMER_REAL, &late, NULL); // it would wait for ever
    CHECK_EQ_U64(try_open(home, 0, "fifo"), 0);
    CHECK_EQ_U64(open_with(home, 0, "fifo", 0, RIGHT_fd_read, FDFLAG_nonblock), 0);
    u32 fd = out32();
    iovec(0, 0x40000, 10);
    CHECK_EQ_U64(CALL("fd_read", fd, AT_BUF, 1, AT_OUT), 0); // nobody writes: at its end
    CHECK_EQ_U64(out32(), 0);
    CHECK_EQ_U64(close_fd(fd), 0);
    CHECK_EQ_U64(open_with(home, 0, "fifo", 0, RIGHT_fd_write, FDFLAG_nonblock),
                 may_write() ? WASI_E_nxio : WASI_E_perm);
    setitimer(ITIMER_REAL, &never, NULL);
}
static void nodes(void)
{
    CHECK_EQ_U64(try_open(home, 0, "socket"), WASI_E_nxio);
    CHECK(open_with(home, 0, "socket", 0, RW, 0) != 0);
    CHECK_EQ_U64(stat_path(home, 0, "socket"), 0);
    CHECK_EQ_U64(try_open(ROOT, 0, "dev/null"), 0); // which was granted
    CHECK(refused(open_with(ROOT, 0, "dev/null", 0, RW, 0)) || may_write());
    if (!last_outcome && may_write()) close_fd(out32());
}

#include "escapes_racing.h"

// ---- All of them

static const struct {
    u32 number;
    const char *what;
    void (*run)(void); // NULL: of another file
} ways[] = {
#define ESCAPE(number, what, function) {number, what, function},
#define ELSEWHERE(number, what, file, function) {number, what, NULL},
#include "escapes.def"
};

static void host_link(const char *target, const char *path)
{
    CHECK(symlinkat(target, AT_FDCWD, at_home(path)) == 0);
}

static void make_home(void)
{
    static const char *const dirs[] = {"", "a", "a/b", "flip", "par", "par/dir", "way", "way/sub",
                                       "many"};
    static const struct { const char *name, *target; } links[] = {
        {"up", "../out/secret"}, {"updir", "../out"}, {"loop", "loop"}, {"loop1", "loop2"},
        {"loop2", "loop1"}, {"procroot", "/proc/self/root"}, {"a/mid", "../../out"},
        {"slash", "../out/"}, {"dot", "../out/."}, {"dots", "../out/.."}, {"twice", "up"},
        {"twice-dir", "updir"}, {"inner", "a/b"}, {"to-file", "file"}, {"a/top", ".."},
        {"dangling", "../out/new"}, {"dangling-dir", "../out"}, {"cwdlink", "/proc/self/cwd"},
        {"devlink", "/dev/fd/0"}, {"flip-out", "../out"}, {"par-out", "../out"},
        {"chain0", "file"}, {"out-chain0", "../out/secret"},
    };
    char path[64], target[64];
    for (size_t i = 0; i < COUNT_OF(dirs); i++) mkdirat(AT_FDCWD, at_home(dirs[i]), 0755);
    for (size_t i = 0; i < COUNT_OF(links); i++) host_link(links[i].target, links[i].name);
    host_link(host("out/secret"), "absolute");
    host_link(host("out"), "absolute-dir");
    snprintf(target, sizeof target, "../%s", name);
    host_link(target, "itself");
    snprintf(target, sizeof target, "/proc/self/fd/%d", out_dir);
    host_link(target, "fdlink");
    for (int i = 1; i <= 40; i++)
        for (int out = 0; out < 2; out++) {
            snprintf(path, sizeof path, "%schain%d", out ? "out-" : "", i);
            snprintf(target, sizeof target, "%schain%d", out ? "out-" : "", i - 1);
            host_link(target, path);
        }
    static const struct { const char *name, *text; } files[] = {
        {"file", "inside"}, {"a/b/deep", "deep"}, {"flip/secret", "decoy!"},
        {"par/dir/inner", "decoy!"}, {"way/secret", "decoy!"},
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        snprintf(path, sizeof path, "%s/%s", name, files[i].name);
        host_file(path, files[i].text);
    }
    for (int i = 0; i < 300; i++) {
        snprintf(path, sizeof path, "%s/many/%d", name, i);
        host_file(path, "");
    }
    CHECK(mkfifo(at_home("fifo"), 0644) == 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", at_home("socket"));
    int sock = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(sock, (struct sockaddr *)&address, sizeof address) == 0);
    close(sock);
}

static void make_tree(void)
{
    static const char *const dirs[] = {"out", "out/dir", "box2", "gone"};
    for (size_t i = 0; i < COUNT_OF(dirs); i++) mkdirat(AT_FDCWD, host(dirs[i]), 0755);
    host_file("out/secret", secret);
    host_file("out/dir/inner", secret);
    out_dir = open(host("out"), O_PATH | O_DIRECTORY);
    name = "box", home = BOX;
    make_home();
    name = "ro", home = RO;
    make_home();
}

// Names and contents of what is outside, that it is as it was.
static bool outside_is_whole(void)
{
    char text[64], inner[64];
    u32 count = 0;
    DIR *dir = opendir(host("out"));
    while (dir && readdir(dir)) count++;
    if (dir) closedir(dir);
    host_text("out/secret", text);
    host_text("out/dir/inner", inner);
    return count == 4 && !strcmp(text, secret) && !strcmp(inner, secret) && !host_has(host("new"));
}

// A directory of its own for each try. What was tried there gives 0, or that it was not.
enum { NOBODY = 65534, NOT_TRIED = 77 };
static int in_directory(int (*tries)(const void *env, bool read_only), const void *env,
                        bool read_only)
{
    char command[100];
    int status = 0;
    strcpy(tmp, "/tmp/weft-wasi-XXXXXX");
    if (!CHECK(mkdtemp(tmp))) return 1;
    if (!geteuid()) CHECK(chown(tmp, NOBODY, NOBODY) == 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        status = tries(env, read_only);
        fflush(NULL);
        _exit(status);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == NOT_TRIED || outside_is_whole());
    snprintf(command, sizeof command, "rm -rf %s", tmp);
    CHECK(system(command) == 0);
    return WEXITSTATUS(status);
}
