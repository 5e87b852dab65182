// terminal.h -- a terminal as a screen of cells, and its keys. It is as it was when this is over,
// whichever way: also when a signal ends the process, and while it is stopped.
//
//     if (terminal_begin()) {
//         terminal_clear(), terminal_text(0, 0, 10, text, LOOK_bold), terminal_show();
//         while (terminal_key() != 'q') ...
//         terminal_end();
//     }
#pragma once

#include "base/types.h"

// How a cell looks.
typedef enum {
    LOOK_plain, LOOK_soft, LOOK_bold, LOOK_title, LOOK_redex, LOOK_context, LOOK_value, LOOK_rule,
    LOOK_new, LOOK_COUNT,
} Look;

// Keys that are no characters.
enum {
    KEY_left = 0x110000, KEY_right, KEY_up, KEY_down, KEY_home, KEY_end, KEY_page_up, KEY_page_down,
    KEY_escape, KEY_enter, KEY_backspace, KEY_resized, KEY_interrupted, KEY_gone, KEY_other,
};

// False: it is none, errno says why.
bool terminal_begin(void);
void terminal_end(void);
u32 terminal_width(void);
u32 terminal_height(void);

void terminal_clear(void);
// So much of a text as has room in a row of so many cells. Returns how many it took; *used: bytes.
u32 terminal_text(u32 x, u32 y, u32 room, Bytes text, Look look, size_t *used);
// All of a row's `room` cells.
void terminal_fill(u32 x, u32 y, u32 room, Look look);
void terminal_cursor(u32 x, u32 y); // it is shown there; nowhere until then
void terminal_show(void);
u32 terminal_key(void);             // waits for one

// Ctrl-C is a key, unless this takes it, which runs in the handler.
extern bool (*terminal_interrupts)(void);
