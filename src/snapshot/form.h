// form.h -- the numbers that stand for kinds of things in a snapshot.
#pragma once

// A reference: null; an i31, its 31 bits; the number of an object; of a function its instance and
// index, or where a function of the host's is imported first.
enum { VALUE_null, VALUE_i31, VALUE_object, VALUE_func, VALUE_host_func };

// An object: of a type; likewise, with a length; of a tag; a value of the host's; a continuation,
// and one that was used.
enum { OBJECT_struct, OBJECT_array, OBJECT_exception, OBJECT_host, OBJECT_cont, OBJECT_used };

// An import: the host's; an instance's, and an index there.
enum { IMPORT_host, IMPORT_instance };

// Bytes of a frame beside its values, at least: its instance, its kind, its place.
enum { FRAME_BYTES = 3 };

// A call that was stopped: that of the store's own, or one that was parked.
enum { CALL_outermost, CALL_parked };
