// wire.h -- what weft asks the program weft-where, and how that answers. Both sides take what comes
// from the other for bytes of nobody they trust.
//
// A question begins with WIRE_VERSION and how many bytes follow, 8 each. Those are records: a byte
// that says what it is, the length in 4 bytes, and the rest:
//
//     WIRE_section   the name's length in a byte, the name, what is in the section
//     WIRE_map       a source map, or a data: URL of one
//     WIRE_place     8 bytes each: an offset into the code section, the same into the module, and
//                    where the body begins there that it is in
//     WIRE_name      a function's name
//
// Sections and maps come first. Each place and each name is answered, in their order, by a length
// in 4 bytes and as many more: nothing, where nothing is known. Of a name that is its readable
// form. Of a place it is its frames, innermost first, WIRE_FIELDS strings each, which end in a 0
// byte. An answer that is cut short holds as far as it goes. Numbers are little endian.
#pragma once

#include "base/types.h"

enum {
    WIRE_VERSION = 1,
    WIRE_section = 's', WIRE_map = 'm', WIRE_place = 'p', WIRE_name = 'n',
    WIRE_RECORD = 5,      // bytes in front of what is in a record
    WIRE_HEADER = 16,
    WIRE_PLACE_SIZE = 24,
    WIRE_FIELDS = 5,      // name as linked, name as in the source, file, line, column
    WIRE_NAME_MOST = 1 << 16,
    WIRE_FRAMES_MOST = 64,
};
// Statuses that weft-where exits with.
enum { WIRE_done = 0, WIRE_other_version = 3, WIRE_no_limits = 4, WIRE_no_memory = 5 };
