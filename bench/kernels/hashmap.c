// hashmap.c -- strings, allocation and pointers: counts words in chained buckets.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Node {
    struct Node *next;
    unsigned count;
    char word[];
} Node;

static Node **buckets;
static unsigned size = 64, used;

static unsigned hash(const char *s)
{
    unsigned h = 2166136261u;
    while (*s) h = (h ^ (unsigned char)*s++) * 16777619u;
    return h;
}

static void grow(void)
{
    Node **fresh = calloc(size * 2, sizeof *fresh);
    for (unsigned i = 0; i < size; i++)
        for (Node *n = buckets[i], *next; n; n = next) {
            next = n->next;
            Node **b = &fresh[hash(n->word) % (size * 2)];
            n->next = *b;
            *b = n;
        }
    free(buckets);
    buckets = fresh;
    size *= 2;
}

static void add(const char *word)
{
    Node **b = &buckets[hash(word) % size];
    for (Node *n = *b; n; n = n->next)
        if (!strcmp(n->word, word)) {
            n->count++;
            return;
        }
    Node *n = malloc(sizeof *n + strlen(word) + 1);
    strcpy(n->word, word);
    n->count = 1;
    n->next = *b;
    *b = n;
    if (++used > size) grow();
}

int main(void)
{
    uint32_t seed = 7;
    buckets = calloc(size, sizeof *buckets);
    for (int i = 0; i < 300000; i++) {
        char word[16];
        int length = 3 + i % 9;
        for (int k = 0; k < length; k++) {
            seed = seed * 1664525u + 1013904223u;
            word[k] = "etaoinshrdlu"[(seed >> 24) % (k < 4 ? 12 : 3)];
        }
        word[length] = 0;
        add(word);
    }
    unsigned long long sum = 0;
    for (unsigned i = 0; i < size; i++)
        for (Node *n = buckets[i]; n; n = n->next)
            sum += (unsigned long long)n->count * n->count * strlen(n->word);
    printf("hashmap %u %llu\n", used, sum);
    return 0;
}
