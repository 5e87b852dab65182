// wave_test.c -- values as text: the files of wasm-wave's own suite, random values there and back,
// and what is said of mistakes.

#include "abi_values.h"
#include "component/abi/wave.h"
#include "component/wit/wit.h"

// ---- Types of WIT. A test's needs no resources.

static CType of_wit(const WitType *t);

static CType of_parts(CForm form, const WitType *t)
{
    CField *fields = NEW_ARRAY(&type_arena, CField, t->part_count);
    for (u32 i = 0; i < t->part_count; i++)
        fields[i] = (CField){t->parts[i].name,
                             t->parts[i].type ? of_wit(t->parts[i].type) : CTYPE_NONE};
    return make(form, fields, t->part_count);
}

static CType of_one(CForm form, const WitType *of)
{
    return make(form, &(CField){{0}, of_wit(of)}, 1);
}

static CType of_wit(const WitType *t)
{
    for (u32 p = 0; p < CPRIM_COUNT; p++)
        if (!strcmp(wit_kind_text[t->kind], cprim_info[p].text)) return (CType)p;
    switch (t->kind) {
    case WIT_record: return of_parts(CFORM_record, t);
    case WIT_flags: return of_parts(CFORM_flags, t);
    case WIT_enum: return of_parts(CFORM_enum, t);
    case WIT_variant: return of_parts(CFORM_variant, t);
    case WIT_tuple: return of_parts(CFORM_tuple, t);
    case WIT_list: return of_one(CFORM_list, t->of);
    case WIT_option: return of_one(CFORM_option, t->of);
    case WIT_result: {
        CField both[] = {{{0}, t->of ? of_wit(t->of) : CTYPE_NONE},
                         {{0}, t->second ? of_wit(t->second) : CTYPE_NONE}};
        return make(CFORM_result, both, 2);
    }
    default: return of_wit(t->of); // an alias
    }
}

static CFunc of_func(const WitFunc *f)
{
    CFunc func = {.count = f->param_count, .result = CTYPE_NONE};
    func.params = NEW_ARRAY(&type_arena, CField, f->param_count);
    for (u32 i = 0; i < f->param_count; i++)
        func.params[i] = (CField){f->params[i].name, of_wit(f->params[i].type)};
    return func;
}

// ---- The suite

static char *read_all(const char *folder, const char *name, size_t *len)
{
    char path[500];
    snprintf(path, sizeof path, "%s/wasm-tools/wave-ui/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f) return NULL;
    char *text = arena_alloc(&arena, 1 << 16);
    *len = fread(text, 1, (1 << 16) - 1, f);
    fclose(f);
    return text;
}

// A function is called f, ui.f, ui:tests/ui.f or ui:tests/ui.f@0.1.0.
static const WitFunc *find_func(const Wit *wit, Bytes name)
{
    for (u32 i = 0; i < wit->interface_count; i++)
        for (u32 n = 0; n < wit->interfaces[i]->func_count; n++) {
            const WitFunc *f = wit->interfaces[i]->funcs[n];
            static const char *const around[][2] = {
                {"", ""}, {"ui.", ""}, {"ui:tests/ui.", ""}, {"ui:tests/ui.", "@0.1.0"}};
            for (u32 a = 0; a < COUNT_OF(around); a++) {
                char text[200];
                snprintf(text, sizeof text, "%s%.*s%s", around[a][0], (int)f->name.len,
                         (const char *)f->name.data, around[a][1]);
                if (bytes_are(name, text)) return f;
            }
        }
    return NULL;
}

// One call of the suite: what it prints, or false.
static bool one_call(const Wit *wit, Bytes text, Buf *out, Diag *diag)
{
    Bytes name;
    size_t at;
    CValue values[8];
    if (!wave_parse_name(text, &name, &at, diag)) return false;
    const WitFunc *f = find_func(wit, name);
    if (!f) return false;
    CFunc func = of_func(f);
    if (!wave_parse_arguments(&types, &func, text, at, &arena, values, diag)) return false;
    buf_bytes(out, name.data, name.len);
    for (u32 i = 0; i < func.count; i++) {
        buf_bytes(out, i ? ", " : "(", i ? 2 : 1);
        buf_bytes(out, func.params[i].name.data, func.params[i].name.len);
        buf_bytes(out, ": ", 2);
        wave_print(&types, func.params[i].type, &values[i], out);
    }
    buf_bytes(out, func.count ? ")\n" : "()\n", func.count ? 2 : 3);
    return true;
}

static u32 accepted, rejected;

static void one_file(const Wit *wit, const char *folder, const char *name)
{
    char file[80];
    size_t len, want_len = 0;
    snprintf(file, sizeof file, "%s.waves", name);
    char *text = read_all(folder, file, &len), *end = text + len;
    if (!CHECK(text != NULL)) return;
    snprintf(file, sizeof file, "%s.out", name);
    char *want = read_all(folder, file, &want_len);
    bool accepts = !strncmp(name, "accept", 6);
    Buf out;
    buf_init(&out, &arena);
    while (end > text && strchr(" \r\n;", end[-1])) end--;
    *end = 0;
    for (char *next; text && *text; text = next) {
        next = strstr(text, ";\n");
        if (next) *next = 0, next += 2;
        while (!strncmp(text, "//", 2) && strchr(text, '\n')) { // comments are copied
            size_t line = (size_t)(strchr(text, '\n') - text) + 1;
            buf_bytes(&out, text, line);
            text += line;
        }
        Diag diag;
        diag_init(&diag);
        bool taken = one_call(wit, bytes_of(text), &out, &diag);
        accepted += accepts;
        rejected += !accepts;
        if (!CHECK(taken == accepts)) printf("    %s: %s: %s\n", name, text, diag.detail);
    }
    if (accepts) CHECK_BYTES(out.data, out.len, want, want_len);
}

static void test_suite(void)
{
    static const char *const files[] = {
        "accept-chars", "accept-comments", "accept-enums", "accept-flags", "accept-floats",
        "accept-funcs", "accept-nullary", "accept-records", "reject-chars", "reject-enums",
        "reject-flags", "reject-floats", "reject-funcs", "reject-lists", "reject-records",
        "reject-results", "reject-strings"};
    const char *folder = getenv("WEFT_CONFORMANCE");
    size_t len;
    Wit wit;
    if (!folder) folder = "../shared/conformance";
    char *text = read_all(folder, "ui.wit", &len);
    if (!text) {
        printf("the conformance suites are not here (WEFT_CONFORMANCE): wave-ui is skipped\n");
        return;
    }
    wit_init(&wit, &arena);
    bool good = wit_add(&wit, 0, bytes_of("ui.wit"), (Bytes){(u8 *)text, len}) && wit_resolve(&wit);
    arena.on_failure = &world_failure;
    if (!CHECK(good)) return;
    for (size_t i = 0; i < COUNT_OF(files); i++) one_file(&wit, folder, files[i]);
    CHECK_EQ_U64(accepted, 53);
    CHECK_EQ_U64(rejected, 121);
}

// ---- There and back. What has handles is printed and does not come back.

static void test_random(void)
{
    bool good = true;
    u32 turns = check_full() ? 400000 : 40000, read = 0;
    for (u32 turn = 0; turn < turns && good; turn++) {
        if (turn % 500 == 0) new_types();
        arena_reset(&arena);
        CType t = random_type(below(5));
        CValue value = random_value(t), back;
        Diag diag;
        Buf text;
        buf_init(&text, &arena);
        wave_print(&types, t, &value, &text);
        bool parsed = wave_parse(&types, t, buf_view(&text), &arena, &back, &diag);
        if (parsed) good = same_value(&value, &back);
        else good = has_handle(t);
        read += parsed;
        if (good) continue;
        printf("    %.*s\n    %s: %s\n", (int)text.len, text.data, err_text[diag.err], diag.detail);
    }
    CHECK(good);
    CHECK(read > turns / 2);
}

// Of what is damaged nothing is asked but an answer, with a place in the text.
static void test_damaged(void)
{
    static const u8 marks[] = "{}()[]:,%\"'\\-.e0a\n/\xc3\xff";
    bool good = true;
    new_types();
    for (u32 turn = 0; turn < 20000 && good; turn++) {
        if (turn % 500 == 0) new_types();
        arena_reset(&arena);
        CType t = random_type(4);
        CValue value = random_value(t), back;
        Diag diag;
        Buf text, caret;
        buf_init(&text, &arena);
        buf_init(&caret, &arena);
        wave_print(&types, t, &value, &text);
        for (u32 n = 1 + below(3); n && text.len; n--)
            text.data[below((u32)text.len)] = marks[below(sizeof marks - 1)];
        u8 *exact = malloc(text.len + 1);
        memcpy(exact, text.data, text.len);
        Bytes bytes = {exact, text.len - (text.len && !below(4))};
        if (!wave_parse(&types, t, bytes, &arena, &back, &diag)) {
            good = diag.err != ERR_none && diag.offset <= bytes.len && diag.line && diag.column;
            wave_caret(bytes, &diag, &caret);
        }
        free(exact);
    }
    CHECK(good);
}

// ---- What is said

static void check_said(CType t, const char *text, const char *said)
{
    CValue value;
    Diag diag;
    Buf out;
    char message[500];
    buf_init(&out, &arena);
    if (!CHECK(!wave_parse(&types, t, bytes_of(text), &arena, &value, &diag))) return;
    snprintf(message, sizeof message, "%u:%u: ", diag.line, diag.column);
    size_t len = strlen(message);
    diag_text(&diag, message + len, sizeof message - len);
    buf_bytes(&out, message, strlen(message));
    buf_byte(&out, '\n');
    wave_caret(bytes_of(text), &diag, &out);
    buf_byte(&out, 0);
    CHECK_STR((char *)out.data, said);
}

static void test_said(void)
{
    CType option = make(CFORM_option, &(CField){{0}, CPRIM_u8}, 1);
    CField fields[] = {{bytes_of("size"), CPRIM_u8}, {bytes_of("name"), CPRIM_string}};
    CField cases[] = {{bytes_of("none"), CTYPE_NONE}, {bytes_of("x"), CPRIM_u8}};
    CType record = make(CFORM_record, fields, 2), variant = make(CFORM_variant, cases, 2);
    CType list = make(CFORM_list, &(CField){{0}, CPRIM_u8}, 1);
    CType pair = make(CFORM_tuple, (CField[]){{{0}, CPRIM_u8}, {{0}, CPRIM_u8}}, 2);
    const struct { CType type; const char *text, *said; } said[] = {
        {CPRIM_u8, "256", "1:1: constant out of range: 256 is no u8\n256\n^\n"},
        {CPRIM_s8, "-129", "1:1: constant out of range: -129 is no s8\n-129\n^\n"},
        {CPRIM_u8, "1.5", "1:1: unexpected token: \"1.5\" where u8 is wanted\n1.5\n^\n"},
        {CPRIM_bool, "yes", "1:1: unexpected token: \"yes\" where bool is wanted\nyes\n^\n"},
        {record, "{\n\tsize: 1,\n\tnam: \"\"}", "3:2: unexpected token: there is no field \"nam\"; did you mean name?\n\tnam: \"\"}\n\t^\n"},
        {record, "{size: 1}", "1:1: type mismatch: the field \"name\" is missing\n{size: 1}\n^\n"},
        {record, "{size: 1, size: 2}", "1:11: unexpected token: \"size\" stands there twice\n{size: 1, size: 2}\n          ^\n"},
        {variant, "none", "1:1: unexpected token: a case of this name is \"%none\"\nnone\n^\n"},
        {variant, "x", "1:2: type mismatch: this case has a value, in \"( )\"\nx\n ^\n"},
        {variant, "%none(1)", "1:6: type mismatch: this case has no value\n%none(1)\n     ^\n"},
        {list, "[1 2]", "1:4: unexpected token: \"2\" where \",\" or \"]\" is wanted\n[1 2]\n   ^\n"},
        {pair, "(1)", "1:1: type mismatch: 1 of 2 values\n(1)\n^\n"},
        {pair, "(1, 2, 3)", "1:8: type mismatch: more than 2 values\n(1, 2, 3)\n       ^\n"},
        {option, "some", "1:5: type mismatch: this case has a value, in \"( )\"\nsome\n    ^\n"},
        {CPRIM_string, "\"\\q\"", "1:2: unexpected token: malformed escape\n\"\\q\"\n ^\n"},
        {CPRIM_u8, "1 2", "1:3: unexpected token: \"2\" where the end is wanted\n1 2\n  ^\n"},
        {CPRIM_u8, " \x1b", "1:2: unexpected token: nothing begins like this\n ?\n ^\n"},
        {CPRIM_u8, "", "1:1: unexpected end: where u8 is wanted\n\n^\n"},
    };
    for (size_t i = 0; i < COUNT_OF(said); i++)
        check_said(said[i].type, said[i].text, said[i].said);
}

static void check_printed(CType t, CValue value, const char *want)
{
    Buf out;
    buf_init(&out, &arena);
    wave_print(&types, t, &value, &out);
    buf_byte(&out, 0);
    CHECK_STR((char *)out.data, want);
}

static void check_f64(f64 number, const char *want)
{
    check_printed(CPRIM_f64, (CValue){.kind = WEFT_CVALUE_F64, .of.f64 = number}, want);
}

static void test_printed(void)
{
    static const s16 numbers[] = {1, -2};
    CType list = make(CFORM_list, &(CField){{0}, CPRIM_s16}, 1);
    CValue packed = {.kind = WEFT_CVALUE_LIST, .packed = WEFT_CVALUE_S16,
                     .of.numbers = {numbers, 2}}, turn = {.kind = WEFT_CVALUE_CHAR};
    check_printed(list, packed, "[1, -2]");
    check_f64(0.1, "0.1");
    check_f64(-1e21, "-1000000000000000000000");
    check_f64(123.456, "123.456");
    check_f64(1.0 / 3, "0.3333333333333333");
    check_f64(9007199254740992, "9007199254740992");
    turn.of.scalar = 0x202e; // right to left
    check_printed(CPRIM_char, turn, "'\\u{202e}'");
}

// Each label of many costs what it is long: 10,000 cases, and as many values, are read at once.
static void test_many_labels(void)
{
    enum { CASES = 10000, VALUES = 100000 };
    static char names[CASES][8];
    static CField cases[CASES];
    new_types();
    arena_reset(&arena);
    for (u32 i = 0; i < CASES; i++) {
        snprintf(names[i], sizeof names[i], "c%u", i);
        cases[i] = (CField){bytes_of(names[i]), CTYPE_NONE};
    }
    CType list = make(CFORM_list, &(CField){{0}, make(CFORM_enum, cases, CASES)}, 1);
    Buf text;
    CValue value;
    Diag diag;
    buf_init(&text, &arena);
    buf_byte(&text, '[');
    for (u32 i = 0; i < VALUES; i++) {
        buf_bytes(&text, names[i * 7 % CASES], strlen(names[i * 7 % CASES]));
        buf_byte(&text, ',');
    }
    buf_byte(&text, ']');
    if (!CHECK(wave_parse(&types, list, buf_view(&text), &arena, &value, &diag))) return;
    CHECK_EQ_U64(value.of.list.count, VALUES);
    CHECK_EQ_U64(value.of.list.items[VALUES - 1].index, (VALUES - 1) * 7 % CASES);
}

int main(void)
{
    begin_worlds();
    if (setjmp(world_failure)) return CHECK(!"out of memory"), check_report();
    test_suite();
    test_said();
    test_printed();
    test_many_labels();
    test_random();
    test_damaged();
    end_worlds();
    return check_report();
}
