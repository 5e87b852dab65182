/* http.h -- what nginx gives a handler that is WebAssembly: imports of "http". All that has a
   length is bytes, and ends in no zero. Nothing is sent before the handler returns. */
#pragma once

#define HTTP(name) __attribute__((import_module("http"), import_name(#name)))
#define HANDLER(name) __attribute__((export_name(#name))) void name(void)

enum {
    HTTP_METHOD,  /* GET */
    HTTP_URI,     /* as it was sent, with the query */
    HTTP_PATH,    /* decoded, without it */
    HTTP_QUERY,   /* behind the question mark, as it was sent */
    HTTP_ADDRESS, /* the client's */
    HTTP_BODY
};

/* Writes a part of the request from `offset` on, at most `room` bytes (1 MiB), to `at`, and says
   how long all of it is. */
HTTP(request) unsigned http_request(int part, unsigned offset, char *at, unsigned room);
/* The value of the first header of this name, in any case; -1: there is none. At most `room` bytes
   are written; the result is how long it is. */
HTTP(header) int http_header(const char *name, unsigned name_len, char *at, unsigned room);
/* The header of this index as "Name: value"; -1: there are fewer. */
HTTP(header_at) int http_header_at(unsigned index, char *at, unsigned room);

/* 200 at first. */
HTTP(status) void http_status(int code);
/* Content-Type among them. Those about the connection and the length are nginx's. 16 KiB in all. */
HTTP(add_header) void http_add_header(const char *name, unsigned name_len, const char *value,
                                      unsigned value_len);
/* More of the body of the answer: weft_response bytes in all. */
HTTP(write) void http_write(const char *at, unsigned len);
/* A line of nginx's error log (level notice): 1024 bytes of it, and 100 lines of a request. */
HTTP(log) void http_log(const char *at, unsigned len);
