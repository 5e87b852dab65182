// doctor.c -- `weft doctor` of any file says whether it would run, the same in words and in JSON.
// Hazards: R44, R45.

#include "command.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    File file = file_new(data, size);
    Said words = said(cli_doctor, (const char *[]){"doctor", file.name, NULL});
    Said json = said(cli_doctor, (const char *[]){"doctor", "--json", file.name, NULL});
    MUST(words.status == json.status);
    MUST(strstr(words.out, json.status ? "it would not run here:" : "it would run here\n"));
    MUST(strstr(json.out, json.status ? "\"runs\": false" : "\"runs\": true"));
    said_free(&words);
    said_free(&json);
    close(file.fd);
    return 0;
}
