// graph_svg.c -- graphs as a picture: the steps beside each other, and of each its blocks in
// layers, as far down as the longest way to them.
//
//     build             tidy
//     floating   +---+
//     %1 = ...   | 0 |  ...          a block, with its instructions
//                +---+
//                 / \                the first edge of an `if` is green, the second red
//             +---+ |                an edge over several layers has a place in each
//             | 1 | .
//             +---+ |
//                 \ /
//
// Edges back to a loop's header go round at the left. In each layer what is above or below of
// others says who stands beside whom (the barycenter heuristic of Sugiyama's layouts), a few times.
// Lines that were not there before the step are on yellow. Nothing else is needed to show it.
// spec: SVG 1.1

#include "cli/graph.h"
#include "cli/xml.h"

#include <stdlib.h>

enum { LETTER = 7, LINE = 14, PAD = 6, GAP = 24, BETWEEN = 48, TURNS = 4, LANE = 8, NONE = -1 };

typedef struct {
    s32 block;          // NONE: an edge passes there
    u32 layer, place;   // place: in the layer
    f64 x, y, width, height; // x: of its middle
    f64 sum;            // of the places of those that it is linked to in the layer at hand
    u32 links;
} Item;
typedef struct { u32 above, below; } Link;  // items, in layers that follow on each other
typedef struct { u32 from, to, way, way_count; u8 kind; } Wire; // blocks; items on the way

typedef struct {
    Arena *arena;
    const PictureStep *step;
    u32 item_count, item_cap; Item *items;
    u32 link_count, link_cap; Link *links;
    u32 wire_count, wire_cap; Wire *wires;
    u32 layer_count;
    u32 *layer_first, *layer_items; // of each layer, and behind the last
    u32 *link_first;                // links by the layer above
    u32 backs;                      // edges back
    f64 left, top;                  // of its blocks, with the edges back
    f64 x, width, height;           // of all of it
} Layout;

// ---- Layers

static u32 columns(Bytes text)
{
    Bytes line;
    u32 most = 0;
    while (next_line(&text, &line)) most = MAX(most, (u32)line.len);
    return most;
}

static u32 lines(Bytes text)
{
    Bytes line;
    u32 count = 0;
    while (next_line(&text, &line)) count++;
    return count;
}

static u32 add_item(Layout *l, s32 block, u32 layer)
{
    ARENA_PUSH(l->arena, l->items, l->item_count, l->item_cap) =
        (Item){.block = block, .layer = layer, .width = LANE};
    return l->item_count - 1;
}

// What is an edge to comes behind where that is from, but for headers.
static void find_layers(Layout *l)
{
    const PictureStep *s = l->step;
    for (u32 i = 0; i < s->block_count; i++) {
        u32 at = add_item(l, (s32)i, 0);
        Item *item = &l->items[at];
        item->width = columns(s->blocks[i].text) * LETTER + 2 * PAD;
        item->height = lines(s->blocks[i].text) * LINE + 2 * PAD;
    }
    for (u32 i = 0; i < s->block_count; i++) {
        l->layer_count = MAX(l->layer_count, l->items[i].layer + 1);
        for (u32 k = 0; k < s->blocks[i].edge_count; k++) {
            u32 to = s->blocks[i].to[k];
            if (to > i) l->items[to].layer = MAX(l->items[to].layer, l->items[i].layer + 1);
        }
    }
}

static void link(Layout *l, u32 above, u32 below)
{
    ARENA_PUSH(l->arena, l->links, l->link_count, l->link_cap) = (Link){above, below};
}

static void add_wire(Layout *l, u32 from, u32 to, u8 kind)
{
    Wire w = {.from = from, .to = to, .way = l->item_count, .kind = kind};
    u32 last = from, most = 8 * l->step->block_count + 1000;
    bool long_way = l->items[to].layer > l->items[from].layer + 1;
    if (to <= from) {
        l->backs++;
    } else if (!long_way || l->item_count + l->items[to].layer < most) {
        for (u32 layer = l->items[from].layer + 1; layer < l->items[to].layer; layer++) {
            u32 next = add_item(l, NONE, layer);
            link(l, last, next);
            last = next;
        }
        link(l, last, to);
    }
    w.way_count = l->item_count - w.way;
    ARENA_PUSH(l->arena, l->wires, l->wire_count, l->wire_cap) = w;
}

static void find_wires(Layout *l)
{
    for (u32 i = 0; i < l->step->block_count; i++) {
        const PictureBlock *b = &l->step->blocks[i];
        for (u32 k = 0; k < b->edge_count; k++) add_wire(l, i, b->to[k], b->asks ? 1 + (k > 0) : 0);
    }
}

// Items by their layers, and links by those of what is above.
static void group(Layout *l)
{
    l->layer_first = NEW_ARRAY(l->arena, u32, l->layer_count + 2);
    l->link_first = NEW_ARRAY(l->arena, u32, l->layer_count + 2);
    l->layer_items = NEW_ARRAY(l->arena, u32, l->item_count);
    Link *sorted = NEW_ARRAY(l->arena, Link, l->link_count);
    for (u32 i = 0; i < l->item_count; i++) l->layer_first[l->items[i].layer + 2]++;
    for (u32 i = 0; i < l->link_count; i++) l->link_first[l->items[l->links[i].above].layer + 2]++;
    for (u32 i = 2; i < l->layer_count + 2; i++) {
        l->layer_first[i] += l->layer_first[i - 1];
        l->link_first[i] += l->link_first[i - 1];
    }
    for (u32 i = 0; i < l->item_count; i++) {
        u32 *next = &l->layer_first[l->items[i].layer + 1];
        l->layer_items[(*next)++] = i;
    }
    for (u32 layer = 0, i = 0; layer < l->layer_count; layer++)
        for (u32 place = 0; i < l->layer_first[layer + 1]; i++)
            l->items[l->layer_items[i]].place = place++;
    for (u32 i = 0; i < l->link_count; i++)
        sorted[l->link_first[l->items[l->links[i].above].layer + 1]++] = l->links[i];
    l->links = sorted;
}

// ---- Who stands beside whom

typedef struct { f64 want; u32 item; } Wish;

static int by_wish(const void *a, const void *b)
{
    const Wish *x = a, *y = b;
    if (x->want != y->want) return x->want < y->want ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

static u32 layer_size(const Layout *l, u32 layer)
{
    return l->layer_first[layer + 1] - l->layer_first[layer];
}

// From the middle of its layer.
static f64 place_of(const Layout *l, const Item *item)
{
    return (f64)item->place - (f64)layer_size(l, item->layer) / 2;
}

// By what the layer above, or below, is in order.
static void order_layer(Layout *l, u32 layer, bool by_above)
{
    u32 upper = by_above ? layer - 1 : layer, size = layer_size(l, layer);
    u32 *in_layer = l->layer_items + l->layer_first[layer];
    Wish *wishes = NEW_ARRAY(l->arena, Wish, size);
    for (u32 i = 0; i < size; i++) l->items[in_layer[i]].sum = l->items[in_layer[i]].links = 0;
    for (u32 i = l->link_first[upper]; i < l->link_first[upper + 1]; i++) {
        Item *above = &l->items[l->links[i].above], *below = &l->items[l->links[i].below];
        Item *moves = by_above ? below : above;
        moves->sum += place_of(l, by_above ? above : below);
        moves->links++;
    }
    for (u32 i = 0; i < size; i++) {
        const Item *item = &l->items[in_layer[i]];
        f64 want = item->links ? item->sum / item->links : place_of(l, item);
        wishes[i] = (Wish){want, in_layer[i]};
    }
    qsort(wishes, size, sizeof *wishes, by_wish);
    for (u32 i = 0; i < size; i++) {
        in_layer[i] = wishes[i].item;
        l->items[in_layer[i]].place = i;
    }
}

static void order(Layout *l)
{
    for (u32 turn = 0; turn < TURNS; turn++) {
        for (u32 i = 1; i < l->layer_count; i++) order_layer(l, i, true);
        for (u32 i = l->layer_count - 1; i-- > 0;) order_layer(l, i, false);
    }
}

// ---- Where everything is

static f64 layer_width(const Layout *l, u32 layer)
{
    f64 width = 0;
    for (u32 i = l->layer_first[layer]; i < l->layer_first[layer + 1]; i++)
        width += l->items[l->layer_items[i]].width + GAP;
    return width;
}

static void put_items(Layout *l)
{
    f64 lanes = l->backs * LANE, width = 0, y = l->top;
    for (u32 i = 0; i < l->layer_count; i++) width = MAX(width, layer_width(l, i));
    f64 middle = l->left + lanes + width / 2;
    for (u32 layer = 0; layer < l->layer_count; layer++) {
        f64 at = middle - layer_width(l, layer) / 2, most = 0;
        for (u32 i = l->layer_first[layer]; i < l->layer_first[layer + 1]; i++) {
            Item *item = &l->items[l->layer_items[i]];
            item->x = at + (item->width + GAP) / 2;
            item->y = y;
            at += item->width + GAP;
            most = MAX(most, item->height);
        }
        for (u32 i = l->layer_first[layer]; i < l->layer_first[layer + 1]; i++)
            if (l->items[l->layer_items[i]].block == NONE)
                l->items[l->layer_items[i]].height = most;
        y += most + BETWEEN;
    }
    l->width = MAX(l->width, l->left + lanes + width - l->x);
    l->height = MAX(l->height, y);
}

static f64 text_width(Bytes text) { return columns(text) * LETTER; }
static f64 text_height(Bytes text) { return lines(text) * LINE; }

// A step, from this place on.
static Layout lay_out(Arena *arena, const PictureStep *step, f64 x)
{
    Layout l = {.arena = arena, .step = step, .x = x, .top = PAD + 3 * LINE};
    l.width = MAX(30 * LETTER, text_width(step->notes));
    l.height = l.top += text_height(step->notes);
    if (step->same) return l;
    l.left = x + text_width(step->floating) + GAP;
    l.height += text_height(step->floating);
    find_layers(&l);
    find_wires(&l);
    group(&l);
    order(&l);
    put_items(&l);
    return l;
}

// ---- Drawing

static void draw_to(FILE *out, f64 x, f64 from, f64 to_x, f64 to)
{
    f64 half = (from + to) / 2;
    fprintf(out, " C%.0f %.0f %.0f %.0f %.0f %.0f", x, half, to_x, half, to_x, to);
}

// Over the items on its way; straight on where there are too many; or round at the left.
static void draw_wire(FILE *out, const Layout *l, const Wire *w, f64 left)
{
    static const char *const kinds[] = {"e", "e y", "e n"};
    const Item *from = &l->items[w->from], *to = &l->items[w->to];
    f64 x = from->x + (w->kind == 1 ? -LANE : w->kind == 2 ? LANE : 0), y = from->y + from->height;
    fprintf(out, "<path class=\"%s\" d=\"M%.0f %.0f", kinds[w->kind], x, y);
    if (w->to <= w->from) {
        f64 in = to->x - LANE;
        fprintf(out, " C%.0f %.0f %.0f %.0f %.0f %.0f", x, y + GAP, left, y + GAP, left, y);
        fprintf(out, " L%.0f %.0f C%.0f %.0f %.0f %.0f %.0f %.0f", left, to->y, left, to->y - GAP,
                in, to->y - GAP, in, to->y);
    } else {
        for (u32 i = w->way; i < w->way + w->way_count; i++) {
            const Item *on = &l->items[i];
            draw_to(out, x, y, on->x, on->y);
            x = on->x;
            y = on->y + on->height;
            fprintf(out, " L%.0f %.0f", x, y);
        }
        draw_to(out, x, y, to->x, to->y);
    }
    fputs("\" marker-end=\"url(#a)\"/>\n", out);
}

static void draw_text(FILE *out, f64 x, f64 y, Bytes text, const Map *before)
{
    Bytes line;
    for (u32 i = 0; next_line(&text, &line); i++) {
        f64 at = y + i * LINE;
        if (before && !map_get(before, line.data, line.len))
            fprintf(out, "<rect class=\"f\" x=\"%.0f\" y=\"%.0f\" width=\"%zu\" height=\"%d\"/>", x,
                    at, line.len * LETTER, LINE);
        fprintf(out, "<text x=\"%.0f\" y=\"%.0f\">", x, at + LINE - 4);
        print_xml(out, line);
        fputs("</text>\n", out);
    }
}

static void draw_block(FILE *out, const Layout *l, const Item *item)
{
    f64 x = item->x - item->width / 2;
    fprintf(out, "<rect class=\"b\" x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\"/>\n", x,
            item->y, item->width, item->height);
    draw_text(out, x + PAD, item->y + PAD, l->step->blocks[item->block].text, l->step->before);
}

static void draw_step(FILE *out, const Layout *l)
{
    const PictureStep *s = l->step;
    f64 lane = l->left;
    fprintf(out, "<text class=\"h\" x=\"%.0f\" y=\"%d\">", l->x, PAD + LINE);
    print_xml(out, bytes_of(s->name));
    fputs(s->same ? ": as before</text>\n" : "</text>\n", out);
    draw_text(out, l->x, PAD + 2 * LINE, s->notes, NULL);
    draw_text(out, l->x, l->top, s->floating, s->before);
    for (u32 i = 0; i < l->wire_count; i++) {
        draw_wire(out, l, &l->wires[i], lane);
        if (l->wires[i].to <= l->wires[i].from) lane += LANE;
    }
    for (u32 i = 0; i < s->block_count; i++) draw_block(out, l, &l->items[i]);
}

static const char style[] =
    "<style>text{font:11px monospace;white-space:pre}.h{font:bold 16px sans-serif}"
    ".b{fill:#f4f6fa;stroke:#445}.f{fill:#fe8}.e{fill:none;stroke:#778}.y{stroke:#283}"
    ".n{stroke:#b33}</style>\n"
    "<marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
    "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#445\"/></marker>\n";

void graph_svg(FILE *out, Arena *arena, const PictureStep *steps, u32 count)
{
    Layout *layouts = NEW_ARRAY(arena, Layout, count);
    f64 x = PAD, height = 0;
    for (u32 i = 0; i < count; i++) {
        layouts[i] = lay_out(arena, &steps[i], x);
        x += layouts[i].width + BETWEEN;
        height = MAX(height, layouts[i].height);
    }
    fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
                 "viewBox=\"0 0 %.0f %.0f\">\n", x, height, x, height);
    fputs(style, out);
    for (u32 i = 0; i < count; i++) draw_step(out, &layouts[i]);
    fputs("</svg>\n", out);
}
