// program.c -- does what its arguments say, each with those behind it, and tells what came of it:
//
//     env NAME   in   write FILE TEXT   read FILE   list DIR   mkdir DIR   move A B   link TO AT
//     remove FILE   size FILE   say TEXT   die   exit STATUS

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void told(const char *what, const char *name, int failed)
{
    printf("%s %s: %s\n", what, name, failed ? strerror(errno) : "done");
}

static void copy_out(FILE *from)
{
    char line[100];
    size_t bytes = 0;
    while (fgets(line, sizeof line, from)) {
        bytes += strlen(line);
        if (bytes < 300) printf("| %s", line);
    }
    printf("%zu bytes\n", bytes);
}

static void read_file(const char *name)
{
    FILE *file = fopen(name, "r");
    if (!file) return told("read", name, 1);
    copy_out(file);
    fclose(file);
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    if (!file) return told("write", name, 1);
    fputs(text, file);
    told("write", name, fclose(file));
}

static int by_name(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }

static void list(const char *name)
{
    char *names[100];
    int count = 0;
    DIR *dir = opendir(name);
    if (!dir) return told("list", name, 1);
    for (struct dirent *entry; count < 100 && (entry = readdir(dir));)
        if (entry->d_name[0] != '.') names[count++] = strdup(entry->d_name); // some list . and ..
    closedir(dir);
    qsort(names, count, sizeof *names, by_name);
    for (int i = 0; i < count; i++) printf("%s has %s\n", name, names[i]);
}

static void size_of(const char *name)
{
    struct stat file;
    if (stat(name, &file)) return told("size", name, 1);
    printf("size %s: %lld%s\n", name, S_ISDIR(file.st_mode) ? 0LL : (long long)file.st_size,
           S_ISDIR(file.st_mode) ? ", a folder" : "");
}

int main(int argc, char **argv)
{
    printf("%s, %d arguments\n", argv[0], argc - 1);
    for (int i = 1; i < argc; i++) {
        const char *what = argv[i];
        if (!strcmp(what, "in")) copy_out(stdin);
        else if (!strcmp(what, "die")) abort();
        else if (!strcmp(what, "env"))
            printf("%s is %s\n", argv[i + 1], getenv(argv[i + 1]) ?: "not set"), i++;
        else if (!strcmp(what, "read")) read_file(argv[++i]);
        else if (!strcmp(what, "write")) write_file(argv[i + 1], argv[i + 2]), i += 2;
        else if (!strcmp(what, "list")) list(argv[++i]);
        else if (!strcmp(what, "size")) size_of(argv[++i]);
        else if (!strcmp(what, "mkdir")) told("mkdir", argv[i + 1], mkdir(argv[i + 1], 0777)), i++;
        else if (!strcmp(what, "move"))
            told("move", argv[i + 1], rename(argv[i + 1], argv[i + 2])), i += 2;
        else if (!strcmp(what, "link"))
            told("link", argv[i + 2], symlink(argv[i + 1], argv[i + 2])), i += 2;
        else if (!strcmp(what, "remove")) told("remove", argv[i + 1], unlink(argv[i + 1])), i++;
        else if (!strcmp(what, "say")) fprintf(stderr, "%s\n", argv[++i]);
        else if (!strcmp(what, "exit")) exit(atoi(argv[++i]));
        else return printf("%s?\n", what), 2;
    }
    return 0;
}
