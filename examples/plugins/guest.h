/* guest.h -- what a plug-in written in C has: see plugin.h. */
#pragma once

#define PLUGIN_IMPORT(name) __attribute__((import_module("plugin"), import_name(#name)))
#define PLUGIN_EXPORT(name) __attribute__((export_name(#name)))

/* The next bytes of the message, or of the state to load; 0: that was all. */
PLUGIN_IMPORT(read) unsigned plugin_read(void *at, unsigned room);
/* More of the answer, or of the state to save. */
PLUGIN_IMPORT(write) void plugin_write(const void *at, unsigned len);
