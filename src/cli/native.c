// native.c -- weft inspect --native: each instruction of a function, and below it the code that was
// made for it.
//
//     ; gcd.c:3:10                                   in the source, if the module tells it
//     0x000038  i64.eqz                              offset in the module
//         0030  48 83 7d 80 00     cmp qword ...     offset in the function's code
//
// Labels stand where branches or the runtime come to. Behind the body are the pieces that are rare,
// each with the instruction that it is of, constants, and tables of branches.

#include "cli/native.h"

#include "cli/funcs.h"
#include "cli/places.h"
#include "engine/engine.h"
#include "jit/listing.h"
#include "jit/runtime.h"
#include "run/memory.h"
#include "text/print/print.h"

#include <stdlib.h>
#include <string.h>

enum { REGISTERS = 16, BYTES_SHOWN = 8, NAME_MOST = 200, SECONDS = 20 };

// A line of the body's text, as it is with its offset in front.
typedef struct {
    u32 offset; // LIST_HEAD: what is in front of the body
    Bytes text;
} TextLine;

typedef struct {
    const Module *m;
    const NativeView *how;
    u32 func;
    Arena *arena;
    Listing code;
    TextLine *lines;
    u32 line_count, line_cap;
    const WherePlace *places; // of each line
    const WherePlace *place;  // shown last, or NULL
    Json json;
    u32 line, label, field; // the next of each
    s64 numbers[REGISTERS]; // that were moved there last: arguments of calls
} Shown;

// ---- What is called

static const char *const runtime_names[RUNTIME_COUNT] = {
#define RUNTIME(name, kind) [RUNTIME_##name] = #name,
#include "run/native.def"
};
static const char *const slow_names[SLOW_COUNT] = {
#define SLOW(name, ...) [SLOW_##name] = #name,
#include "run/slow.def"
};

static void add_text(Buf *b, const char *text) { buf_bytes(b, text, strlen(text)); }

// By what was moved to registers in front of the call, as jit/ does.
static void add_callee(Shown *s, Buf *b, u32 slot)
{
    enum { RAX };
    char number[16];
    if (slot >= RUNTIME_COUNT) {
        u32 func = slot - RUNTIME_COUNT;
        Bytes name = module_own_func_name(s->m, func);
        snprintf(number, sizeof number, "func %u", func);
        add_text(b, number);
        if (name.len) buf_byte(b, ' ');
        buf_bytes(b, name.data, MIN(name.len, NAME_MOST));
        return;
    }
    add_text(b, runtime_names[slot]);
    u64 which = (u64)s->numbers[RAX];
    if (slot == RUNTIME_trap && which < TRAP_COUNT) {
        add_text(b, ": ");
        add_text(b, trap_text[which]);
    } else if (slot == RUNTIME_slow && which < SLOW_COUNT) {
        add_text(b, ": ");
        add_text(b, slow_names[which]);
    }
}

// ---- Code

static void show_label(Shown *s, const CheckLabel *l)
{
    static const char *const names[] = {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"};
    if (s->how->json) return; // they have a list of their own
    printf("    %04x:", l->offset);
    if (l->kind & (CHECK_resume | CHECK_entry)) fputs(" entered by the runtime", stdout);
    if (l->zext) fputs(" zero-extended", stdout);
    for (u32 i = 0; i < REGISTERS; i++) {
        if (!(l->zext >> i & 1)) continue;
        if (i < COUNT_OF(names)) printf(" %s", names[i]);
        else printf(" r%ud", i);
    }
    putchar('\n');
}

// 16 at most.
static void show_bytes(Shown *s, u32 at, u32 count)
{
    char text[3 * 16 + 1] = "";
    for (u32 i = 0; i < count; i++)
        snprintf(text + 3 * i, 4, "%02x ", s->code.in.bytes[at + i]);
    text[3 * count - 1] = 0;
    if (s->how->json) json_text(&s->json, "bytes", text);
    else printf("    %04x  %s", at, text);
}

static void show_instr(Shown *s, u32 at, const CheckInstr *in)
{
    char text[CHECK_TEXT];
    Buf callee;
    buf_init(&callee, s->arena);
    if (in->row == CHECK_ROW_mov_ri) s->numbers[in->rm] = in->imm;
    if (s->field < s->code.field_count && s->code.fields[s->field] < at + in->length)
        add_callee(s, &callee, s->code.slots[s->field++]);
    if (in->row == CHECK_ROW_none) strcpy(text, "?"); // which could not be run
    else check_text_x64(in, at, text);
    if (s->how->json) {
        json_open(&s->json, NULL, '{');
        json_number(&s->json, "at", at);
        show_bytes(s, at, in->length);
        json_text(&s->json, "text", text);
        if (callee.len) json_string(&s->json, "slot", buf_view(&callee));
        json_close(&s->json, '}');
        return;
    }
    show_bytes(s, at, in->length);
    printf("%*s  %s", in->length < BYTES_SHOWN ? 3 * (BYTES_SHOWN - in->length) : 0, "", text);
    if (callee.len) fputs("   ; ", stdout), print_tame(stdout, buf_view(&callee));
    putchar('\n');
}

static void show_code(Shown *s, u32 from, u32 to)
{
    const Listing *l = &s->code;
    while (from < to) {
        CheckInstr in;
        for (; s->label < l->in.label_count && l->in.labels[s->label].offset <= from; s->label++)
            show_label(s, &l->in.labels[s->label]);
        if (!check_decode_x64(l->in.bytes + from, to - from, &in)) in = (CheckInstr){.length = 1};
        show_instr(s, from, &in);
        from += in.length;
    }
}

// ---- Parts

static bool keep_line(void *env, u32 offset, const void *text, size_t len)
{
    Shown *s = env;
    const u8 *kept = arena_copy(s->arena, text, len);
    ARENA_PUSH(s->arena, s->lines, s->line_count, s->line_cap) =
        (TextLine){offset, {kept, len}};
    return true;
}

// Where the source of a line is, if that is not where the source of the one before was.
static void show_place(Shown *s, const WherePlace *place)
{
    if (!place_has_line(place) || (s->place && place_same(s->place, place))) return;
    fputs("  ; ", stdout);
    print_place_short(stdout, place);
    putchar('\n');
    s->place = place;
}

// What stands in front of the instruction at this offset, which nobody comes to, and itself.
static void show_lines(Shown *s, u32 offset)
{
    for (; s->line < s->line_count; s->line++) {
        const TextLine *line = &s->lines[s->line];
        if (line->offset != LIST_HEAD && line->offset > offset) return;
        show_place(s, &s->places[s->line]);
        fwrite(line->text.data, 1, line->text.len, stdout);
    }
}
static void show_heads(Shown *s)
{
    for (; s->line < s->line_count && s->lines[s->line].offset == LIST_HEAD; s->line++)
        fwrite(s->lines[s->line].text.data, 1, s->lines[s->line].text.len, stdout);
}

static u32 part_end(const Shown *s, u32 i)
{
    return i + 1 < s->code.part_count ? s->code.parts[i + 1].at : s->code.in.code_size;
}

static void show_parts(Shown *s)
{
    for (u32 i = 0; i < s->code.part_count; i++) {
        const ListingPart *part = &s->code.parts[i];
        if (!i) show_heads(s);
        else if (!part->late) show_lines(s, part->offset);
        else if (!s->code.parts[i - 1].late) show_lines(s, UINT32_MAX - 1);
        if (part->late) printf("  0x%06x  %s\n", part->offset, part->late);
        show_code(s, part->at, part_end(s, i));
    }
    show_lines(s, UINT32_MAX - 1);
}

// The line of the instruction at this offset, or NULL.
static const TextLine *line_at(const Shown *s, u32 offset)
{
    u32 low = 0, high = s->line_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        u32 at = s->lines[middle].offset;
        if (at == LIST_HEAD || at < offset) low = middle + 1;
        else high = middle;
    }
    if (low == s->line_count || s->lines[low].offset != offset) return NULL;
    return &s->lines[low];
}

// Its text, without what stands around it.
static void json_instruction(Shown *s, u32 offset)
{
    enum { OFFSET_COLUMNS = 10 };
    const TextLine *line = line_at(s, offset);
    Bytes text = line ? line->text : (Bytes){NULL, 0};
    u32 skip = OFFSET_COLUMNS;
    while (skip < text.len && text.data[skip] == ' ') skip++;
    if (line) text = (Bytes){text.data + skip, text.len - skip - 1};
    json_string(&s->json, "instruction", text);
    const WherePlace *place = line ? &s->places[line - s->lines] : NULL;
    if (place && place->count) json_place(&s->json, "source", place);
}

static void json_parts(Shown *s)
{
    Json *j = &s->json;
    json_open(j, "parts", '[');
    for (u32 i = 0; i < s->code.part_count; i++) {
        const ListingPart *part = &s->code.parts[i];
        json_open(j, NULL, '{');
        json_text(j, "kind", !i ? "entry" : part->late ? "late" : "instruction");
        json_number(j, "offset", part->offset);
        if (part->late) json_text(j, "why", part->late);
        if (i) json_instruction(s, part->offset);
        json_open(j, "code", '[');
        show_code(s, part->at, part_end(s, i));
        json_close(j, ']');
        json_close(j, '}');
    }
    json_close(j, ']');
}

// ---- What is behind the code

static u32 constants_start(const Listing *l) { return (l->in.code_size + 15) & ~(u32)15; }
static u32 constants_end(const Listing *l)
{
    return l->in.table_count ? l->in.tables[0].offset : l->in.size;
}

static u32 table_target(const Listing *l, const CheckTable *t, u32 i)
{
    s32 distance;
    memcpy(&distance, l->in.bytes + t->offset + 4 * (size_t)i, sizeof distance);
    return t->offset + (u32)distance;
}

static void show_data(Shown *s)
{
    enum { ON_A_LINE = 8 };
    const Listing *l = &s->code;
    if (constants_start(l) < constants_end(l)) puts("  constants");
    for (u32 at = constants_start(l); at < constants_end(l); at += 8)
        show_bytes(s, at, 8), putchar('\n');
    for (u32 i = 0; i < l->in.table_count; i++) {
        puts("  table");
        for (u32 k = 0; k < l->in.tables[i].count; k++) {
            u32 at = l->in.tables[i].offset + 4 * k;
            if (k % ON_A_LINE == 0) printf("%s    %04x ", k ? "\n" : "", at);
            printf(" -> %04x", table_target(l, &l->in.tables[i], k));
        }
        putchar('\n');
    }
}

static void json_labels(Shown *s)
{
    Json *j = &s->json;
    json_open(j, "labels", '[');
    for (u32 i = 0; i < s->code.in.label_count; i++) {
        const CheckLabel *l = &s->code.in.labels[i];
        json_open(j, NULL, '{');
        json_number(j, "at", l->offset);
        json_number(j, "zero_extended", l->zext);
        json_bool(j, "runtime", l->kind & (CHECK_resume | CHECK_entry));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_data(Shown *s)
{
    const Listing *l = &s->code;
    Json *j = &s->json;
    json_open(j, "constants", '[');
    for (u32 at = constants_start(l); at < constants_end(l); at += 8) {
        json_open(j, NULL, '{');
        json_number(j, "at", at);
        show_bytes(s, at, 8);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_open(j, "tables", '[');
    for (u32 i = 0; i < l->in.table_count; i++) {
        json_open(j, NULL, '{');
        json_number(j, "at", l->in.tables[i].offset);
        json_open(j, "targets", '[');
        for (u32 k = 0; k < l->in.tables[i].count; k++)
            json_number(j, NULL, table_target(l, &l->in.tables[i], k));
        json_close(j, ']');
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_all(Shown *s)
{
    Json *j = &s->json;
    Bytes name = module_func_name(s->m, s->func);
    json_init(j, stdout, s->arena);
    json_open(j, NULL, '{');
    json_number(j, "function", s->func);
    if (name.data) json_string(j, "name", name);
    else json_null(j, "name");
    json_number(j, "size", s->code.in.size);
    json_number(j, "code_size", s->code.in.code_size);
    json_number(j, "frame_slots", s->code.in.native->frame_slots);
    json_parts(s);
    json_labels(s);
    json_data(s);
    json_close(j, '}');
}

static void show_all(Shown *s)
{
    show_parts(s);
    show_data(s);
    printf("\n%u bytes of code, %u behind it; a frame of %u slots\n", s->code.in.code_size,
           s->code.in.size - s->code.in.code_size, s->code.in.native->frame_slots);
}

// ---- The command

// The mode that an instance has, where its memories are this module's own.
static u32 mode_of(const Module *m, const NativeView *how)
{
    bool guarded = how->faults && m->memory_count && memory_suits_guards(&m->memories[0].type);
    return how->mode | CODE_compiled | (guarded ? CODE_guarded : 0);
}

// Of each line; what is in front of the body has none.
static WhereTrouble ask_places(Shown *s)
{
    u32 *offsets = NEW_ARRAY(s->arena, u32, s->line_count);
    for (u32 i = 0; i < s->line_count; i++)
        offsets[i] = s->lines[i].offset == LIST_HEAD ? 0 : s->lines[i].offset;
    Where w = {.m = s->m, .file = s->how->file, .seconds = SECONDS, .offsets = offsets,
               .offset_count = s->line_count};
    where_ask(&w, s->arena);
    s->places = w.places;
    return w.trouble;
}

// The arena's failure ends up here; nothing that was set before the jump is read after it.
static Compiled show_guarded(Shown *s, ModuleCode *code)
{
    jmp_buf failure;
    Diag diag;
    s->arena->on_failure = &failure;
    if (setjmp(failure)) return COMPILED_short;
    Compiled made = jit_list(code, s->func, s->arena, &s->code);
    if (made != COMPILED) return made;
    if (!module_list_bodies(s->m, s->func, keep_line, s, &diag)) return COMPILED_short;
    WhereTrouble trouble = ask_places(s);
    if (s->how->json) json_all(s);
    else show_all(s);
    fflush(stdout);
    if (trouble) fprintf(stderr, "note: %s\n", where_trouble_text[trouble]);
    return COMPILED;
}

static int print_func(const Module *m, const NativeView *how, u32 func)
{
    Err why;
    ModuleCode *code = code_of_module(m, mode_of(m, how), &why);
    if (!code) return cli_error(EXIT_INPUT, "out of memory");
    Arena arena;
    arena_init(&arena);
    Shown s = {.m = m, .how = how, .func = func, .arena = &arena};
    Compiled made = show_guarded(&s, code);
    arena_free(&arena);
    if (made == COMPILED) return EXIT_OK;
    if (made == COMPILED_short) return cli_error(EXIT_INPUT, "out of memory");
    return cli_error(EXIT_INPUT, "function %u cannot be compiled: it is interpreted", func);
}

u32 native_func(const Module *m, const char *word)
{
    u32 func = func_meant(m, word);
    if (func == DIAG_NO_FUNC) cli_error(0, "there is no function \"%s\"", word);
    else if (func >= m->imported_funcs) return func;
    else cli_error(0, "function %u is imported", func);
    return DIAG_NO_FUNC;
}

bool native_try(const Module *m, const NativeView *how, u32 func)
{
    Err why;
    Arena arena;
    Listing listing;
    ModuleCode *code = code_of_module(m, mode_of(m, how), &why);
    if (!code) return false;
    arena_init(&arena);
    if (NATIVE) jit_list(code, func, &arena, &listing);
    arena_free(&arena);
    return true;
}

int print_native(const Module *m, const NativeView *how)
{
    u32 func = native_func(m, how->func);
    if (func == DIAG_NO_FUNC) return EXIT_INPUT;
    return NATIVE ? print_func(m, how, func) : cli_error(EXIT_INPUT, "this build has no compiler");
}
