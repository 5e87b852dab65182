// name.h -- names of components, parsed: labels, annotations, interfaces, versions.
// spec: Explainer/import and export definitions, name uniqueness
#pragma once

#include "base/arena.h"
#include "op/op.h"

typedef enum {
    CNAME_label,       // load-all
    CNAME_constructor, // [constructor]file
    CNAME_method,      // [method]file.read
    CNAME_static,      // [static]file.open
    CNAME_interface,   // wasi:http/types@0.2.1
} CNameKind;

typedef struct {
    CNameKind kind;
    Bytes text;    // all of it; the others are parts of that
    Bytes label;   // the resource's where there is an annotation; of an interface the last one
    Bytes member;  // of a method or static function
    Bytes version; // behind @, or empty
} CName;

// Kebab case: words of small letters, acronyms of capitals, the first begins with a letter.
bool clabel_valid(Bytes text);
// False: *why says what is wrong, with *part the part of it.
bool cname_parse(Bytes text, Features features, CName *out, const char **why, Bytes *part);
// A suffix that makes a semantic version of a canonical one.
bool cversion_suffix_fits(Bytes canonical, Bytes suffix);
// Two names that have the same key are not strongly unique. It lives in `arena`.
Bytes cname_key(Arena *arena, const CName *name);
Bytes clabel_key(Arena *arena, Bytes label);
// Up to where versions have to agree to do for each other: 1, 0.2, 0.0.1. Part of it.
Bytes cversion_track(Bytes version);
// The name with that much of its version: a:b/c@1, a:b/c@0.2.
// spec: Explainer/canonical interface names
Bytes cname_canonical(Bytes name);
