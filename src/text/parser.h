// parser.h -- what the files of the parser share. Private to text/.
//
// Two passes over the text. The first (parse_scan.c) finds what is declared: identifiers and counts
// of all index spaces, and where the types are; those are read next. The second reads everything
// else in order and writes each section as it goes:
//
//     text --scan--> ids, counts --types--> type section --fields--> sections --parse.c--> bytes
//
// Failure is sticky: the first one is kept in *diag, and from then on every token is TOKEN_error,
// which no rule expects. So rules read straight on, and loops ask for the token that continues
// them.
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "text/lexer.h"
#include "text/parse.h"

typedef enum {
    SPACE_type, SPACE_func, SPACE_table, SPACE_memory, SPACE_global, SPACE_tag, SPACE_elem,
    SPACE_data, SPACE_COUNT,
} Space;

// Annotations that mean something here. They are read when met and belong to the token they
// precede.
typedef enum { NOTE_name, NOTE_custom, NOTE_metadata } NoteKind;
typedef struct {
    NoteKind kind;
    u32 start;      // in the text
    bool used;
    Bytes name;     // NOTE_name; of the section
    Bytes content;  // NOTE_custom, NOTE_metadata
    u32 place;      // NOTE_custom: see Custom
    u32 next;       // NOTE_metadata: 1 + another of the same instruction; 0 none
} Note;

typedef struct {
    TokenKind kind;
    u32 start, len;
    u32 note_first, note_end; // annotations just before it
} Tok;

// A section, or a part of one, being written.
typedef struct {
    Buf buf;
    u32 items;
    SourcePos *map; // binary is relative to buf
    u32 map_count, map_cap;
} Part;

typedef struct {
    Bytes sig;    // of a function type: its encoding, by which signatures are compared; else NULL
    u32 params;
    Map *fields;  // names of a structure's fields, or NULL
} TypeEntry;

typedef struct {
    u32 outer; // function or type, for locals, labels and fields
    u32 index;
    Bytes name;
} Name;

typedef struct {
    Name *items;
    u32 count, cap;
} NameList;

typedef struct {
    Bytes name, content;
    u32 place; // 2 * position of a section (order of writing, from 1), + 1 if after it
} Custom;

// Of an instruction; and all of a section metadata.code.X.
typedef struct {
    u32 func, offset;
    Bytes content;
} Metadata;

typedef struct {
    Bytes name;
    Metadata *items;
    u32 count, cap;
} MetadataList;

typedef struct {
    u32 start, end;
} TextRange;

// An open parenthesis or block of an instruction sequence; see parse_expr.c.
typedef struct {
    u8 kind;      // FrameKind
    u16 op;
    u32 start;    // in the text
    u32 note;     // 1 + the first NOTE_metadata in front of it; 0 none
    u32 label;    // id, 0 none
    u32 shadowed; // what label_depths[label] was outside
    u32 pending;  // where its bytes begin in Parser.pending
} Frame;

typedef struct {
    Lexer lex;
    Tok tok, ahead;
    u32 past;        // where the token ended that was passed over last
    const char *src;
    Arena *arena;    // of the result
    Arena scratch;   // everything else, freed at the end
    Arena function;  // names of one function's locals, reset after it
    Features features;
    Diag *diag;

    Note *notes;
    u32 note_count, note_cap;
    bool read_notes;

    Map ids[SPACE_COUNT];
    u32 declared[SPACE_COUNT]; // how many the text declares
    u32 next[SPACE_COUNT];     // the index of the next one that is read
    TextRange *type_forms;
    u32 type_form_count, type_form_cap, type_form_next;

    TypeEntry *types;
    u32 type_count, type_cap;
    Map sigs; // encoding of a plain function type to its first index
    // What an identifier of a type means that is none of `ids`, unless it is NULL: text/component.
    bool (*outer_type)(void *env, Bytes name, u32 *index);
    void *outer_env;

    // The signature read last
    Buf sig_params, sig_results, sig_key;
    u32 sig_param_count, sig_result_count;

    Part type_section, import_section, func_section, table_section, memory_section, tag_section;
    Part global_section, export_section, start_section, elem_section, code_section, data_section;
    bool needs_data_count;
    u32 imported_funcs;
    Space defined; // kind of a definition that was met; SPACE_type: none yet

    bool in_function;
    size_t body_start; // of the body being written, in code_section
    u32 local_count;
    Map locals;        // of the current function
    Buf pending;       // folded instructions whose operands are not yet complete
    Frame *frames;
    u32 frame_count, frame_cap;
    Map labels;        // every label name to an id, from 1
    // by id: how many labels were open when the innermost one of this name was; 0 none
    u32 *label_depths;
    u32 label_id_count, label_id_cap;
    Bytes *label_texts; // by id, too
    u32 label_text_count, label_text_cap;
    u32 label_depth;   // labels open now
    // blocks written in this function, by which labels are numbered in the name section
    u32 block_count;

    Bytes module_name;
    bool has_module_name;
    NameList names[SPACE_COUNT], local_names, label_names, field_names;
    Custom *customs;
    u32 custom_count, custom_cap;
    MetadataList *metadata; // in the order in which there were some
    u32 metadata_count, metadata_cap;
    Map metadata_names;     // name -> index of those
    Map skipped_names;      // of annotations that mean nothing here
    TextSkipped *skipped;
    u32 skipped_count, skipped_cap;
    Bytes layout;           // of @weft.layout
} Parser;

// parse.c
void parser_init(Parser *p, Arena *arena, const char *src, size_t start, size_t end,
                 Features features, const Pace *pace); // p->diag is there already
Err parser_short(const Parser *p, const Arena *arena);  // why memory is short

// parser.c: tokens
void parser_seek(Parser *p, size_t offset); // the next token is looked for there
void advance(Parser *p);
void fail_at(Parser *p, Err err, size_t at, const char *fmt, ...) PRINTF_LIKE(4, 5);
void misplaced(Parser *p, const Note *note);
void unexpected(Parser *p, const char *expected); // the current token
void expect(Parser *p, TokenKind kind, const char *what);
bool at_word(const Parser *p, const char *keyword);
bool at_form(const Parser *p, const char *keyword); // "(" and then the keyword
bool at_script(const Parser *p);                    // a command of a script
bool open_word(Parser *p, const char *keyword);     // passes over the keyword if it is there
bool open_form(Parser *p, const char *keyword);     // passes over both if they are there
void close_form(Parser *p);
Token this_token(const Parser *p); // the current one, for the functions of lexer.h
bool take_note(Parser *p, NoteKind kind, Note *note); // one that stands before the current token

// parser.c: small things
bool at_index(const Parser *p); // a natural number or an identifier
u32 read_u32(Parser *p, const char *what);
u64 read_u64(Parser *p, const char *what);
u32 read_index(Parser *p, Space space);
u32 read_index_or(Parser *p, Space space, u32 missing);
u32 read_local(Parser *p);
Bytes read_string(Parser *p);
Bytes parse_name(Parser *p); // a string that is UTF-8
Bytes id_name(Parser *p, Token t, bool *ok); // of an identifier; reports what is wrong with it
// An optional identifier and @name of item `index`, for the name section. The identifier itself was
// bound by the scan.
void read_item_name(Parser *p, Space space, u32 index);

void part_init(Part *part, Arena *arena);
void part_mark(Parser *p, Part *part, u32 text); // what is written next comes from there
void part_append(Parser *p, Part *to, const Part *from);

// parse_scan.c
void scan_fields(Parser *p);

// parse_type.c
typedef struct {
    bool null, exact;
    // a type index, or the code of an abstract type as the negative number that it encodes
    s64 heap;
} RefType;
typedef struct {
    u64 min, max;
    bool has_max, shared, is64, has_page;
    u32 page_log2;
} TextLimits;
typedef enum { NAMES_refused, NAMES_ignored, NAMES_bound } ParamNames;

bool at_ref_type(const Parser *p);
RefType read_heap_type(Parser *p);
RefType read_ref_type(Parser *p);
void write_heap_type(Buf *out, RefType r);
void write_ref_type(Buf *out, RefType r);
void read_value_type(Parser *p, Buf *out);
void bind_local(Parser *p, u32 index); // an optional name
u32 read_type_use(Parser *p, ParamNames names);
void read_block_type(Parser *p, Buf *out);
void read_types(Parser *p); // every form that the scan found
// A type at its "(", or several behind "(rec", up to the ")" that ends the group. Whoever calls
// bound their identifiers.
void read_one_type(Parser *p, Part *out);
void read_rec(Parser *p, Part *out);
bool read_address_type(Parser *p);
TextLimits read_limits(Parser *p, bool is64);
void read_page_size(Parser *p, TextLimits *limits);
void write_limits(Buf *out, const TextLimits *limits);

// parse_instr.c: opcode and immediates of everything but blocks
void read_instruction(Parser *p, Op op, Buf *out);
void write_op(Buf *out, Op op);
u32 read_label(Parser *p);
void read_catches(Parser *p, Buf *out);
void unknown_operator(Parser *p);

// parse_expr.c: instructions, flat and folded, up to a ")" that is not theirs. No `end` is written.
void read_expression(Parser *p, Part *out);
void read_folded(Parser *p, Part *out); // one instruction in parentheses

// parse_field.c
void read_fields(Parser *p);
// (func $id? type) and the like, kind included. The identifier is not bound.
void read_core_extern(Parser *p, Buf *out);

// parse_name.c
// at the start of an annotation: passes over it, and keeps it if it means something
bool read_note(Parser *p);
void write_name_section(Parser *p, Buf *out);
bool read_dylink(Parser *p, Buf *out); // parse_dylink.c: false after a failure
void write_metadata(Parser *p, const MetadataList *list, Buf *out);
