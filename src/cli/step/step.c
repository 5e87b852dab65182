// step.c -- weft step: what it is told.

#include "cli/step/step.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int take_number(const char *value, const char *option, u64 *out)
{
    if (value && parse_size(value, out) && *out) return EXIT_OK;
    return cli_error(EXIT_USAGE, "%s wants a number of steps, from 1 on", option);
}

static int take_condition(Step *s, const char *value, const char *option, Expr **out)
{
    const char *why;
    size_t at;
    jmp_buf failed;
    if (!value) return args_missing(&(Args){.command = "step"}, option);
    s->arena.on_failure = &failed;
    if (setjmp(failed)) return cli_error(EXIT_INPUT, "out of memory");
    *out = expr_parse(&s->arena, value, &why, &at);
    if (*out) return EXIT_OK;
    return cli_error(EXIT_USAGE, "%s %s: %s at byte %zu", option, value, why, at);
}

// False: it is one that `run` has too, or none.
static bool step_option(Step *s, Args *args, int *status)
{
    const char *value;
    if (args_value(args, "--from", &value)) *status = take_number(value, "--from", &s->from);
    else if (args_value(args, "--steps", &value))
        *status = take_number(value, "--steps", &s->steps);
    else if (args_value(args, "--until", &value))
        *status = take_condition(s, value, "--until", &s->until);
    else if (args_value(args, "--only", &value))
        *status = take_condition(s, value, "--only", &s->only);
    else if (args_value(args, "--do", &value)) s->commands = value ? value : "";
    else if (args_value(args, "--html", &value)) s->html = value ? value : "";
    else if (args_flag(args, "--json")) s->json = true;
    else if (args_flag(args, "--lines")) s->lines = true;
    else if (args_flag(args, "--whole")) s->session.whole = true;
    else return false;
    return true;
}

// FILE --invoke NAME is said as well: the option goes in front.
static bool invoke_first(const Args *args)
{
    char **at = args->argv + args->next, *file = *at;
    int left = args->argc - args->next;
    bool joined = left > 1 && !strncmp(at[1], "--invoke=", 9);
    if (!joined && (left < 3 || strcmp(at[1], "--invoke") != 0)) return false;
    int words = joined ? 1 : 2;
    memmove(at, at + 1, (size_t)words * sizeof *at);
    at[words] = file;
    return true;
}

// Of the options that `run` has.
static bool means_nothing(const char *given)
{
    static const char *const names[] = {"--tier", "--timeout", "--seed", "--max-threads"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (!strncmp(given, names[i], strlen(names[i]))) return true;
    return false;
}

static int take_options(Step *s, Args *args)
{
    int status = EXIT_OK;
    while (status == EXIT_OK && (args_at_option(args) || invoke_first(args))) {
        if (args_flag(args, "--")) break;
        if (step_option(s, args, &status)) continue;
        const char *given = args->argv[args->next];
        if (means_nothing(given)) return args_unknown(args);
        status = run_option(&s->run, args);
    }
    if (status == EXIT_OK && s->run.compiled_only)
        return cli_error(EXIT_USAGE, "the formal machine has no %s", s->run.compiled_only);
    const char *other = wasi_run_only(&s->run);
    if (status == EXIT_OK && other) return cli_error(EXIT_USAGE, "weft step has no %s", other);
    if (status == EXIT_OK && s->html && (s->json || s->lines || s->commands))
        return cli_error(EXIT_USAGE, "--html shows steps as a page, and no other way");
    if (status == EXIT_OK && args->next >= args->argc) return args_missing(args, "FILE");
    return status;
}

// Where it reads and writes. On the screen its input is empty, unless it comes from elsewhere.
static bool set_stdio(Step *s, bool screen)
{
    int out = session_capture(&s->session);
    int in = screen && isatty(0) ? open("/dev/null", O_RDONLY | O_CLOEXEC) : standard_fd(0);
    s->nothing = in == standard_fd(0) ? -1 : in;
    return out >= 0 && wasi_set_stdio(s->run.wasi, in, out, out) == 0;
}

static int show_steps(Step *s, Args *args)
{
    bool screen = !s->lines && !s->json && !s->html && !s->commands && isatty(1);
    s->main.file = args->argv[args->next++];
    if (s->html && !output_ready(s->html, s->main.file)) return EXIT_INPUT;
    if (!set_stdio(s, screen))
        return cli_error(EXIT_INPUT, "no place for what the program prints: %s", strerror(errno));
    if (!run_prepare(&s->run, args)) return cli_error(EXIT_INPUT, "out of memory");
    s->session.spec = (SpecRun){.run = &s->run, .args = args};
    s->run.out = s->html;
    int status = spec_load(&s->session.spec);
    // Behind the wall nobody could set the terminal's modes, and give them back.
    if (status == EXIT_OK && !screen) status = wasi_wall(&s->run);
    if (status != EXIT_OK) return status;
    // nothing is called behind it
    if (!s->run.invoke && !module_export(s->main.source.module, bytes_of("_start")))
        s->session.whole = true;
    status = s->html ? step_html(s) : screen ? step_screen(s) : step_lines(s);
    if (spec_unsound(&s->session.spec)) return EXIT_TRAP;
    return status == EXIT_OK ? s->session.status : status;
}

int cli_step(Args *args)
{
    Step s = {.from = 1, .session.capture = -1, .nothing = -1};
    run_init(&s.run, &s.main);
    s.run.formal = s.run.stepped = true;
    s.run.faults = false; // nothing is compiled
    arena_init(&s.arena);
    int status = s.run.wasi ? take_options(&s, args) : cli_error(EXIT_INPUT, "out of memory");
    if (status == EXIT_OK) status = show_steps(&s, args);
    session_free(&s.session);
    run_free(&s.run);
    arena_free(&s.arena);
    if (s.nothing >= 0) close(s.nothing);
    return status;
}
