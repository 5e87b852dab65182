// self.c -- rewrites the bytes of a function that was not called yet in the file that this program
// came from, or cuts that file, then calls the function: `self.wasm valid|invalid|cut FILE`.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

__attribute__((noinline)) static int late(void)
{
    __asm__ volatile("");
    return 0x1234567;
}

// i32.const 0x1234567 in the file, and what is put in its place.
static const unsigned char was[] = {0x41, 0xe7, 0x8a, 0x8d, 0x09};
static const unsigned char valid[] = {0x41, 0xa1, 0x86, 0x95, 0x3b};   // another number
static const unsigned char invalid[] = {0x20, 0xff, 0xff, 0x7f, 0x01}; // local.get 2097151; nop

static int rewrite(const char *name, const unsigned char *now)
{
    static unsigned char bytes[1 << 20];
    FILE *f = fopen(name, "r+b");
    if (!f) return 0;
    size_t n = fread(bytes, 1, sizeof bytes, f);
    int hits = 0;
    for (size_t i = 0; i + sizeof was <= n; i++) {
        if (memcmp(bytes + i, was, sizeof was)) continue;
        fseek(f, (long)i, SEEK_SET);
        fwrite(now, 1, sizeof was, f);
        hits++;
    }
    fclose(f);
    return hits;
}

int main(int argc, char **argv)
{
    int done = argc < 3               ? 0
               : !strcmp(argv[1], "cut") ? close(open(argv[2], O_RDWR | O_TRUNC)) == 0
                                         : rewrite(argv[2], argv[1][0] == 'v' ? valid : invalid);
    printf("%d %x\n", done != 0, late());
    return 0;
}
