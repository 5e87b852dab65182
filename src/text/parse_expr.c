// parse_expr.c -- sequences of instructions, flat and folded, without recursion. See parser.h.
//
//     (i32.add (local.get 0) (i32.const 1))      frames: plain        pending: 6a
//     block $l ... end                           frames: block        written at once
//     (if $l (result i32) (c) (then a) (else b)) frames: if, then     pending: 04 7f, until "(then"
//
// What is open is a stack of frames. A folded instruction is encoded when it is met but must be
// written after its operands, so its bytes wait on a second stack, `pending`. Labels are kept by
// name: for each, how many labels were open when its innermost use was, so that looking one up
// takes the same time however deep it is.
// spec: text/instructions

#include "text/parser.h"

#include <string.h>

typedef enum {
    // Closed by `end` (or delegate)
    FLAT_block,     // and loop, try_table
    FLAT_if,
    FLAT_else,
    FLAT_try,
    FLAT_catch,
    FLAT_catch_all,
    // Closed by ")"
    FOLD_block,     // instructions, then an `end` is written
    FOLD_body,      // instructions: the parts of if and try
    FOLD_plain,     // operands: folded in the spec, but other tools take flat ones, and so do we
    FOLD_if,        // waits for "(then" after folded operands
    FOLD_then,      // "(then" was there
    FOLD_else,      // "(else" was there
    FOLD_try,       // waits for "(do"
    FOLD_do,        // "(do" was there
    FOLD_catch,
    FOLD_catch_all,
    FOLD_delegate,  // it has ended by itself
} FrameKind;

static void add_label_id(Parser *p, Bytes name)
{
    ARENA_PUSH(&p->scratch, p->label_depths, p->label_id_count, p->label_id_cap) = 0;
    ARENA_PUSH(&p->scratch, p->label_texts, p->label_text_count, p->label_text_cap) = name;
}

// The label's id, from 1; 0 when there is none.
static u32 read_label_name(Parser *p)
{
    if (p->tok.kind != TOKEN_id) return 0;
    bool ok;
    Token t = this_token(p);
    Bytes name = id_name(p, t, &ok);
    if (!ok) return 0;
    advance(p);
    if (!p->label_id_count) add_label_id(p, (Bytes){0});
    if (map_add(&p->labels, name.data, name.len, p->label_id_count)) add_label_id(p, name);
    return *map_get(&p->labels, name.data, name.len);
}

// A block's instruction was written. Blocks of a function are numbered in that order.
static void count_block(Parser *p, const Frame *f)
{
    if (!p->in_function) return;
    if (f->label)
        ARENA_PUSH(&p->scratch, p->label_names.items, p->label_names.count, p->label_names.cap) =
            (Name){p->next[SPACE_func], p->block_count, p->label_texts[f->label]};
    p->block_count++;
}

static void push_label(Parser *p, Frame *f)
{
    p->label_depth++;
    if (!f->label) return;
    f->shadowed = p->label_depths[f->label];
    p->label_depths[f->label] = p->label_depth;
}

static void pop_label(Parser *p, const Frame *f)
{
    p->label_depth--;
    if (f->label) p->label_depths[f->label] = f->shadowed;
}

// After else or end: an identifier must be the block's.
static void repeat_label(Parser *p, const Frame *f)
{
    if (p->tok.kind != TOKEN_id) return;
    u32 at = p->tok.start, len = p->tok.len, label = read_label_name(p);
    if (label != f->label)
        fail_at(p, ERR_mismatching_label, at, "\"%.*s\" is not the label of this block",
                (int)MIN(len, 60), p->src + at);
}

static Frame *push_frame(Parser *p, FrameKind kind, Op op, u32 start)
{
    Frame *f = &ARENA_PUSH(&p->scratch, p->frames, p->frame_count, p->frame_cap);
    *f = (Frame){.kind = (u8)kind, .op = (u16)op, .start = start, .pending = (u32)p->pending.len};
    return f;
}

// Metadata of the instruction that begins here: 1 + the first note, which names the next; 0: none.
static u32 take_metadata(Parser *p)
{
    u32 *link, first = 0;
    if (LIKELY(p->tok.note_first == p->tok.note_end) || !p->in_function) return 0;
    link = &first;
    for (u32 i = p->tok.note_first; i < p->tok.note_end; i++) {
        Note *note = &p->notes[i];
        if (note->kind != NOTE_metadata || note->used) continue;
        note->used = true;
        *link = i + 1;
        link = &note->next;
    }
    return first;
}

static MetadataList *metadata_list(Parser *p, Bytes name)
{
    const u32 *at = map_get(&p->metadata_names, name.data, name.len);
    if (at) return &p->metadata[*at];
    map_add(&p->metadata_names, name.data, name.len, p->metadata_count);
    MetadataList *list =
        &ARENA_PUSH(&p->scratch, p->metadata, p->metadata_count, p->metadata_cap);
    *list = (MetadataList){.name = name};
    return list;
}

static bool may_have(Parser *p, const Note *note, Op op, u32 start)
{
    if (!bytes_are(note->name, "metadata.code.branch_hint")) return true;
    if (note->content.len != 1 || note->content.data[0] > 1)
        fail_at(p, ERR_malformed_annotation, note->start, "a branch hint is \"\\00\" or \"\\01\"");
    else if (op != OP_if && op != OP_br_if)
        fail_at(p, ERR_invalid_annotation, start,
                "@metadata.code.branch_hint annotation: invalid target %s", op_info[op].text);
    else return true;
    return false;
}

static void add_metadata(Parser *p, const Part *out, Op op, u32 start, u32 first)
{
    for (u32 i = first; i; i = p->notes[i - 1].next) {
        const Note *note = &p->notes[i - 1];
        const u32 func = p->next[SPACE_func], offset = (u32)(out->buf.len - p->body_start);
        if (!may_have(p, note, op, start)) return;
        MetadataList *list = metadata_list(p, note->name);
        const Metadata *last = list->count ? &list->items[list->count - 1] : NULL;
        if (last && last->func == func && last->offset == offset) {
            misplaced(p, note); // an instruction has one of a kind
            return;
        }
        ARENA_PUSH(&p->scratch, list->items, list->count, list->cap) =
            (Metadata){func, offset, note->content};
    }
}

// An instruction is about to be written, with the notes in front of it.
static void mark_op(Parser *p, Part *out, Op op, u32 start, u32 notes)
{
    part_mark(p, out, start);
    if (UNLIKELY(notes)) add_metadata(p, out, op, start, notes);
}

static void mark_byte(Parser *p, Part *out, u32 start, u8 byte)
{
    part_mark(p, out, start);
    buf_byte(&out->buf, byte);
}

enum {
    BYTE_else = 0x05, BYTE_catch = 0x07, BYTE_end = 0x0b, BYTE_delegate = 0x18,
    BYTE_catch_all = 0x19,
};

static void pop_block(Parser *p)
{
    p->frame_count--;
    pop_label(p, &p->frames[p->frame_count]);
}

// At the keyword of a block: its label, type and catches. The frame is made first, so it may serve
// for the label.
static void read_block_head(Parser *p, Frame *f, Op op, Buf *out)
{
    advance(p);
    f->label = read_label_name(p);
    write_op(out, op);
    read_block_type(p, out);
    if (op == OP_try_table) read_catches(p, out);
}

static bool is_block(Op op)
{
    return op_info[op].immediates == IMM_block || op_info[op].immediates == IMM_try_table;
}

// The instruction that the current token names, OP_COUNT if it cannot be used.
static Op find_op(Parser *p)
{
    Op op = op_find_text(p->src + p->tok.start, p->tok.len);
    if (op == OP_COUNT) {
        unknown_operator(p);
    } else if (!(p->features & FEATURE_BIT(op_info[op].since))) {
        fail_at(p, ERR_feature_disabled, p->tok.start, "%s needs %s", op_info[op].text,
                feature_text[op_info[op].since]);
        return OP_COUNT;
    }
    return op;
}

static void flat_catch(Parser *p, Part *out, Frame *top, Op op)
{
    mark_byte(p, out, p->tok.start, op == OP_catch ? BYTE_catch : BYTE_catch_all);
    advance(p);
    if (op == OP_catch) buf_leb_u(&out->buf, read_index(p, SPACE_tag));
    top->kind = op == OP_catch ? FLAT_catch : FLAT_catch_all;
}

// end, else, catch, catch_all, delegate. False: it is not one of them, or has no place here.
static bool flat_close(Parser *p, Part *out, Frame *top, Op op)
{
    u32 start = p->tok.start;
    FrameKind kind = top ? top->kind : FOLD_body;
    switch (op) {
    case OP_end:
        if (kind > FLAT_catch_all) return false;
        mark_byte(p, out, start, BYTE_end);
        advance(p);
        repeat_label(p, top);
        pop_block(p);
        return true;
    case OP_else:
        if (kind != FLAT_if) return false;
        mark_byte(p, out, start, BYTE_else);
        advance(p);
        repeat_label(p, top);
        top->kind = FLAT_else;
        return true;
    case OP_catch:
    case OP_catch_all:
        if (kind != FLAT_try && kind != FLAT_catch) return false;
        flat_catch(p, out, top, op);
        return true;
    case OP_delegate:
        if (kind != FLAT_try) return false;
        mark_byte(p, out, start, BYTE_delegate);
        advance(p);
        pop_block(p); // its label counts from outside
        buf_leb_u(&out->buf, read_label(p));
        return true;
    default: return false;
    }
}

static bool is_closer(Op op)
{
    return op == OP_end || op == OP_else || op == OP_catch || op == OP_catch_all
        || op == OP_delegate;
}

// At a keyword
static void read_flat(Parser *p, Part *out, Frame *top)
{
    if (top && top->kind > FOLD_plain) {
        unexpected(p, "\"(\" or \")\"");
        return;
    }
    u32 start = p->tok.start;
    u32 notes = take_metadata(p);
    Op op = find_op(p);
    if (op == OP_COUNT) return;
    if (is_closer(op)) {
        if (notes) misplaced(p, &p->notes[notes - 1]);
        if (!flat_close(p, out, top, op)) unexpected(p, "an instruction or what closes the block");
        return;
    }
    mark_op(p, out, op, start, notes);
    if (!is_block(op)) {
        read_instruction(p, op, &out->buf);
        return;
    }
    FrameKind kind = op == OP_if ? FLAT_if : op == OP_try ? FLAT_try : FLAT_block;
    Frame *f = push_frame(p, kind, op, start);
    read_block_head(p, f, op, &out->buf);
    count_block(p, f);
    push_label(p, f);
}

// The bytes of the top frame, which have waited for its operands.
static void write_pending(Parser *p, Part *out, Frame *top)
{
    mark_op(p, out, (Op)top->op, top->start, top->note);
    buf_bytes(&out->buf, p->pending.data + top->pending, p->pending.len - top->pending);
    p->pending.len = top->pending;
}

// Past "(" and a keyword such as "then": instructions up to the ")".
static void open_body(Parser *p)
{
    u32 start = p->tok.start;
    advance(p);
    advance(p);
    push_frame(p, FOLD_body, OP_nop, start);
}

// At "(" within a folded if. False: it is an operand.
static bool open_if_part(Parser *p, Part *out, Frame *top)
{
    if (top->kind == FOLD_if && at_form(p, "then")) {
        write_pending(p, out, top);
        count_block(p, top);
        push_label(p, top);
        top->kind = FOLD_then;
        open_body(p);
        return true;
    }
    if (top->kind == FOLD_if) return false;
    if (top->kind == FOLD_then && at_form(p, "else")) {
        mark_byte(p, out, p->ahead.start, BYTE_else);
        top->kind = FOLD_else;
        open_body(p);
    } else {
        unexpected(p, top->kind == FOLD_then ? "(else or \")\"" : "\")\"");
    }
    return true;
}

// At "(" within a folded try
static void open_try_part(Parser *p, Part *out, Frame *top)
{
    u32 start = p->ahead.start;
    bool may_catch = top->kind == FOLD_do || top->kind == FOLD_catch;
    if (top->kind == FOLD_try && at_form(p, "do")) {
        top->kind = FOLD_do;
        open_body(p);
    } else if (may_catch && at_form(p, "catch")) {
        mark_byte(p, out, start, BYTE_catch);
        top->kind = FOLD_catch;
        open_body(p);
        buf_leb_u(&out->buf, read_index(p, SPACE_tag));
    } else if (may_catch && at_form(p, "catch_all")) {
        mark_byte(p, out, start, BYTE_catch_all);
        top->kind = FOLD_catch_all;
        open_body(p);
    } else if (top->kind == FOLD_do && open_form(p, "delegate")) {
        mark_byte(p, out, start, BYTE_delegate);
        top->kind = FOLD_delegate;
        pop_label(p, top);
        buf_leb_u(&out->buf, read_label(p));
        close_form(p);
    } else {
        unexpected(p, top->kind == FOLD_try ? "(do" : "(catch, (catch_all, (delegate or \")\"");
    }
}

// At "(": a folded instruction, or a part of the one that is open
static void read_open(Parser *p, Part *out, Frame *top)
{
    if (top && top->kind >= FOLD_if && top->kind <= FOLD_else) {
        if (open_if_part(p, out, top)) return;
    } else if (top && top->kind >= FOLD_try) {
        open_try_part(p, out, top);
        return;
    }
    u32 notes = take_metadata(p);
    advance(p);
    if (p->tok.kind != TOKEN_keyword) {
        unexpected(p, "an instruction");
        return;
    }
    u32 start = p->tok.start;
    Op op = find_op(p);
    if (op == OP_COUNT) return;
    if (is_closer(op)) {
        unexpected(p, "an instruction");
        return;
    }
    FrameKind kind = op == OP_if    ? FOLD_if
                     : op == OP_try ? FOLD_try
                     : is_block(op) ? FOLD_block
                                    : FOLD_plain;
    Frame *f = push_frame(p, kind, op, start);
    f->note = notes;
    if (kind == FOLD_plain) {
        read_instruction(p, op, &p->pending);
        return;
    }
    if (kind == FOLD_if) {
        read_block_head(p, f, op, &p->pending);
        return;
    }
    mark_op(p, out, op, start, notes);
    read_block_head(p, f, op, &out->buf);
    count_block(p, f);
    push_label(p, f);
}

// At the ")" of the top frame
static void read_close(Parser *p, Part *out, Frame *top)
{
    switch ((FrameKind)top->kind) {
    case FOLD_plain:
        write_pending(p, out, top);
        p->frame_count--;
        break;
    case FOLD_body:
    case FOLD_delegate: p->frame_count--; break;
    case FOLD_block:
    case FOLD_then: case FOLD_else:
    case FOLD_do: case FOLD_catch: case FOLD_catch_all:
        mark_byte(p, out, p->tok.start, BYTE_end);
        pop_block(p);
        break;
    case FOLD_if: unexpected(p, "(then"); break;
    case FOLD_try: unexpected(p, "(do"); break;
    default: {
        u32 line, column;
        text_line_column(p->src, top->start, &line, &column);
        fail_at(p, ERR_unexpected_token, p->tok.start,
                "found \")\", expected the end of %s at line %u column %u",
                op_info[top->op].text, line, column);
    }
    }
    advance(p);
}

static void read_sequence(Parser *p, Part *out, bool single)
{
    u32 base = p->frame_count;
    do {
        Frame *top = p->frame_count > base ? &p->frames[p->frame_count - 1] : NULL;
        switch (p->tok.kind) {
        case TOKEN_keyword:
            if (single && (!top || top->kind == FOLD_plain))
                unexpected(p, "an instruction in parentheses");
            else read_flat(p, out, top);
            break;
        case TOKEN_open: read_open(p, out, top); break;
        case TOKEN_close:
            if (!top) return;
            read_close(p, out, top);
            break;
        default:
            unexpected(p, top && top->kind > FOLD_plain ? "\"(\" or \")\""
                                                        : "an instruction or \")\"");
        }
    } while (p->tok.kind != TOKEN_error && !(single && p->frame_count == base));
}

void read_expression(Parser *p, Part *out) { read_sequence(p, out, false); }

void read_folded(Parser *p, Part *out)
{
    if (p->tok.kind != TOKEN_open) unexpected(p, "an instruction in parentheses");
    else read_sequence(p, out, true);
}
