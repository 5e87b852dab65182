// run_wasi.c -- what a program that `weft run` runs gets of WASI: options, and what comes of them.

#include "cli/authority.h"
#include "cli/run.h"
#include "plat/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- Options

// The guest's own descriptors come after these, so everything is granted before it starts.
static int add_dir(Run *run, const char *arg, bool read_only)
{
    static const char suffix[] = "::ro";
    enum { SUFFIX = sizeof suffix - 1 };
    size_t len = arg ? strlen(arg) : 0;
    if (len > SUFFIX && !strcmp(arg + len - SUFFIX, suffix)) {
        len -= SUFFIX;
        read_only = true;
    }
    if (!len) return cli_error(EXIT_USAGE, "--dir wants a directory");
    char *host = strndup(arg, len), *split = host ? strstr(host, "::") : NULL;
    if (split) *split = 0;
    const char *guest = split ? split + 2 : host;
    int err = host ? wasi_add_preopen(run->wasi, host, guest, read_only) : ENOMEM;
    int status = err ? cli_error(EXIT_USAGE, "cannot grant %s: %s", arg, strerror(err)) : EXIT_OK;
    free(host);
    return status;
}

static int add_env(Run *run, const char *arg)
{
    if (!arg || !*arg || *arg == '=')
        return cli_error(EXIT_USAGE, "--env wants NAME=VALUE, or NAME to pass ours on");
    const char *equals = strchr(arg, '=');
    char *name = strndup(arg, equals ? (size_t)(equals - arg) : strlen(arg));
    const char *value = equals ? equals + 1 : name ? getenv(name) : NULL;
    int err = !name ? ENOMEM : value ? wasi_add_env(run->wasi, name, value) : 0;
    free(name);
    return err ? cli_error(EXIT_USAGE, "cannot set %s: %s", arg, strerror(err)) : EXIT_OK;
}

static int inherit_env(Run *run, const char *name)
{
    if (!name || !*name || strchr(name, '='))
        return cli_error(EXIT_USAGE, "--env-inherit wants the name of a variable");
    return add_env(run, name);
}

enum { HOST_MOST = 64 };

// Of HOST:PORT, where brackets may stand around the first.
static bool take_address(const char *where, char host[HOST_MOST], u16 *port)
{
    const char *colon = where ? strrchr(where, ':') : NULL;
    char *end = NULL;
    unsigned long n = colon && colon[1] ? strtoul(colon + 1, &end, 10) : 0;
    size_t len = colon ? (size_t)(colon - where) : HOST_MOST;
    if (!end || *end || colon[1] < '0' || colon[1] > '9' || n > UINT16_MAX || len >= HOST_MOST)
        return false;
    bool bracket = len >= 2 && where[0] == '[' && where[len - 1] == ']';
    snprintf(host, HOST_MOST, "%.*s", (int)len - 2 * bracket, where + bracket);
    *port = (u16)n;
    return true;
}

static int allow_connect(Run *run, const char *where)
{
    char host[HOST_MOST];
    u16 port;
    int err = take_address(where, host, &port) && *host && port
                  ? wasi_allow_connect(run->wasi, host, port) : EINVAL;
    if (!err) run->grants.connects[run->grants.port_count] = where;
    if (!err) run->grants.ports[run->grants.port_count++] = port;
    if (err == E2BIG)
        return cli_error(EXIT_USAGE, "--allow-connect may be given %d times", CONNECTS_MOST);
    return !err ? EXIT_OK
                : cli_error(EXIT_USAGE, "--allow-connect wants HOST:PORT, such as 127.0.0.1:80 or "
                                        "[::1]:80; the host is an address, or localhost");
}

static int add_listener(Run *run, const char *where)
{
    RunWasi *r = &run->grants;
    if (!where) return cli_error(EXIT_USAGE, "--listen wants HOST:PORT, or inherit");
    if (r->listener_count == LISTENERS_MOST)
        return cli_error(EXIT_USAGE, "--listen may be given %d times", LISTENERS_MOST);
    r->listeners[r->listener_count++] = where;
    return EXIT_OK;
}

static int take_size(const char *value, const char *option, u64 *size)
{
    if (parse_size(value, size)) return EXIT_OK;
    return cli_error(EXIT_USAGE, "%s wants a number, such as 64M", option);
}

static int take_resolution(Run *run, const char *text)
{
    static const struct { const char *unit; u64 ns; } units[] = {
        {"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000},
    };
    char *end = NULL;
    errno = 0;
    u64 n = text && *text >= '0' && *text <= '9' ? strtoull(text, &end, 10) : 0, ns = 0;
    for (size_t i = 0; i < COUNT_OF(units) && n && !errno; i++)
        if (!strcmp(end, units[i].unit) && n <= 3600000000000 / units[i].ns) ns = n * units[i].ns;
    if (!ns) return cli_error(EXIT_USAGE, "--clock-resolution wants a time, such as 1ms or 100us");
    wasi_set_clock_resolution(run->wasi, ns);
    return EXIT_OK;
}

static int take_seed(Run *run, const char *text)
{
    u64 seed;
    if (!parse_seed(text, "--random-seed", &seed)) return EXIT_USAGE;
    wasi_set_seed(run->wasi, seed);
    return EXIT_OK;
}

static int take_sandbox(Run *run, const char *text)
{
    static const char *const words[] = {"auto", "on", "off"};
    for (int i = 0; i < 3; i++) {
        if (!text || strcmp(text, words[i])) continue;
        run->grants.sandbox = (SandboxWhen)i;
        return EXIT_OK;
    }
    return cli_error(EXIT_USAGE, "--sandbox is auto, on or off");
}

static bool take_stdio(Run *run, Args *args, int *status)
{
    static const char *const options[] = {"--stdin", "--stdout", "--stderr"};
    for (int i = 0; i < 3; i++) {
        if (!args_value(args, options[i], &run->grants.stdio[i])) continue;
        if (!run->grants.stdio[i])
            *status = cli_error(EXIT_USAGE, "%s wants a file, null or inherit", options[i]);
        return true;
    }
    return false;
}

static bool take_trace(Run *run, Args *args)
{
    const char *file = "";
    if (!args_optional(args, "--trace-wasi", &file)) return false;
    run->grants.trace = file;
    return true;
}

static int take_number(Run *run, Args *args)
{
    const char *value;
    u64 n;
    int status = EXIT_USAGE;
    if (args_value(args, "--max-fds", &value)) {
        status = take_size(value, "--max-fds", &n);
        // 0 stands for what is usual; with one number there are none to be given either.
        if (status == EXIT_OK) run->grants.fds = (u32)MAX(MIN(n, (u64)UINT32_MAX), 1);
    } else if (args_value(args, "--max-disk", &value)) {
        status = take_size(value, "--max-disk", &n);
        if (status == EXIT_OK) wasi_set_disk_limit(run->wasi, n);
    } else if (args_value(args, "--max-output", &value)) {
        status = take_size(value, "--max-output", &n);
        if (status == EXIT_OK) wasi_set_output_limit(run->wasi, n);
    } else if (args_value(args, "--clock-resolution", &value)) {
        status = take_resolution(run, value);
    } else if (args_value(args, "--random-seed", &value)) {
        status = take_seed(run, value);
    } else {
        status = -1; // another option
    }
    return status;
}

bool wasi_option(Run *run, Args *args, int *status)
{
    const char *value;
    if (args_value(args, "--dir", &value)) *status = add_dir(run, value, false);
    else if (args_value(args, "--dir-ro", &value)) *status = add_dir(run, value, true);
    else if (args_value(args, "--env", &value)) *status = add_env(run, value);
    else if (args_value(args, "--env-inherit", &value)) *status = inherit_env(run, value);
    else if (args_value(args, "--listen", &value)) *status = add_listener(run, value);
    else if (args_value(args, "--allow-connect", &value)) *status = allow_connect(run, value);
    else if (args_value(args, "--sandbox", &value)) *status = take_sandbox(run, value);
    else if (args_flag(args, "--raw-terminal")) wasi_set_raw_terminal(run->wasi, true);
    else if (args_flag(args, "--json")) run->grants.json = true;
    else if (args_flag(args, "--dry-run")) run->grants.dry = true;
    else if (!take_stdio(run, args, status) && !take_trace(run, args)) {
        int taken = take_number(run, args);
        if (taken < 0) return false;
        *status = taken;
    }
    return true;
}

// ---- Standard input and output

static const char *const streams[] = {"standard input", "standard output", "standard error"};

// Descriptors of ours that it gets: files are opened, what is null reads and keeps nothing. Where
// nothing is run nothing is written over.
static int open_stream(RunWasi *r, int i, int *fd)
{
    const char *name = r->stdio[i];
    int how = i ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY;
    bool same = i == 2 && r->stdio[1] && !strcmp(name, r->stdio[1]) && r->opened[1] >= 0;
    if (!strcmp(name, "null") || (i && r->dry)) name = "/dev/null";
    r->opened[i] = same ? fcntl(r->opened[1], F_DUPFD_CLOEXEC, 3)
                        : open(name, how | O_CLOEXEC | O_NOCTTY, 0666);
    *fd = r->opened[i];
    if (*fd >= 0) return EXIT_OK;
    return cli_error(EXIT_INPUT, "cannot open %s as %s: %s", name, streams[i],
                     strerror(errno));
}

static int open_stdio(Run *run)
{
    // Where a module is written nothing else is.
    const char *output = run->out ? run->out : run->init.output;
    bool taken = output && output_is_standard(output);
    int fds[3] = {standard_fd(0), standard_fd(taken ? 2 : 1), standard_fd(2)};
    int status = EXIT_OK;
    for (int i = 0; i < 3 && status == EXIT_OK; i++)
        if (run->grants.stdio[i] && strcmp(run->grants.stdio[i], "inherit"))
            status = open_stream(&run->grants, i, &fds[i]);
    if (status == EXIT_OK && wasi_set_stdio(run->wasi, fds[0], fds[1], fds[2]))
        status = cli_error(EXIT_INPUT, "out of memory");
    return status;
}

// ---- Listeners

static int add_socket(Run *run, File file, const char *where)
{
    int err = wasi_add_socket(run->wasi, file);
    return err ? cli_error(EXIT_INPUT, "cannot hand over %s: %s", where, strerror(err)) : EXIT_OK;
}

// Those of who started us, as systemd hands them over: from 3 on, if they are meant for us.
static int inherit_listeners(Run *run)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    enum { FIRST = 3 };
    long n = count ? strtol(count, NULL, 10) : 0;
    if (!pid || strtoll(pid, NULL, 10) != getpid() || n < 1 || n > LISTENERS_MOST)
        return cli_error(EXIT_INPUT, "--listen inherit: nobody has handed over a listener "
                                     "(LISTEN_PID, LISTEN_FDS)");
    int status = EXIT_OK;
    for (int i = 0; i < n && status == EXIT_OK; i++) {
        fcntl(FIRST + i, F_SETFD, FD_CLOEXEC);
        status = add_socket(run, FIRST + i, "what LISTEN_FDS says");
    }
    return status;
}

static int open_listener(Run *run, const char *where)
{
    RunWasi *r = &run->grants;
    File *file = &r->sockets[r->socket_count];
    char host[HOST_MOST];
    u16 port;
    if (!take_address(where, host, &port))
        return cli_error(EXIT_USAGE, "--listen wants HOST:PORT, such as 127.0.0.1:8080 or "
                                     "[::1]:8080, not %s", where);
    u16 got = port;
    int err = socket_listen(host, &got, file);
    if (err)
        return cli_error(err == EINVAL ? EXIT_USAGE : EXIT_INPUT, "cannot listen at %s: %s", where,
                         err == EINVAL ? "the host is an address, or localhost" : strerror(err));
    r->socket_count++;
    if (!port) fprintf(stderr, "listening at port %u\n", got);
    return add_socket(run, *file, where);
}

static int open_listeners(Run *run)
{
    int status = EXIT_OK;
    for (u32 i = 0; i < run->grants.listener_count && status == EXIT_OK; i++) {
        const char *where = run->grants.listeners[i];
        status = strcmp(where, "inherit") ? open_listener(run, where) : inherit_listeners(run);
    }
    return status;
}

// ---- Calls, as lines

static void write_line(void *env, const char *line, size_t len)
{
    RunWasi *r = env;
    char text[2000];
    int n = snprintf(text, sizeof text, "%.*s\n", (int)len, line);
    if (!r->trace_failed && !write_all(r->trace_fd, text, (size_t)n)) r->trace_failed = true;
}

static int open_trace(Run *run)
{
    RunWasi *r = &run->grants;
    if (!r->trace || r->dry) return EXIT_OK;
    bool standard = !*r->trace;
    r->trace_fd = standard ? standard_fd(2)
                           : open(r->trace, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (r->trace_fd < 0)
        return cli_error(EXIT_INPUT, "cannot write %s: %s", standard ? "standard error" : r->trace,
                         strerror(errno));
    wasi_set_trace(run->wasi, write_line, r, r->json);
    return EXIT_OK;
}

// ---- The second wall

typedef struct {
    SandboxDir *dirs;
    u32 count, sockets;
} Walled;

static void count_grant(void *env, const WasiGrant *g)
{
    Walled *w = env;
    w->sockets += g->socket;
    w->count += g->name != NULL;
}

static void take_grant(void *env, const WasiGrant *g)
{
    Walled *w = env;
    if (g->name) w->dirs[w->count++] = (SandboxDir){g->file, g->read_only};
}

// What is written when the program is over is so by who stands outside, in the folder that its name
// led to before: a guest that may change a directory can put a link there.
static bool leave_writers_outside(const Run *run)
{
    return (!run->out || output_outside(run->out)) &&
           (!run->init.func || output_outside(run->init.output)) &&
           (!run->census || output_outside(run->census));
}

static void ask_ahead(const Run *run)
{
    for (const Unit *u = run->units; u; u = u->next) trap_ahead(u->source.module, u->file);
    if (run->main->source.module) trap_ahead(run->main->source.module, run->main->file);
    for (const Instance *i = run->resume ? run->store->instances : NULL; i; i = i->next)
        trap_ahead(i->module, NULL);
}

int wasi_wall(Run *run)
{
    const RunWasi *r = &run->grants;
    Walled w = {0};
    SandboxWalls stands;
    wasi_each_grant(run->wasi, count_grant, &w);
    bool off = r->sandbox == SANDBOX_off || (r->sandbox == SANDBOX_auto && !w.count && !w.sockets &&
                                              !r->port_count);
    if ((w.count || !off) && !leave_writers_outside(run)) return EXIT_INPUT;
    if (off) return EXIT_OK;
    w.dirs = calloc(w.count + 1, sizeof *w.dirs);
    if (!w.dirs) return cli_error(EXIT_INPUT, "out of memory");
    w.count = 0;
    wasi_each_grant(run->wasi, take_grant, &w);
    ask_ahead(run);
    int err = sandbox_enter(w.dirs, w.count, (SandboxPorts){r->ports, r->port_count}, &stands);
    free(w.dirs);
    if (err) return cli_error(EXIT_INPUT, "--sandbox: %s", strerror(err));
    if (r->sandbox == SANDBOX_auto || (stands.files && stands.calls)) return EXIT_OK;
    return cli_error(EXIT_INPUT, "--sandbox=on: this system has no wall for %s",
                     stands.files ? "calls" : "files");
}

// ----

int wasi_ready(Run *run)
{
    int status = open_stdio(run);
    if (status == EXIT_OK) status = open_listeners(run);
    if (status == EXIT_OK) status = open_trace(run);
    if (run->grants.fds) wasi_set_fd_limit(run->wasi, run->grants.fds);
    return status;
}

const char *wasi_run_only(const Run *run)
{
    const RunWasi *r = &run->grants;
    return r->stdio[0] || r->stdio[1] || r->stdio[2] ? "--stdin, --stdout or --stderr"
           : r->listener_count                       ? "--listen"
           : r->port_count                           ? "--allow-connect"
           : r->trace                                ? "--trace-wasi"
           : r->dry                                  ? "--dry-run"
           : r->fds                                  ? "--max-fds"
           : r->sandbox != SANDBOX_auto              ? "--sandbox"
                                                     : NULL;
}

static void show_grant(void *env, const WasiGrant *g)
{
    char name[QUOTED_MOST];
    printf("  %u: ", g->number);
    if (g->name)
        printf("the directory %s%s", quoted(name, bytes_of(g->name)),
               g->read_only ? ", to look at" : "");
    else fputs(g->number < COUNT_OF(streams) ? streams[g->number] : "a listener", stdout);
    putchar('\n');
}

static void json_grant(void *env, const WasiGrant *g)
{
    Json *j = env;
    json_open(j, NULL, '{');
    json_number(j, "fd", g->number);
    if (g->name) json_text(j, "directory", g->name);
    if (g->name) json_bool(j, "read_only", g->read_only);
    json_bool(j, "socket", g->socket);
    json_close(j, '}');
}

// Nothing that was set before the jump is read after it.
static int dry_json(const Run *run, const Component *component, Arena *arena)
{
    Json j;
    jmp_buf failure;
    const char *text;
    arena->on_failure = &failure;
    if (setjmp(failure)) return cli_error(EXIT_INPUT, "out of memory");
    json_init(&j, stdout, arena);
    json_open(&j, NULL, '{');
    json_text(&j, "file", run->main->file);
    if (component) authority_json_component(&j, component);
    else authority_json(&j, run->main->source.module);
    json_open(&j, "arguments", '[');
    for (u32 n = 0; (text = wasi_arg(run->wasi, n)); n++) json_text(&j, NULL, text);
    json_close(&j, ']');
    json_open(&j, "variables", '[');
    for (u32 n = 0; (text = wasi_env(run->wasi, n)); n++) json_text(&j, NULL, text);
    json_close(&j, ']');
    json_open(&j, "descriptors", '[');
    wasi_each_grant(run->wasi, json_grant, &j);
    json_close(&j, ']');
    json_open(&j, "connections", '[');
    for (u32 n = 0; n < run->grants.port_count; n++) json_text(&j, NULL, run->grants.connects[n]);
    json_close(&j, ']');
    json_close(&j, '}');
    return EXIT_OK;
}

int wasi_dry(const Run *run, const Component *component)
{
    Arena arena;
    char name[QUOTED_MOST];
    const char *text;
    int status = EXIT_OK;
    if (run->grants.json) {
        arena_init(&arena);
        status = dry_json(run, component, &arena);
        arena_free(&arena);
        return status;
    }
    print_tame_text(stdout, run->main->file);
    puts(" would be run. It could ask for");
    if (component) authority_show_component(stdout, component);
    else authority_show(stdout, run->main->source.module);
    puts("and has");
    for (u32 n = 0; (text = wasi_arg(run->wasi, n)); n++)
        printf("  argument %u: %s\n", n, quoted(name, bytes_of(text)));
    for (u32 n = 0; (text = wasi_env(run->wasi, n)); n++)
        printf("  variable %s\n", quoted(name, bytes_of(text)));
    wasi_each_grant(run->wasi, show_grant, NULL);
    for (u32 n = 0; n < run->grants.port_count; n++)
        printf("  connections to %s\n", quoted(name, bytes_of(run->grants.connects[n])));
    return status;
}

void wasi_over(RunWasi *r)
{
    for (int i = 0; i < 3; i++)
        if (r->opened[i] >= 0) close(r->opened[i]);
    for (u32 i = 0; i < r->socket_count; i++) close(r->sockets[i]);
    if (r->trace && *r->trace && r->trace_fd >= 0) close(r->trace_fd);
}
