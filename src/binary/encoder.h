// encoder.h -- what the files of the encoder share. Private to binary/. See encode.h.
//
//     encode_code.c   types, instructions, splices --> encode_item.c   definitions and bodies
//     encode_custom.c names, metadata of code      \-> encode.c        sections; what is unused
//
// Whatever names something asks `refer` for its number.
#pragma once

#include "binary/encode.h"
#include "binary/instr.h"

enum { SECTION_COUNT = 14, GONE = UINT32_MAX };

typedef struct { u32 kind, index; } Item;

// Something is said of the instruction at this offset in the module.
typedef struct {
    u32 at, now;            // from where its body begins; GONE: it is not there any more
} CodeMark;

typedef struct {
    const Module *m;
    const Edit *edit;
    Arena *arena;
    Diag *diag;
    TypeIndexes types;
    u32 count[ITEM_COUNT];  // with types that the edit adds
    bool marking;
    u8 *seen[ITEM_COUNT];   // marking: what was met
    struct { u32 *first, *next; } weak[ITEM_COUNT]; // segments: by table or memory; by segment
    u32 *const *uses;       // counting, which is marking of all there is: how often
    Item *waiting;             // and what of that was not gone through yet
    u32 waiting_count, waiting_cap;
    u32 *number[ITEM_COUNT]; // writing: the new number, or GONE
    const u8 *fate;         // of the locals of the body at hand; NULL: all stay
    bool local_moves;       // they have new numbers
    u32 *local;             // which are these
    Type *local_type;
    u32 local_count, local_cap;
    u8 *left_out;           // of the blocks that are open, one by one: was its beginning left out?
    u32 depth, depth_cap, left_out_count;
    ImmReader in;
    bool takes_data;        // some body names a data segment
    u8 *named, *declared;   // functions: by ref.func in bodies; by what declares them
    CodeMark *marks;        // in order
    u32 mark_count, mark_next;
    bool own;               // instructions are read of the body that they are written to
    bool dangling;
    Buf scratch, body, section[SECTION_COUNT];
} Encoder;

// encode_code.c
u32 refer(Encoder *e, ItemKind kind, u32 index);
u32 refer_def(Encoder *e, TypeId id);
Type refer_id(Encoder *e, Type type);     // of a definition; gives one that names an index
Type refer_type(Encoder *e, Type type);   // of code, which names indices
Type type_by_index(const TypeIndexes *t, Type type);
void encode_type(Buf *b, Type type);         // one that names an index
void encode_zero(Buf *b, Type type);
void encode_index(Encoder *e, Buf *b, ItemKind kind, u32 index);
void encode_code(Encoder *e, Buf *b, Range range); // instructions of the module, with their splices
void encode_run(Encoder *e, Buf *b, const u8 *from, const u8 *to); // instructions from anywhere
void encode_expr(Encoder *e, Buf *b, Range range); // a constant expression
u32 expr_end(Encoder *e, u32 at);         // of the one that begins here
bool next_instr(Encoder *e, Imm *imm);
u32 splice_at(const Edit *edit, u32 at);  // the first that begins there or behind
void encode_open_block(Encoder *e, bool left_out);

// encode_custom.c
bool edit_moves(const Edit *edit);        // does anything get another number or place?
void find_marks(Encoder *e);
void seek_marks(Encoder *e, u32 at);      // the next is the first that is not before this
bool encode_custom(Encoder *e, Buf *b, const Section *s); // the content; false: nothing is left

// encode_item.c
static inline u32 instead(const Encoder *e, ItemKind kind, u32 index)
{
    return e->edit->instead[kind] ? e->edit->instead[kind][index] : index;
}
static inline bool flagged(const u8 *flags, u32 index) { return flags && flags[index]; }
static inline bool present(Range r) { return r.start != r.end; }
bool imported(const Module *m, u32 kind, u32 index);
const TypeDef *def_at(const Encoder *e, u32 index);
void encode_import_type(Encoder *e, Buf *b, ExternKind kind, u32 index);
void encode_sub_type(Encoder *e, Buf *b, const TypeDef *def);
void encode_func(Encoder *e, Buf *b, u32 func); // its type
void encode_body(Encoder *e, Buf *b, u32 func); // without its size
void encode_table(Encoder *e, Buf *b, u32 table);
void encode_memory(Encoder *e, Buf *b, u32 memory);
void encode_global(Encoder *e, Buf *b, u32 global);
void encode_tag(Encoder *e, Buf *b, u32 tag);
void encode_elem(Encoder *e, Buf *b, u32 elem);
void encode_data(Encoder *e, Buf *b, u32 data);
void encode_piece(Encoder *e, Buf *b, u32 index);
void encode_elem_exprs(Encoder *e, Buf *b, u32 elem);
void declares(Encoder *e, u32 func);
// The new numbers of locals in e->local: of how many; 0: they stay as they are.
u32 number_locals(Encoder *e, u32 func);
bool entry_gone(const Encoder *e, u32 elem, u32 item);
