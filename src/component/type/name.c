// name.c -- see name.h.

#include "component/type/name.h"

static bool is_small(u8 c) { return c >= 'a' && c <= 'z'; }
static bool is_capital(u8 c) { return c >= 'A' && c <= 'Z'; }
static bool is_digit(u8 c) { return c >= '0' && c <= '9'; }
static u8 lower(u8 c) { return is_capital(c) ? (u8)(c + 32) : c; }

static Bytes slice(Bytes b, size_t from, size_t to) { return (Bytes){b.data + from, to - from}; }

// Where the byte first is at or behind `from`; the length where it is not.
static size_t find(Bytes b, size_t from, u8 c)
{
    while (from < b.len && b.data[from] != c) from++;
    return from;
}

// Fragments with hyphens between them. A fragment has letters of one case, and digits.
static bool fragments_valid(Bytes b, bool acronyms)
{
    bool small = false, capital = false, any = false, first = true;
    for (size_t i = 0; i <= b.len; i++) {
        if (i == b.len || b.data[i] == '-') {
            if (!any || (small && capital)) return false;
            small = capital = any = first = false;
            continue;
        }
        u8 c = b.data[i];
        if (is_small(c)) small = true;
        else if (is_capital(c) && acronyms) capital = true;
        else if (!is_digit(c) || (first && !any)) return false;
        any = true;
    }
    return true;
}

bool clabel_valid(Bytes text) { return text.len && fragments_valid(text, true); }
static bool words_valid(Bytes text) { return text.len && fragments_valid(text, false); }

// ---- Versions. spec: semver.org

static bool number_valid(Bytes b)
{
    for (size_t i = 0; i < b.len; i++)
        if (!is_digit(b.data[i])) return false;
    return b.len && (b.len == 1 || b.data[0] != '0');
}

// Identifiers with dots between them; numbers among those of a pre-release have no leading zeros.
static bool identifiers_valid(Bytes b, bool numbers)
{
    for (size_t at = 0, end; at <= b.len; at = end + 1) {
        end = find(b, at, '.');
        Bytes id = slice(b, at, end);
        bool number = true;
        for (size_t i = 0; i < id.len; i++) {
            u8 c = id.data[i];
            if (!is_digit(c)) number = false;
            if (!is_digit(c) && !is_small(c) && !is_capital(c) && c != '-') return false;
        }
        if (!id.len || (numbers && number && !number_valid(id))) return false;
    }
    return true;
}

static bool semver_valid(Bytes b)
{
    size_t plus = find(b, 0, '+'), dash = MIN(find(b, 0, '-'), plus);
    if (plus < b.len && !identifiers_valid(slice(b, plus + 1, b.len), false)) return false;
    if (dash < plus && !identifiers_valid(slice(b, dash + 1, plus), true)) return false;
    Bytes core = slice(b, 0, dash);
    size_t one = find(core, 0, '.');
    size_t two = one < core.len ? find(core, one + 1, '.') : core.len;
    return two < core.len && number_valid(slice(core, 0, one)) &&
           number_valid(slice(core, one + 1, two)) && number_valid(slice(core, two + 1, core.len));
}

// 1, 0.2, 0.0.3, 0.0.0: as far as the first number that is not 0.
static bool canonical_valid(Bytes b)
{
    Bytes rest = b;
    for (u32 i = 0; i < 2 && rest.len > 2 && bytes_begin(rest, "0."); i++)
        rest = slice(rest, 2, rest.len);
    if (!number_valid(rest)) return false;
    return rest.data[0] != '0' || b.len == 5;
}

bool cversion_suffix_fits(Bytes canonical, Bytes suffix)
{
    u8 whole[300];
    if (!canonical_valid(canonical) || canonical.len + suffix.len > sizeof whole) return false;
    memcpy(whole, canonical.data, canonical.len);
    if (suffix.len) memcpy(whole + canonical.len, suffix.data, suffix.len);
    return semver_valid((Bytes){whole, canonical.len + suffix.len});
}

// ---- Names

static bool bad(const char **why, Bytes *part, const char *text, Bytes which)
{
    *why = text;
    *part = which;
    return false;
}

// namespace ':' words '/' label, with more of the first and the last where they may nest.
static bool parse_interface(CName *n, Features features, const char **why, Bytes *part)
{
    bool nested = features & FEATURE_BIT(FEATURE_cm_nested_names);
    size_t at_sign = find(n->text, 0, '@');
    Bytes b = slice(n->text, 0, at_sign);
    size_t slash = find(b, 0, '/'), colons = 0, slashes = 0, from = 0;
    for (size_t colon; (colon = find(b, from, ':')) < slash; from = colon + 1, colons++)
        if (!words_valid(slice(b, from, colon)))
            return bad(why, part, "is no namespace", slice(b, from, colon));
    if (!words_valid(slice(b, from, slash)))
        return bad(why, part, "is no name of a package", slice(b, from, slash));
    for (; slash < b.len; slashes++) {
        size_t next = find(b, slash + 1, '/');
        n->label = slice(b, slash + 1, next);
        if (!clabel_valid(n->label)) return bad(why, part, "is not in kebab case", n->label);
        slash = next;
    }
    if (!colons || !slashes || (!nested && (colons > 1 || slashes > 1)))
        return bad(why, part, "is no namespace:package/interface", b);
    if (at_sign == n->text.len) return true;
    n->version = slice(n->text, at_sign + 1, n->text.len);
    bool canonical = features & FEATURE_BIT(FEATURE_cm_canonical_names);
    if (semver_valid(n->version) || (canonical && canonical_valid(n->version))) return true;
    return bad(why, part, "is no version", n->version);
}

static bool parse_annotated(CName *n, size_t from, const char **why, Bytes *part)
{
    Bytes rest = slice(n->text, from, n->text.len);
    size_t dot = find(rest, 0, '.');
    if (n->kind == CNAME_constructor) dot = rest.len;
    else if (dot == rest.len) return bad(why, part, "has no '.' in it", rest);
    n->label = slice(rest, 0, dot);
    if (dot < rest.len) n->member = slice(rest, dot + 1, rest.len);
    if (!clabel_valid(n->label)) return bad(why, part, "is not in kebab case", n->label);
    if (dot < rest.len && !clabel_valid(n->member))
        return bad(why, part, "is not in kebab case", n->member);
    return true;
}

bool cname_parse(Bytes text, Features features, CName *out, const char **why, Bytes *part)
{
    static const struct { const char *text; CNameKind kind; } annotations[] = {
        {"[constructor]", CNAME_constructor}, {"[method]", CNAME_method}, {"[static]", CNAME_static}};
    *out = (CName){.kind = CNAME_label, .text = text, .label = text};
    for (u32 i = 0; i < COUNT_OF(annotations); i++) {
        if (!bytes_begin(text, annotations[i].text)) continue;
        out->kind = annotations[i].kind;
        return parse_annotated(out, strlen(annotations[i].text), why, part);
    }
    if (find(text, 0, ':') < text.len) {
        out->kind = CNAME_interface;
        return parse_interface(out, features, why, part);
    }
    return clabel_valid(text) || bad(why, part, "is not in kebab case", text);
}

Bytes clabel_key(Arena *arena, Bytes label)
{
    bool same = true;
    for (size_t i = 0; i < label.len && same; i++) same = !is_capital(label.data[i]);
    if (same) return label;
    u8 *key = arena_copy(arena, label.data, label.len);
    for (size_t i = 0; i < label.len; i++) key[i] = lower(key[i]);
    return (Bytes){key, label.len};
}

Bytes cname_key(Arena *arena, const CName *n)
{
    if (n->kind != CNAME_method && n->kind != CNAME_static) return clabel_key(arena, n->text);
    Bytes label = clabel_key(arena, n->label), member = clabel_key(arena, n->member);
    if (bytes_same(label, member)) return label;
    size_t annotation = (size_t)(n->label.data - n->text.data);
    return clabel_key(arena, slice(n->text, annotation, n->text.len));
}

// ---- Versions that do for each other

Bytes cversion_track(Bytes version)
{
    size_t end = 0, dots = 0;
    bool zero = true;
    if (memchr(version.data, '-', version.len)) return version;
    for (; end < version.len; end++) {
        if (version.data[end] == '.' && !zero) break;
        if (version.data[end] == '.') dots++;
        else if (version.data[end] != '0' || dots == 2) zero = false;
    }
    return (Bytes){version.data, end};
}

Bytes cname_canonical(Bytes name)
{
    const u8 *at = memchr(name.data, '@', name.len);
    if (!at) return name;
    Bytes version = {at + 1, name.len - (size_t)(at + 1 - name.data)};
    return (Bytes){name.data, (size_t)(at + 1 - name.data) + cversion_track(version).len};
}
