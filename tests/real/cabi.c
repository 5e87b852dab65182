// cabi.c -- how the adapter that makes a component of a program asks for memory. Without it the
// adapter lets memory grow, and wasi-libc from before December 2022, as Debian 12 has it, takes all
// that memory has when it is first asked for its own.
#include <stdlib.h>

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size,
                                                                size_t align, size_t size)
{
    (void)old_size, (void)align; // what malloc gives is aligned for anything
    return realloc(old, size);
}
