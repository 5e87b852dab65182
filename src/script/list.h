// list.h -- a script's commands as data, for whoever writes them down in another form. Nothing is
// run.
//
// Commands have the names that wast2json gives them; where it knows none, those of wasm-tools'
// json-from-wast.
#pragma once

#include "script/value.h"

// Arguments or results, in the words of the script: one after the other.
typedef struct { Lexer at; bool broken; } ScriptValues;
// False: there are no more; or `broken`, and this is none.
bool script_value(ScriptValues *values, Expected *out);

typedef enum { SCRIPT_FILE_none, SCRIPT_FILE_binary, SCRIPT_FILE_text } ScriptFile;

typedef struct {
    const char *type;       // "module", "assert_return", ...
    u32 line;               // of what it is about
    Bytes id, base;         // without "$"; data NULL: none. base: of an instance
    Bytes as;               // of register; data NULL: none
    Bytes text;             // that is expected; data NULL: none
    ScriptFile file;        // the module that it is, or is about
    Bytes bytes;
    const char *action;     // "invoke", "get", or NULL
    Bytes of, field;        // the instance's id, or none; the export
    ScriptValues arguments;
    bool returns;           // `results` are what is expected; else only the types are known
    ScriptValues results;
    u32 type_count;
    const Type *types;
} ScriptItem;

// What it points to lasts until the list ends. False: no more is wanted.
typedef bool ScriptItemHook(void *env, const ScriptItem *item);

typedef struct {
    u32 left_out;           // components, threads and what is about them
    u32 line, column;       // of what is broken, or 0
    char why[400];
} ScriptListed;

// False: a command cannot be read, and *listed says which and why; or no more was wanted, and it
// says where; or memory is short, and line is 0.
bool script_list(const char *src, size_t len, Features features, ScriptItemHook *hook, void *env,
                 ScriptListed *listed);
