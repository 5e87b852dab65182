// decode.h -- what the files for WIT in binary share.
#pragma once

#include "component/wit/wit.h"

// ns:package/name@version
Bytes wit_member_name(Arena *arena, const WitPackage *p, Bytes name);
// Puts documentation and gates back, from that section's content. Leaves through wit_fail.
void wit_take_docs(Wit *wit, WitPackage *p, Bytes section);
