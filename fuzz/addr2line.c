// addr2line.c -- `weft addr2line` of any offsets in any module that is valid ends, in words and in
// JSON alike. The first four bytes are the offset of which it asks.
// Hazards: R44, R45.

#include "command.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    char offset[20];
    u32 value = 0;
    if (size < 4) return 0;
    memcpy(&value, data, 4);
    snprintf(offset, sizeof offset, "0x%x", value);
    File file = file_new(data + 4, size - 4);
    Said words = said(cli_addr2line, (const char *[]){"addr2line", file.name, "0", "40", offset,
                                                      "0x2c", "18446744073709551615", NULL});
    Said json = said(cli_addr2line, (const char *[]){"addr2line", "--json", "--code", file.name,
                                                     "0", "2", offset, NULL});
    MUST(words.out_size || words.err_size);
    MUST(json.out_size || json.err_size);
    said_free(&words);
    said_free(&json);
    close(file.fd);
    return 0;
}
