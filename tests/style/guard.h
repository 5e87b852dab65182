// guard.h -- a header that is guarded by a name, and then late.
#ifndef GUARD_H // bad
#define GUARD_H

#pragma once // bad
#endif
