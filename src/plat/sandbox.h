// sandbox.h -- a second wall around this process: what it may still reach of the system, whatever
// goes wrong in it.
//
//     files    what was granted, to look at or to change: nothing else is opened, made, removed
//     calls    what a program needs that computes, waits, reads and writes: no programs, processes,
//              sockets, and no paths at all where no directory was granted
//     ports    where some are given, connections of TCP are made to them, and by Linux 6.7 to no
//              others; at which address is for the caller to see to
//
// What is open stays open. Nothing takes a wall down again.
#pragma once

#include "plat/file.h"

typedef struct {
    File dir;
    bool read_only;
} SandboxDir;

typedef struct { bool files, calls; } SandboxWalls;

// Puts up what the system has, before there is a second thread (else EBUSY); *stands says what that
// is. Files have no wall where dirs is NULL. 0, or an errno: something is half done.
typedef struct { const u16 *list; u32 count; } SandboxPorts;
int sandbox_enter(const SandboxDir *dirs, u32 dir_count, SandboxPorts ports, SandboxWalls *stands);
