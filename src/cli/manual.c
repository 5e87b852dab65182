// manual.c -- weft help, manual pages and completions, all made from cli.def.

#include "cli/cli.h"

#include <ctype.h>
#include <string.h>

typedef struct { const char *name, *arguments, *summary, *text; } Row;

static const Row rows[] = {
#define COMMAND(name, arguments, summary, text) {#name, arguments, summary, text},
#include "cli/cli.def"
};

static const char statuses[] =
    "FILE may be - for standard input; text and binary\n"
    "are told apart by content. Exit status: the program's own for run, else 0 fine, 1 the\n"
    "input is at fault, 2 wrong usage, 134 a trap, 124 a time limit.\n";

static const Row *find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (!strcmp(rows[i].name, name)) return &rows[i];
    return NULL;
}

void each_command(CommandVisit *visit, void *env)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) visit(env, rows[i].name, rows[i].arguments);
}

void print_usage(FILE *out, const char *command)
{
    const Row *row = command ? find(command) : NULL;
    if (row) {
        fprintf(out, "usage: weft %s %s\n\n%s", row->name, row->arguments, row->text);
        return;
    }
    fputs("weft: a WebAssembly engine and toolkit\n\nusage: weft COMMAND [OPTIONS] ...\n\n", out);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        fprintf(out, "  %-10s %s\n", rows[i].name, rows[i].summary);
    fprintf(out, "\n`weft help COMMAND` explains one. %s", statuses);
}

// --- manual pages: troff, where a line must not start with a dot or a quote, and "-" is "\-"

static void troff(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool start = i == 0 || text[i - 1] == '\n';
        if (start && (text[i] == '.' || text[i] == '\'')) fputs("\\&", stdout);
        if (text[i] == '-') fputs("\\-", stdout);
        else if (text[i] == '\\') fputs("\\e", stdout);
        else putchar(text[i]);
    }
}

static void print_page(const Row *row)
{
    printf(".TH WEFT%s%s 1 \"\" weft \"User commands\"\n.SH NAME\nweft", row ? "-" : "",
           row ? row->name : "");
    printf(row ? "-%s \\- %s\n" : "%s \\- a WebAssembly engine and toolkit%s\n",
           row ? row->name : "", row ? row->summary : "");
    printf(".SH SYNOPSIS\n.B weft %s\n", row ? row->name : "COMMAND");
    troff(row ? row->arguments : "[OPTIONS] ...", strlen(row ? row->arguments : "[OPTIONS] ..."));
    fputs("\n.SH DESCRIPTION\n.nf\n", stdout);
    if (row) {
        troff(row->text, strlen(row->text));
    } else {
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            printf("\\fB%-10s\\fR ", rows[i].name);
            troff(rows[i].summary, strlen(rows[i].summary));
            putchar('\n');
        }
        putchar('\n');
        troff(statuses, strlen(statuses));
    }
    printf(".fi\n.SH SEE ALSO\n");
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (&rows[i] != row)
            printf("%sweft\\-%s(1)", i && !(row == rows && i == 1) ? ", " : "", rows[i].name);
    putchar('\n');
}

// --- options: the words of a command's text that start a line with "-", and behind a comma on it

static const char *end_of_line(const char *at) { return at + strcspn(at, "\n"); }

// The option at `word`, if there is one. Behind a single space, or '=', stands its value.
static bool read_option(const char *word, Option *out)
{
    if (*word != '-') return false;
    size_t len = strcspn(word, " =,\n");
    *out = (Option){word, len, word[len] == '=',
                    word[len] == '=' || (word[len] == ' ' && !strchr(" \n", word[len + 1]))};
    return true;
}

void each_option(const char *command, OptionVisit *visit, void *env)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (command && strcmp(command, rows[i].name)) continue;
        const char *line = rows[i].text;
        for (; *line; line = end_of_line(line), line += *line == '\n') {
            const char *word = line + strspn(line, " ");
            Option o;
            while (word != line && read_option(word, &o)) {
                visit(env, o);
                word += o.len + (o.value ? 1 + strcspn(word + o.len + 1, " ,\n") : 0);
                if (strncmp(word, ", -", 3)) break;
                word += 2;
            }
        }
    }
}

static void show_word(void *env, Option o)
{
    printf(" %.*s", (int)(o.len + o.joined), o.name);
}

static void print_bash(void)
{
    fputs("_weft() {\n    local cur=${COMP_WORDS[COMP_CWORD]} command= i\n"
          "    for ((i = 1; i < COMP_CWORD; i++)); do\n        case ${COMP_WORDS[i]} in\n        ",
          stdout);
    for (size_t i = 0; i < COUNT_OF(rows); i++) printf("%s%s", i ? "|" : "", rows[i].name);
    fputs(") command=${COMP_WORDS[i]}; break ;;\n        esac\n    done\n    local words=\n    "
          "case $command in\n    '') words='",
          stdout);
    for (size_t i = 0; i < COUNT_OF(rows); i++) printf("%s%s", i ? " " : "", rows[i].name);
    fputs("' ;;\n", stdout);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        printf("    %s) words='", rows[i].name);
        each_option(rows[i].name, show_word, NULL);
        fputs("' ;;\n", stdout);
    }
    fputs("    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
          "    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace\n    return 0\n}\n"
          "complete -o default -F _weft weft\n", stdout);
}

static void print_zsh(void)
{
    fputs("#compdef weft\nlocal -a commands\ncommands=(\n", stdout);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        printf("  '%s:%s'\n", rows[i].name, rows[i].summary);
    fputs(")\nlocal command=${words[(r)", stdout);
    for (size_t i = 0; i < COUNT_OF(rows); i++) printf("%s%s", i ? "|" : "(", rows[i].name);
    fputs(")]}\ncase $command in\n'') _describe command commands ;;\n", stdout);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        printf("%s) compadd --", rows[i].name);
        each_option(rows[i].name, show_word, NULL);
        fputs("; _files ;;\n", stdout);
    }
    fputs("esac\n", stdout);
}

int cli_help(Args *args)
{
    const char *value;
    bool page = args_flag(args, "--man");
    if (args_value(args, "--completion", &value)) {
        if (value && !strcmp(value, "bash")) return print_bash(), EXIT_OK;
        if (value && !strcmp(value, "zsh")) return print_zsh(), EXIT_OK;
        return cli_error(EXIT_USAGE, "--completion is bash or zsh");
    }
    if (args_at_option(args)) return args_unknown(args);
    const char *command = args->next < args->argc ? args->argv[args->next] : NULL;
    const Row *row = command ? find(command) : NULL;
    if (command && !row)
        return no_command(command);
    if (page) print_page(row);
    else print_usage(stdout, command);
    return EXIT_OK;
}
