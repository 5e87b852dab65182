/* plugin.h -- a plug-in that can be replaced while it works, and keeps what it knows.

       Plugin *p = plugin_open(engine, "tally.wasm", NULL, why);
       plugin_call(p, "some words", 10, &answer, why);    from any thread
       plugin_swap(p, why);                               from any thread: the file is another one

   A plug-in is a module that has these exports, of i32, and imports `read`
   and `write` of "plugin" and nothing else (guest.h has them for C):

       handle(len)                  reads a message, writes an answer
       version() -> version         of the state that it writes
       save()                       writes its state; must leave it as it is
       load(version, len) -> not    reads a state, before it is called otherwise; 0: it goes on from
                                    there. Else it cannot, and is not used

   Swapping: the new module is loaded, validated, linked and instantiated while the old one works.
   Then calls wait while the old one saves and the new one loads. If anything fails, at whatever
   step, the old one goes on as if nothing had been.

   Trapping: who traps may have left its memory half changed. So another instance is made, and goes
   on from the last state that was kept: of the last swap, or of plugin_checkpoint. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <weft.h>

typedef struct Plugin Plugin;

typedef struct {
    uint64_t memory_bytes; /* of an instance */
    uint64_t fuel;         /* instructions of a call, of a save, of a load, and to start with */
    size_t module_bytes, message_bytes, state_bytes; /* of a message and of an answer, each */
} PluginLimits;

/* Bytes that are yours: free(data) when you are done. */
typedef struct {
    char *data;
    size_t len;
} PluginBytes;

typedef struct {
    int32_t version;         /* of the state that it writes */
    size_t state_bytes;      /* of the state that was kept last */
    uint64_t calls, traps, swaps, refused;
    uint64_t longest_pause;  /* nanoseconds that a swap had calls wait */
} PluginInfo;

enum { PLUGIN_WHY = 512 }; /* room for a reason */

PluginLimits plugin_limits(void);
/* `limits` NULL: plugin_limits(). NULL: no, and `why` says why. The engine must outlive it. */
Plugin *plugin_open(weft_engine *engine, const char *path, const PluginLimits *limits, char *why);
/* No thread may use it any more. */
void plugin_close(Plugin *p);
/* False: it trapped or has used up its fuel, and was set back to what was kept last; or the message
   is too long, and nothing has happened. */
bool plugin_call(Plugin *p, const void *message, size_t len, PluginBytes *answer, char *why);
/* Goes on with what is in the file now. False: the one before goes on. */
bool plugin_swap(Plugin *p, char *why);
/* Has it save, and keeps that for when it traps. False: what was kept before still is. */
bool plugin_checkpoint(Plugin *p, char *why);
PluginInfo plugin_info(Plugin *p);
