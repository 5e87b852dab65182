// terminal.c -- see terminal.h. Plain sequences that every terminal of today knows.

#include "cli/step/terminal.h"

#include "base/utf8.h"
#include "module/describe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { WIDE_MOST = 400, HIGH_MOST = 200 };
#define NOTHING UINT32_MAX  // behind what is as wide as two

typedef struct { u32 c; u8 look; } Cell;

static struct {
    int keys, out;
    bool ours;              // the terminal is
    struct termios before;
    u32 width, height;
    u32 cursor_x, cursor_y;
    bool cursor, colours;
    Cell cells[HIGH_MOST][WIDE_MOST];
    char *text;             // that is written at once
    size_t len, cap;
} t;

static volatile sig_atomic_t resized, stopped;
bool (*terminal_interrupts)(void);

// ---- The terminal is ours, or as it was. All of this may run in a handler.

static void say(const char *text)
{
    for (size_t at = 0, len = strlen(text); at < len;) {
        ssize_t n = write(t.out, text + at, len - at);
        if (n < 0 && errno != EINTR) return;
        if (n > 0) at += (size_t)n;
    }
}

static void take_terminal(void)
{
    struct termios raw = t.before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN); // signals stay
    raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(t.keys, TCSADRAIN, &raw);
    say("\x1b[?1049h\x1b[?25l");
    t.ours = true;
}

static void give_back(void)
{
    if (!t.ours) return;
    t.ours = false;
    say("\x1b[0m\x1b[?25h\x1b[?1049l");
    tcsetattr(t.keys, TCSADRAIN, &t.before);
}

static void measure(void)
{
    struct winsize size;
    bool known = ioctl(t.out, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row;
    t.width = MIN(known ? size.ws_col : 80u, (u32)WIDE_MOST);
    t.height = MIN(known ? size.ws_row : 24u, (u32)HIGH_MOST);
}

static void on_signal(int sig)
{
    int error = errno;
    switch (sig) {
    case SIGWINCH: resized = 1; break;
    case SIGINT:
        if (!terminal_interrupts || !terminal_interrupts()) stopped = 1;
        break;
    case SIGTSTP:
        give_back();
        raise(SIGSTOP); // and goes on here
        take_terminal();
        resized = 1;
        break;
    default: // it ends the process
        give_back();
        signal(sig, SIG_DFL);
        raise(sig);
    }
    errno = error;
}

static const int signals[] = {SIGWINCH, SIGINT, SIGTSTP, SIGTERM, SIGHUP, SIGQUIT, SIGABRT};

bool terminal_begin(void)
{
    t.out = STDOUT_FILENO;
    t.keys = isatty(STDIN_FILENO) ? STDIN_FILENO : open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (t.keys < 0 || tcgetattr(t.keys, &t.before)) return false;
    t.colours = !getenv("NO_COLOR");
    measure();
    for (size_t k = 0; k < COUNT_OF(signals); k++) {
        struct sigaction action = {.sa_handler = on_signal}, before; // reads are interrupted
        if (!sigaction(signals[k], NULL, &before) && before.sa_handler != SIG_IGN)
            sigaction(signals[k], &action, NULL);
    }
    take_terminal();
    return true;
}

void terminal_end(void)
{
    give_back();
    for (size_t k = 0; k < COUNT_OF(signals); k++) {
        struct sigaction before;
        if (!sigaction(signals[k], NULL, &before) && before.sa_handler == on_signal)
            signal(signals[k], SIG_DFL);
    }
    if (t.keys > 0 && t.keys != STDIN_FILENO) close(t.keys);
    free(t.text);
    t.text = NULL;
    t.len = t.cap = 0;
}

u32 terminal_width(void) { return t.width; }
u32 terminal_height(void) { return t.height; }

// ---- Cells

// Two where it is as wide as that in East Asia's scripts, and among pictures.
static u32 width_of(u32 c)
{
    static const struct { u32 first, last; } wide[] = {
        {0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f},
        {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
    for (size_t k = 0; k < COUNT_OF(wide); k++)
        if (c >= wide[k].first && c <= wide[k].last) return 2;
    return 1;
}

// What has no cell of its own.
static bool combines(u32 c)
{
    static const struct { u32 first, last; } rows[] = {
        {0x300, 0x36f}, {0x1ab0, 0x1aff}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f},
        {0xfeff, 0xfeff}};
    for (size_t k = 0; k < COUNT_OF(rows); k++)
        if (c >= rows[k].first && c <= rows[k].last) return true;
    return false;
}

void terminal_clear(void)
{
    t.cursor = false;
    for (u32 y = 0; y < t.height; y++) terminal_fill(0, y, t.width, LOOK_plain);
}

void terminal_fill(u32 x, u32 y, u32 room, Look look)
{
    for (u32 k = x; y < t.height && k < t.width && k - x < room; k++)
        t.cells[y][k] = (Cell){' ', (u8)look};
}

u32 terminal_text(u32 x, u32 y, u32 room, Bytes text, Look look, size_t *used)
{
    u32 took = 0;
    size_t at = 0;
    room = x < t.width && y < t.height ? MIN(room, t.width - x) : 0;
    while (at < text.len) {
        u32 c, len = utf8_decode(text.data + at, text.len - at, &c);
        if (!len || terminal_obeys(c) || combines(c)) c = '?';
        u32 width = width_of(c);
        if (took + width > room) break;
        t.cells[y][x + took] = (Cell){c, (u8)look};
        if (width == 2) t.cells[y][x + took + 1] = (Cell){NOTHING, (u8)look};
        took += width;
        at += MAX(len, 1u);
    }
    if (used) *used = at;
    return took;
}

void terminal_cursor(u32 x, u32 y)
{
    t.cursor = true;
    t.cursor_x = x;
    t.cursor_y = y;
}

// ---- All of it is written at once

static void put(const void *data, size_t len)
{
    if (t.cap - t.len < len) {
        size_t cap = MAX(t.cap * 2, t.len + len + 4096);
        char *grown = realloc(t.text, cap);
        if (!grown) return; // a part of the picture is missing
        t.text = grown;
        t.cap = cap;
    }
    memcpy(t.text + t.len, data, len);
    t.len += len;
}

static void put_text(const char *text) { put(text, strlen(text)); }

static void put_look(u8 look)
{
    static const char *const coloured[LOOK_COUNT] = {
        [LOOK_plain] = "", [LOOK_soft] = ";2", [LOOK_bold] = ";1", [LOOK_title] = ";7",
        [LOOK_redex] = ";30;43", [LOOK_context] = ";35", [LOOK_value] = ";36",
        [LOOK_rule] = ";1;34", [LOOK_new] = ";33"};
    static const char *const plain[LOOK_COUNT] = {
        [LOOK_plain] = "", [LOOK_soft] = ";2", [LOOK_bold] = ";1", [LOOK_title] = ";7",
        [LOOK_redex] = ";7", [LOOK_context] = "", [LOOK_value] = "", [LOOK_rule] = ";1",
        [LOOK_new] = ";1"};
    put_text("\x1b[0");
    put_text(t.colours ? coloured[look] : plain[look]);
    put_text("m");
}

static void put_row(u32 y)
{
    u8 look = LOOK_plain;
    for (u32 x = 0; x < t.width; x++) {
        const Cell *cell = &t.cells[y][x];
        u8 bytes[4];
        if (cell->c == NOTHING) continue;
        if (cell->look != look) put_look(look = cell->look);
        put(bytes, utf8_encode(cell->c, bytes));
    }
    if (look != LOOK_plain) put_look(LOOK_plain);
}

void terminal_show(void)
{
    char place[40];
    t.len = 0;
    put_text("\x1b[?25l\x1b[0m");
    for (u32 y = 0; y < t.height; y++) {
        snprintf(place, sizeof place, "\x1b[%u;1H", y + 1);
        put_text(place);
        put_row(y);
    }
    snprintf(place, sizeof place, "\x1b[%u;%uH\x1b[?25h", t.cursor_y + 1, t.cursor_x + 1);
    if (t.cursor) put_text(place);
    put("", 1);
    if (t.text) say(t.text);
}

// ---- Keys

// Of what an escape begins, the rest is there at once; an escape alone is a key.
static bool more_now(void)
{
    struct pollfd wanted = {.fd = t.keys, .events = POLLIN};
    return poll(&wanted, 1, 30) == 1;
}

// -1: there are none any more; -2: a signal came.
static int next_byte(void)
{
    u8 byte;
    ssize_t n = read(t.keys, &byte, 1);
    return n == 1 ? byte : n == 0 || errno != EINTR ? -1 : -2;
}

// A signal may come just before it waits, so it does not do that for long.
static int wait_for_byte(void)
{
    struct pollfd wanted = {.fd = t.keys, .events = POLLIN};
    while (!resized && !stopped) {
        int ready = poll(&wanted, 1, 200);
        if (ready > 0) return next_byte();
        if (ready < 0 && errno != EINTR) return -1;
    }
    return -2;
}

static u32 sequence(void)
{
    static const struct { const char *text; u32 key; } rows[] = {
        {"[A", KEY_up}, {"[B", KEY_down}, {"[C", KEY_right}, {"[D", KEY_left}, {"OA", KEY_up},
        {"OB", KEY_down}, {"OC", KEY_right}, {"OD", KEY_left}, {"[H", KEY_home}, {"[F", KEY_end},
        {"OH", KEY_home}, {"OF", KEY_end}, {"[1~", KEY_home}, {"[4~", KEY_end}, {"[7~", KEY_home},
        {"[8~", KEY_end}, {"[5~", KEY_page_up}, {"[6~", KEY_page_down}};
    char text[16] = "";
    for (size_t len = 0; len + 1 < sizeof text && more_now(); ) {
        int byte = next_byte();
        if (byte < 0) break;
        text[len++] = (char)byte;
        if (len > 1 && byte >= 0x40 && byte <= 0x7e) break;
    }
    if (!text[0]) return KEY_escape;
    for (size_t k = 0; k < COUNT_OF(rows); k++)
        if (!strcmp(text, rows[k].text)) return rows[k].key;
    return KEY_other;
}

static u32 character(u8 first)
{
    u8 bytes[4] = {first};
    size_t len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    u32 c;
    for (size_t k = 1; k < len; k++) {
        int byte = more_now() ? next_byte() : -1;
        if (byte < 0) return KEY_other;
        bytes[k] = (u8)byte;
    }
    return utf8_decode(bytes, len, &c) ? c : KEY_other;
}

u32 terminal_key(void)
{
    int byte = wait_for_byte();
    if (byte == -1) return KEY_gone;
    if (byte == -2) {
        u32 key = stopped ? KEY_interrupted : resized ? KEY_resized : KEY_other;
        if (!stopped) measure();
        stopped = resized = 0;
        return key;
    }
    if (byte == 0x1b) return sequence();
    if (byte == '\r' || byte == '\n') return KEY_enter;
    if (byte == 0x7f || byte == 8) return KEY_backspace;
    return byte < 0x80 ? (u32)byte : character((u8)byte);
}
