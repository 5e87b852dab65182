// tree_svg.c -- a tree as a picture: each part a rectangle in that of what it belongs to, of the
// same share of its area, with its name where there is room and else when one points at it.
//
//     +-code-----------+-data--+
//     | +-core--+-alloc| +---+ |
//     | | fmt   |      | |   | |
//
// What is too small to be seen is left out, so a picture has no more than some thousand rectangles,
// whatever the module is. Rows are filled so that rectangles come out as square as they can
// (Bruls, Huizing, van Wijk: Squarified Treemaps). Nothing else is needed to show it.
// spec: SVG 1.1

#include "cli/inspect/tree.h"

#include "base/utf8.h"
#include "cli/xml.h"

#include <inttypes.h>
#include <string.h>

enum { WIDTH = 1600, HEIGHT = 1000, TITLE = 14, MARGIN = 2, LETTER = 6, COLORS = 8 };
enum { LEAST_AREA = 30 };

typedef struct { f64 x, y, width, height; } Box;

typedef struct {
    const Tree *t;
    Inspect *s;
    FILE *out;
    u64 all;
} Picture;

static void put_name(const Picture *p, const TreeNode *node, u32 most)
{
    Buf *text = &p->s->text;
    text->len = 0;
    tree_put_name(node, text);
    Bytes name = buf_view(text);
    u32 letters = 0;
    size_t end = 0;
    for (; end < name.len && letters < most; letters++) {
        u32 c, len = utf8_decode(name.data + end, name.len - end, &c);
        end += MAX(len, 1);
    }
    bool cut = end < name.len;
    print_xml(p->out, (Bytes){name.data, end});
    if (cut) fputs("…", p->out);
}

static void put_title(const Picture *p, const TreeNode *node)
{
    TreeNode whole = *node;
    if (node->whole.len) whole.name = node->whole;
    fputs("<title>", p->out);
    put_name(p, &whole, UINT32_MAX);
    fprintf(p->out, "\n%" PRIu64 " bytes, %.2f%%", node->size,
            p->all ? 100 * (f64)node->size / (f64)p->all : 0);
    if (node->functions > 1) fprintf(p->out, ", %u functions", node->functions);
    fputs("</title>", p->out);
}

static void put_box(const Picture *p, const TreeNode *node, const Box *b, u32 color, u32 depth)
{
    fprintf(p->out, "<g>");
    put_title(p, node);
    fprintf(p->out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" ", b->x, b->y,
            b->width, b->height);
    fprintf(p->out, "class=\"c%u d%u\"/>", color, MIN(depth, 5));
    u32 letters = b->width > 2 * LETTER ? (u32)((b->width - 6) / LETTER) : 0;
    if (letters > 2 && b->height >= TITLE - 2) {
        fprintf(p->out, "<text x=\"%.1f\" y=\"%.1f\">", b->x + 3, b->y + 10);
        put_name(p, node, letters);
        fputs("</text>", p->out);
    }
    fputs("</g>\n", p->out);
}

// How far from square the worst of a row of such areas is that lies along a side.
static f64 worst(f64 least, f64 most, f64 sum, f64 side)
{
    f64 wide = side * side * most / (sum * sum), narrow = sum * sum / (side * side * least);
    return wide > narrow ? wide : narrow;
}

// How many of the next make the best row.
static u32 row_of(const TreeNode *nodes, const u32 *items, u32 count, f64 scale, f64 side,
                  f64 *area)
{
    f64 first = (f64)nodes[items[0]].size * scale, sum = first;
    f64 before = worst(first, first, sum, side);
    u32 n = 1;
    for (; n < count; n++) {
        f64 next = (f64)nodes[items[n]].size * scale;
        f64 now = worst(next, first, sum + next, side);
        if (now > before) break;
        before = now;
        sum += next;
    }
    *area = sum;
    return n;
}

static void draw(const Picture *p, u32 node, const Box *b, u32 color, u32 depth);

static void draw_row(const Picture *p, const u32 *items, u32 n, f64 scale, f64 area, Box *left,
                     u32 color, u32 depth)
{
    bool upright = left->width >= left->height; // then the row stands at the left side
    f64 side = upright ? left->height : left->width, thick = area / side, at = 0;
    for (u32 i = 0; i < n; i++) {
        f64 length = (f64)p->t->nodes[items[i]].size * scale / thick;
        Box b = upright ? (Box){left->x, left->y + at, thick, length}
                        : (Box){left->x + at, left->y, length, thick};
        draw(p, items[i], &b, depth ? color : items[i] % COLORS, depth + 1);
        at += length;
    }
    if (upright) left->x += thick, left->width -= thick;
    else left->y += thick, left->height -= thick;
}

// Each is smaller than what it is in by its margins, so this ends.
static void draw(const Picture *p, u32 node, const Box *b, u32 color, u32 depth)
{
    const TreeNode *n = &p->t->nodes[node];
    put_box(p, n, b, color, depth);
    Box inner = {b->x + MARGIN, b->y + TITLE, b->width - 2 * MARGIN, b->height - TITLE - MARGIN};
    if (!n->child || !n->size || inner.width < 4 || inner.height < 4) return;
    f64 scale = inner.width * inner.height / (f64)n->size;
    TreeChildren c = tree_children(p->t, node, (u64)(LEAST_AREA / scale) + 1, 0);
    for (u32 i = 0, row; i < c.count && inner.width > 1 && inner.height > 1; i += row) {
        f64 area, side = inner.width >= inner.height ? inner.height : inner.width;
        row = row_of(p->t->nodes, c.items + i, c.count - i, scale, side, &area);
        draw_row(p, c.items + i, row, scale, area, &inner, color, depth);
    }
}

static const char style[] =
    "<style>rect{stroke:#fff;stroke-width:.6}text{font:10px monospace;pointer-events:none}"
    ".c0{fill:#4e79a7}.c1{fill:#f28e2b}.c2{fill:#59a14f}.c3{fill:#b07aa1}"
    ".c4{fill:#76b7b2}.c5{fill:#edc948}.c6{fill:#9c755f}.c7{fill:#bab0ac}"
    ".d0{fill:#eee}.d1{fill-opacity:.35}.d2{fill-opacity:.4}.d3{fill-opacity:.5}"
    ".d4{fill-opacity:.6}.d5{fill-opacity:.75}g:hover>rect{stroke:#000}</style>\n";

void tree_svg(const Tree *t, Inspect *s, FILE *out)
{
    Picture p = {t, s, out, t->nodes[0].size};
    const Box all = {0, 0, WIDTH, HEIGHT};
    fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
                 "height=\"%d\">\n", WIDTH, HEIGHT, WIDTH, HEIGHT);
    fputs(style, out);
    draw(&p, 0, &all, 0, 0);
    fputs("</svg>\n", out);
}
