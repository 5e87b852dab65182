// makers.c -- see makers.h.

#include "cli/makers.h"

const char *const about_names[ABOUT_COUNT] = {"authors",  "description", "licenses", "source",
                                              "homepage", "revision",    "version"};

void producers_read(Reader *r, ProducerHook *hook, void *env)
{
    for (u32 fields = read_count(r, 2); fields && !reader_failed(r); fields--) {
        Bytes field = read_name(r);
        for (u32 values = read_count(r, 2); values && !reader_failed(r); values--) {
            Bytes name = read_name(r), version = read_name(r);
            if (!reader_failed(r)) hook(env, field, name, version);
        }
    }
}

void producer_json(void *env, Bytes field, Bytes name, Bytes version)
{
    Json *j = env;
    json_open(j, NULL, '{');
    json_string(j, "field", field);
    json_string(j, "name", name);
    json_string(j, "version", version);
    json_close(j, '}');
}

void target_features_read(Reader *r, TargetFeatureHook *hook, void *env)
{
    for (u32 count = read_count(r, 2); count && !reader_failed(r); count--) {
        const u8 *at = r->pos;
        char prefix = (char)read_u8(r);
        if (!reader_failed(r) && prefix != '+' && prefix != '-' && prefix != '=')
            reader_fail(r, ERR_malformed_custom, at, "a feature with the prefix 0x%02x",
                        (u32)(u8)prefix);
        Bytes name = read_name(r);
        if (!reader_failed(r)) hook(env, prefix, name);
    }
}

void target_feature_json(void *env, char prefix, Bytes name)
{
    Json *j = env;
    json_open(j, NULL, '{');
    json_string(j, "prefix", (Bytes){(const u8 *)&prefix, 1});
    json_string(j, "name", name);
    json_close(j, '}');
}
