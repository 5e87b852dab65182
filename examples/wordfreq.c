// wordfreq.c -- counts the words of a text and prints the most frequent ones.
//
//     wordfreq FILE [HOW-MANY]
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *word;
    unsigned count;
} Entry;

static Entry *table; // open addressing; a free entry has word == NULL
static size_t capacity, used;

static size_t find(const char *word)
{
    unsigned hash = 2166136261u;
    for (const char *p = word; *p; p++) hash = (hash ^ (unsigned char)*p) * 16777619u;
    size_t i = hash & (capacity - 1);
    while (table[i].word && strcmp(table[i].word, word)) i = (i + 1) & (capacity - 1);
    return i;
}

static void grow(void)
{
    Entry *old = table;
    size_t old_capacity = capacity;
    capacity = capacity ? 2 * capacity : 1024;
    table = calloc(capacity, sizeof *table);
    if (!table) {
        fprintf(stderr, "wordfreq: out of memory\n");
        exit(1);
    }
    for (size_t i = 0; i < old_capacity; i++)
        if (old[i].word) table[find(old[i].word)] = old[i];
    free(old);
}

static void count_word(const char *word)
{
    if (2 * used >= capacity) grow();
    Entry *e = &table[find(word)];
    if (!e->word) {
        e->word = strdup(word);
        used++;
    }
    e->count++;
}

static int by_count(const void *a, const void *b)
{
    const Entry *x = a, *y = b;
    if (x->count != y->count) return x->count < y->count ? 1 : -1;
    if (!x->word || !y->word) return 0;
    return strcmp(x->word, y->word);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: wordfreq FILE [HOW-MANY]\n");
        return 2;
    }
    FILE *in = fopen(argv[1], "r");
    if (!in) {
        perror(argv[1]);
        return 1;
    }
    size_t top = argc > 2 ? (size_t)atoi(argv[2]) : 10, total = 0, len = 0;
    char word[64];
    grow();
    for (int c = getc(in);; c = getc(in)) {
        if (c != EOF && isalpha(c)) {
            if (len < sizeof word - 1) word[len++] = (char)tolower(c);
        } else if (len) {
            word[len] = 0;
            len = 0;
            total++;
            count_word(word);
        }
        if (c == EOF) break;
    }
    fclose(in);
    size_t different = used;
    qsort(table, capacity, sizeof *table, by_count);
    printf("%zu words, %zu different\n", total, different);
    for (size_t i = 0; i < top && i < different; i++)
        printf("%7u  %s\n", table[i].count, table[i].word);
    return 0;
}
