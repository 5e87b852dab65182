/* ngx_http_weft_module.c -- an nginx module that has requests answered by WebAssembly.

       load_module modules/ngx_http_weft_module.so;
       location /hello { weft_module hello.wasm;  weft_handler hello; }

   README.md has the directives, and the functions that a handler gets. What happens:

       master   loads and checks modules when it reads its configuration, so a bad one is refused by
                `nginx -t`; runs nothing of them
       worker   for each request takes a store with an instance, and starts the handler as a task.
                It gets fuel for a slice, a few milliseconds; when that is used up the task is set
                aside, the worker looks after its other connections, and goes on in its next turn,
                until the handler returns, or time or fuel of the request is used up

   So a guest that loops costs a worker a slice each turn until its time is over, and no more. What
   a handler says is sent when it has returned: one that traps leaves nothing half said. */

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include <weft.h>
#include <weft_task.h>

#define MODULE_MOST ((off_t)64 << 20)
#define CHUNK 4096              /* of an answer that is written in small pieces */
#define HEADERS_MOST 16384      /* bytes of headers that a handler may add */
#define LOG_MOST 1024           /* bytes of a message that are logged */
#define LOGS_MOST 100           /* messages of a request that are logged */
#define READ_MOST (1 << 20)     /* bytes of a request that one call gives */

/* What our functions cost a guest, so that none makes a worker work for long with little fuel: as
   much as functions of WASI. */
#define CALL_FUEL 1500
#define BYTES_FUEL 2            /* bytes for a unit */
#define LOG_FUEL 10000          /* a line of a log */

typedef struct {
    ngx_str_t path;
    weft_module *module;
} Loaded;

typedef struct {
    weft_engine *engine;
    ngx_array_t modules;        /* Loaded */
} MainConf;

typedef struct Spare Spare;
struct Spare {
    Spare *next;
    weft_store *store;
    weft_func handler;
};

typedef struct {
    weft_module *module;
    ngx_str_t handler;          /* ends in NUL */
    size_t memory, response;
    ngx_int_t fuel, slice, pool, running;
    ngx_msec_t timeout;
    MainConf *main;
    Spare *spares;              /* of this worker; used when there is a pool */
    ngx_int_t spare_count, running_count;
} LocConf;

/* A request that is being answered. In its pool. */
typedef struct {
    ngx_http_request_t *r;
    LocConf *conf;
    weft_store *store;
    weft_func handler;
    weft_task *task;
    ngx_event_t next;           /* posted when another slice is due */
    ngx_msec_t started;
    uint64_t fuel_used;
    bool counted;
    ngx_uint_t status, logged;
    size_t body_size, header_size;
    ngx_chain_t *body, **body_end;
    ngx_buf_t *body_last;
    ngx_array_t headers;        /* ngx_table_elt_t */
} Request;

extern ngx_module_t ngx_http_weft_module;

/* ---- What a handler may call ----------------------------------------------------------------- */

enum { ASK_METHOD, ASK_URI, ASK_PATH, ASK_QUERY, ASK_ADDRESS, ASK_BODY };

/* Of whom a call is. NULL: of nobody yet, since the module is being made ready. */
static Request *request_of(weft_caller *caller)
{
    return (Request *)weft_store_data(weft_caller_store(caller));
}

/* Has the guest pay. Who cannot is stopped behind the call, and what it owes counts as
   used. */
static void charge(weft_caller *caller, Request *q, uint64_t bytes)
{
    weft_store *store = weft_caller_store(caller);
    uint64_t cost = CALL_FUEL + bytes / BYTES_FUEL, left = 0;
    weft_store_fuel(store, &left);
    if (cost > left) q->fuel_used += cost - left;
    weft_store_set_fuel(store, cost > left ? 0 : left - cost, NULL);
}

#define BEGIN(q, bytes)                                                                            \
    Request *q = request_of(caller);                                                               \
    (void)env;                                                                                     \
    if (!q) return weft_trap(caller, "there is no request yet");                                   \
    charge(caller, q, bytes)

static weft_status not_in_memory(weft_caller *caller)
{
    return weft_trap(caller, "what it was given is not all in the guest's memory");
}

static weft_status no_memory(weft_caller *caller)
{
    return weft_trap(caller, "nginx has no memory");
}

static uint64_t copy_part(u_char *to, uint64_t room, const ngx_str_t *from, uint64_t offset)
{
    uint64_t len = offset < from->len ? from->len - offset : 0;
    if (len > room) len = room;
    if (len) ngx_memcpy(to, from->data + offset, len);
    return len;
}

/* The body is in pieces: in memory, or in a file where nginx has put it aside. Returns its length;
   -1: it cannot be read. */
static off_t body_read(ngx_http_request_t *r, u_char *to, uint64_t room, uint64_t offset)
{
    ngx_chain_t *link = r->request_body ? r->request_body->bufs : NULL;
    off_t total = 0;
    for (; link; link = link->next) {
        ngx_buf_t *b = link->buf;
        off_t size = ngx_buf_size(b), skip = (off_t)offset - total, len;
        total += size;
        if (skip < 0 || skip >= size || room == 0) continue;
        len = ngx_min(size - skip, (off_t)room);
        if (ngx_buf_in_memory(b)) {
            ngx_memcpy(to, b->pos + skip, (size_t)len);
        } else if (ngx_read_file(b->file, to, (size_t)len, b->file_pos + skip) != len) {
            return -1;
        }
        to += len;
        room -= (uint64_t)len;
        offset += (uint64_t)len;
    }
    return total;
}

/* request(what, offset, at, room) -> length: writes what there is of a part of the request from
   `offset` on, at most `room` bytes, and says how long all of it is. */
static weft_status on_request(void *env, weft_caller *caller, weft_slot *slots)
{
    uint32_t what = slots[0].u32, offset = slots[1].u32, room = slots[3].u32;
    u_char *to = weft_caller_at(caller, slots[2].u32, room);
    ngx_http_request_t *r;
    ngx_str_t text;
    off_t total;
    BEGIN(q, room);
    r = q->r;
    if (!to) return not_in_memory(caller);
    if (room > READ_MOST) return weft_trap(caller, "it asks for more than 1 MiB at once");
    switch (what) {
    case ASK_METHOD: text = r->method_name; break;
    case ASK_URI: text = r->unparsed_uri; break;
    case ASK_PATH: text = r->uri; break;
    case ASK_QUERY: text = r->args; break;
    case ASK_ADDRESS: text = r->connection->addr_text; break;
    case ASK_BODY:
        total = body_read(r, to, room, offset);
        if (total < 0) return weft_trap(caller, "the body of the request cannot be read");
        slots[0].i32 = (int32_t)ngx_min(total, INT32_MAX);
        return WEFT_OK;
    default: return weft_trap(caller, "a request has no such part");
    }
    copy_part(to, room, &text, offset);
    slots[0].i32 = (int32_t)text.len;
    return WEFT_OK;
}

/* The header after one, through all parts of the list; start with *i 0 and the first part. */
static ngx_table_elt_t *header_next(ngx_list_part_t **part, ngx_uint_t *i)
{
    while (*i >= (*part)->nelts) {
        if (!(*part)->next) return NULL;
        *part = (*part)->next;
        *i = 0;
    }
    return (ngx_table_elt_t *)(*part)->elts + (*i)++;
}

/* header(name, name length, at, room) -> length: the first header of this name; -1: none. */
static weft_status on_header(void *env, weft_caller *caller, weft_slot *slots)
{
    uint32_t name_len = slots[1].u32, room = slots[3].u32;
    u_char *name = weft_caller_at(caller, slots[0].u32, name_len);
    u_char *to = weft_caller_at(caller, slots[2].u32, room);
    ngx_list_part_t *part;
    ngx_table_elt_t *h;
    ngx_uint_t i = 0;
    BEGIN(q, (uint64_t)name_len + room);
    if (!name || !to) return not_in_memory(caller);
    part = &q->r->headers_in.headers.part;
    while ((h = header_next(&part, &i)))
        if (h->key.len == name_len && ngx_strncasecmp(h->key.data, name, name_len) == 0) break;
    if (h) copy_part(to, room, &h->value, 0);
    slots[0].i32 = h ? (int32_t)h->value.len : -1;
    return WEFT_OK;
}

/* header_at(index, at, room) -> length: the header of this index, as "Name: value"; -1: none. */
static weft_status on_header_at(void *env, weft_caller *caller, weft_slot *slots)
{
    uint32_t index = slots[0].u32, room = slots[2].u32;
    u_char *to = weft_caller_at(caller, slots[1].u32, room);
    ngx_str_t colon = ngx_string(": ");
    const ngx_str_t *pieces[3];
    ngx_list_part_t *part;
    ngx_table_elt_t *h;
    ngx_uint_t i = 0, k;
    size_t total = 0;
    BEGIN(q, room);
    if (!to) return not_in_memory(caller);
    part = &q->r->headers_in.headers.part;
    while ((h = header_next(&part, &i)) && index > 0) index--;
    slots[0].i32 = -1;
    if (!h) return WEFT_OK;
    pieces[0] = &h->key;
    pieces[1] = &colon;
    pieces[2] = &h->value;
    for (k = 0; k < 3; k++) {
        uint64_t len = copy_part(to, room, pieces[k], 0);
        to += len;
        room -= (uint32_t)len;
        total += pieces[k]->len;
    }
    slots[0].i32 = (int32_t)total;
    return WEFT_OK;
}

/* status(code) */
static weft_status on_status(void *env, weft_caller *caller, weft_slot *slots)
{
    BEGIN(q, 0);
    if (slots[0].u32 < 200 || slots[0].u32 > 599)
        return weft_trap(caller, "a status is from 200 to 599");
    q->status = slots[0].u32;
    return WEFT_OK;
}

/* Neither may end the line that it stands in. spec: RFC 9110, 5.1 and 5.5 */
static bool is_header(const u_char *name, size_t name_len, const u_char *value, size_t value_len)
{
    size_t i;
    for (i = 0; i < name_len; i++)
        if (!(name[i] >= '0' && name[i] <= '9') &&
            !((name[i] | 32) >= 'a' && (name[i] | 32) <= 'z') &&
            !(name[i] && ngx_strchr("!#$%&'*+-.^_`|~", name[i])))
            return false;
    for (i = 0; i < value_len; i++)
        if ((value[i] < ' ' && value[i] != '\t') || value[i] == 127) return false;
    return name_len > 0;
}

/* Names of headers are the same in any case. */
static bool is_same(const u_char *name, size_t len, const char *other)
{
    return len == ngx_strlen(other) && ngx_strncasecmp((u_char *)name, (u_char *)other, len) == 0;
}

/* What nginx says itself, about the connection and how long the answer is. */
static bool is_reserved(const u_char *name, size_t len)
{
    static const char *const names[] = {"connection", "content-length", "date",
                                        "keep-alive", "server",         "te",
                                        "trailer",    "upgrade",        "transfer-encoding"};
    ngx_uint_t i;
    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (is_same(name, len, names[i])) return true;
    return false;
}

/* add_header(name, name length, value, value length) */
static weft_status on_add_header(void *env, weft_caller *caller, weft_slot *slots)
{
    uint32_t name_len = slots[1].u32, value_len = slots[3].u32;
    u_char *name = weft_caller_at(caller, slots[0].u32, name_len);
    u_char *value = weft_caller_at(caller, slots[2].u32, value_len), *copy;
    ngx_table_elt_t *h;
    BEGIN(q, (uint64_t)name_len + value_len);
    if (!name || !value) return not_in_memory(caller);
    if ((uint64_t)name_len + value_len > HEADERS_MOST - q->header_size)
        return weft_trap(caller, "its headers take more than 16 KiB");
    if (!is_header(name, name_len, value, value_len))
        return weft_trap(caller, "a header has bytes that no header has");
    if (is_reserved(name, name_len)) return weft_trap(caller, "this header is nginx's to say");
    copy = ngx_pnalloc(q->r->pool, (size_t)name_len + value_len);
    h = copy ? ngx_array_push(&q->headers) : NULL;
    if (!h) return no_memory(caller);
    /* An empty one costs something too. */
    q->header_size += ngx_min((size_t)name_len + value_len + 4, HEADERS_MOST - q->header_size);
    ngx_memzero(h, sizeof *h);
    h->hash = 1;
    h->key.len = name_len;
    h->key.data = ngx_cpymem(copy, name, name_len) - name_len;
    h->value.len = value_len;
    h->value.data = ngx_cpymem(copy + name_len, value, value_len) - value_len;
    return WEFT_OK;
}

/* write(at, length): more of the answer. */
static weft_status on_write(void *env, weft_caller *caller, weft_slot *slots)
{
    uint32_t len = slots[1].u32;
    u_char *from = weft_caller_at(caller, slots[0].u32, len);
    BEGIN(q, len);
    if (!from) return not_in_memory(caller);
    if (len > q->conf->response - q->body_size)
        return weft_trap(caller, "its answer takes more than weft_response");
    q->body_size += len;
    while (len > 0) {
        ngx_buf_t *b = q->body_last;
        size_t part;
        if (!b || b->last == b->end) {
            ngx_chain_t *link = ngx_alloc_chain_link(q->r->pool);
            b = link ? ngx_create_temp_buf(q->r->pool, ngx_max(len, CHUNK)) : NULL;
            if (!b) return no_memory(caller);
            link->buf = b;
            link->next = NULL;
            *q->body_end = link;
            q->body_end = &link->next;
            q->body_last = b;
        }
        part = ngx_min((size_t)(b->end - b->last), len);
        b->last = ngx_cpymem(b->last, from, part);
        from += part;
        len -= (uint32_t)part;
    }
    return WEFT_OK;
}

/* log(at, length): a line of the error log, unless there were many. */
static weft_status on_log(void *env, weft_caller *caller, weft_slot *slots)
{
    uint32_t len = slots[1].u32, i;
    u_char *from = weft_caller_at(caller, slots[0].u32, len), line[LOG_MOST];
    BEGIN(q, LOG_FUEL * BYTES_FUEL);
    if (!from) return not_in_memory(caller);
    if (q->logged++ >= LOGS_MOST) return WEFT_OK;
    if (len > LOG_MOST) len = LOG_MOST;
    for (i = 0; i < len; i++) line[i] = from[i] >= ' ' && from[i] != 127 ? from[i] : '?';
    ngx_log_error(NGX_LOG_NOTICE, q->r->connection->log, 0, "weft: guest: %*s", (size_t)len, line);
    return WEFT_OK;
}

static const struct {
    const char *name, *signature;
    weft_host_fn *fn;
} functions[] = {
    {"request", "iiii:i", on_request},       {"header", "iiii:i", on_header},
    {"header_at", "iii:i", on_header_at},    {"status", "i:", on_status},
    {"add_header", "iiii:", on_add_header},  {"write", "ii:", on_write},
    {"log", "ii:", on_log},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

/* ---- Answering ------------------------------------------------------------------------------- */

static void log_failure(ngx_log_t *log, const LocConf *conf, const weft_store *store,
                        const weft_diag *diag)
{
    weft_frame frame;
    if (store && diag->status == WEFT_TRAP && weft_store_backtrace(store, &frame, 1) > 0) {
        ngx_log_error(NGX_LOG_ERR, log, 0, "weft: handler \"%V\": %s (%s), at 0x%xL of the module",
                      &conf->handler, diag->message, diag->name, (int64_t)frame.offset);
    } else {
        ngx_log_error(NGX_LOG_ERR, log, 0, "weft: handler \"%V\": %s (%s)", &conf->handler,
                      diag->message, diag->name);
    }
}

static weft_store *store_new(const LocConf *conf, weft_diag *diag)
{
    weft_limits limits = weft_limits_init();
    limits.memory_bytes = limits.heap_bytes = conf->memory;
    limits.instance_bytes = limits.continuation_bytes = conf->memory;
    limits.stack_bytes = 1 << 20;
    limits.table_entries = limits.table_total = 1 << 16;
    limits.handles = 1 << 16;
    limits.fuel = (uint64_t)conf->slice;
    return weft_store_new(conf->main->engine, &limits, diag);
}

/* An instance in a store of its own, in which what must run before has run: that has one slice,
   since it is not set aside. */
static ngx_int_t instance_new(Request *q, weft_diag *diag)
{
    const LocConf *conf = q->conf;
    weft_linker *linker;
    weft_instance instance;
    weft_func start;
    weft_extern item;
    weft_status status = WEFT_OK;
    ngx_uint_t i;
    q->store = store_new(conf, diag);
    linker = q->store ? weft_linker_new(conf->main->engine, diag) : NULL;
    if (!linker) return NGX_ERROR;
    for (i = 0; i < FUNCTIONS && status == WEFT_OK; i++)
        status = weft_linker_func(linker, "http", functions[i].name, functions[i].signature,
                                  functions[i].fn, NULL, NULL, diag);
    if (status == WEFT_OK)
        status = weft_instantiate(q->store, conf->module, linker, &instance, diag);
    weft_linker_free(linker);
    if (status == WEFT_OK && weft_instance_export(q->store, instance, "_initialize", &item)) {
        status = weft_instance_func(q->store, instance, "_initialize", &start, diag);
        if (status == WEFT_OK) status = weft_call(q->store, start, NULL, 0, NULL, 0, diag);
    }
    if (status == WEFT_OK)
        status = weft_instance_func(q->store, instance, (char *)conf->handler.data, &q->handler,
                                    diag);
    return status == WEFT_OK ? NGX_OK : NGX_ERROR;
}

static ngx_int_t request_instance(Request *q, weft_diag *diag)
{
    Spare *spare = q->conf->spares;
    if (!spare) return instance_new(q, diag);
    q->conf->spares = spare->next;
    q->conf->spare_count--;
    q->store = spare->store;
    q->handler = spare->handler;
    ngx_free(spare);
    return NGX_OK;
}

/* Keeps the instance for another request, if there is a pool and it has room. */
static void request_spare(Request *q)
{
    LocConf *conf = q->conf;
    Spare *spare = conf->spare_count < conf->pool ? ngx_alloc(sizeof *spare, ngx_cycle->log) : NULL;
    if (!spare) return;
    weft_store_set_data(q->store, NULL);
    spare->store = q->store;
    spare->handler = q->handler;
    spare->next = conf->spares;
    conf->spares = spare;
    conf->spare_count++;
    q->store = NULL;
}

/* Lets go of all but what is to be sent. Also called when the request ends, whoever ends it. */
static void request_leave(void *data)
{
    Request *q = data;
    if (q->next.posted) {
        ngx_delete_posted_event(&q->next); /* a macro of two statements */
    }
    if (q->next.timer_set) ngx_del_timer(&q->next);
    weft_task_free(q->task);
    weft_store_free(q->store);
    q->task = NULL;
    q->store = NULL;
    if (q->counted) q->conf->running_count--;
    q->counted = false;
}

static ngx_int_t send_headers(Request *q)
{
    ngx_http_request_t *r = q->r;
    ngx_table_elt_t *from = q->headers.elts, *h;
    ngx_uint_t i;
    for (i = 0; i < q->headers.nelts; i++, from++) {
        if (is_same(from->key.data, from->key.len, "content-type")) {
            r->headers_out.content_type = from->value;
            r->headers_out.content_type_len = from->value.len;
            r->headers_out.content_type_lowcase = NULL;
            continue;
        }
        h = ngx_list_push(&r->headers_out.headers);
        if (!h) return NGX_ERROR;
        *h = *from;
        /* So that nobody compresses it once more. */
        if (is_same(h->key.data, h->key.len, "content-encoding"))
            r->headers_out.content_encoding = h;
    }
    if (r->headers_out.content_type.len == 0 && ngx_http_set_content_type(r) != NGX_OK)
        return NGX_ERROR;
    r->headers_out.status = q->status;
    r->headers_out.content_length_n = (off_t)q->body_size;
    return ngx_http_send_header(r);
}

static ngx_int_t request_send(Request *q)
{
    ngx_http_request_t *r = q->r;
    ngx_int_t rc = send_headers(q);
    ngx_chain_t empty;
    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) return rc;
    if (!q->body) {
        empty.next = NULL;
        empty.buf = q->body_last = ngx_calloc_buf(r->pool);
        if (!empty.buf) return NGX_ERROR;
        q->body = &empty;
    }
    q->body_last->last_buf = r == r->main;
    q->body_last->last_in_chain = 1;
    return ngx_http_output_filter(r, q->body);
}

/* One slice. NGX_AGAIN: there are more. Else how the request is to end. What is left of the last
   one, where that was less than what comes next costs at once, is granted again. */
static ngx_int_t request_slice(Request *q)
{
    LocConf *conf = q->conf;
    ngx_log_t *log = q->r->connection->log;
    uint64_t granted = (uint64_t)conf->slice, left = 0, kept = 0;
    if (q->task) weft_store_fuel(q->store, &kept);
    granted += kept;
    bool is_last = conf->fuel && granted >= (uint64_t)conf->fuel - q->fuel_used;
    weft_diag diag;
    weft_status status = WEFT_OK;
    if (is_last) granted = (uint64_t)conf->fuel - q->fuel_used;
    weft_store_set_fuel(q->store, granted, NULL);
    if (q->task) {
        status = weft_task_continue(q->task, &diag);
    } else {
        q->task = weft_task_start(q->store, q->handler, NULL, 0, &diag);
        if (!q->task) status = diag.status;
    }
    weft_store_fuel(q->store, &left);
    q->fuel_used += granted - left;
    if (status != WEFT_OK) {
        log_failure(log, conf, q->store, &diag);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
    if (weft_task_state_of(q->task) == WEFT_TASK_ENDED) return NGX_OK;
    if (is_last || (conf->fuel && q->fuel_used >= (uint64_t)conf->fuel)) {
        ngx_log_error(NGX_LOG_ERR, log, 0, "weft: handler \"%V\" has used up weft_fuel",
                      &conf->handler);
        return NGX_HTTP_GATEWAY_TIME_OUT;
    }
    if (ngx_current_msec - q->started >= conf->timeout) {
        ngx_log_error(NGX_LOG_ERR, log, 0, "weft: handler \"%V\" took longer than weft_timeout",
                      &conf->handler);
        return NGX_HTTP_GATEWAY_TIME_OUT;
    }
    return NGX_AGAIN;
}

/* Goes on with a request until it has to wait for its next slice, or is over. */
static void request_run(Request *q)
{
    ngx_http_request_t *r = q->r;
    ngx_int_t rc = request_slice(q);
    if (rc == NGX_AGAIN) {
        ngx_post_event(&q->next, &ngx_posted_next_events);
        /* Never rings; but a worker that is to end waits for what has a timer. */
        if (!q->next.timer_set) ngx_add_timer(&q->next, q->conf->timeout + 1000);
        return;
    }
    weft_task_free(q->task);
    q->task = NULL;
    if (rc == NGX_OK) request_spare(q);
    request_leave(q);
    if (rc == NGX_OK) rc = request_send(q);
    ngx_http_finalize_request(r, rc);
}

static void on_next_slice(ngx_event_t *event)
{
    Request *q = event->data;
    ngx_connection_t *c = q->r->connection;
    ngx_http_set_log_request(c->log, q->r);
    request_run(q);
    ngx_http_run_posted_requests(c);
}

static Request *request_new(ngx_http_request_t *r)
{
    Request *q = ngx_pcalloc(r->pool, sizeof *q);
    ngx_http_cleanup_t *cleanup = q ? ngx_http_cleanup_add(r, 0) : NULL;
    if (!cleanup || ngx_array_init(&q->headers, r->pool, 4, sizeof(ngx_table_elt_t)) != NGX_OK)
        return NULL;
    q->r = r;
    q->conf = ngx_http_get_module_loc_conf(r, ngx_http_weft_module);
    q->started = ngx_current_msec;
    q->status = NGX_HTTP_OK;
    q->body_end = &q->body;
    q->next.handler = on_next_slice;
    q->next.data = q;
    q->next.log = r->connection->log;
    cleanup->handler = request_leave;
    cleanup->data = q;
    ngx_http_set_ctx(r, q, ngx_http_weft_module);
    return q;
}

/* All of the request is here. */
static void on_body(ngx_http_request_t *r)
{
    Request *q = request_new(r);
    weft_diag diag;
    if (!q) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }
    if (q->conf->running_count >= q->conf->running) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "weft: handler \"%V\" has as many requests as weft_running allows",
                      &q->conf->handler);
        ngx_http_finalize_request(r, NGX_HTTP_SERVICE_UNAVAILABLE);
        return;
    }
    q->conf->running_count++;
    q->counted = true;
    r->read_event_handler = ngx_http_test_reading; /* notices a client that goes away */
    if (request_instance(q, &diag) != NGX_OK) {
        log_failure(r->connection->log, q->conf, q->store, &diag);
        request_leave(q);
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }
    weft_store_set_data(q->store, q);
    request_run(q);
}

static ngx_int_t on_request_begin(ngx_http_request_t *r)
{
    ngx_int_t rc = ngx_http_read_client_request_body(r, on_body);
    return rc >= NGX_HTTP_SPECIAL_RESPONSE ? rc : NGX_DONE;
}

/* $weft_fuel: what the request has used, for the access log. */
static ngx_int_t on_fuel_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v,
                                  uintptr_t data)
{
    Request *q = ngx_http_get_module_ctx(r, ngx_http_weft_module);
    v->data = q ? ngx_pnalloc(r->pool, NGX_INT64_LEN) : NULL;
    v->not_found = !v->data;
    v->valid = v->no_cacheable = !!v->data;
    if (q && !v->data) return NGX_ERROR;
    if (q) v->len = (unsigned)(ngx_sprintf(v->data, "%uL", q->fuel_used) - v->data);
    return NGX_OK;
}

/* ---- Configuration --------------------------------------------------------------------------- */

/* All of a file, to be freed with ngx_free. */
static ngx_int_t read_file(ngx_conf_t *cf, ngx_str_t *path, ngx_str_t *out)
{
    ngx_file_info_t info;
    ngx_file_t file;
    ssize_t got = -1;
    ngx_memzero(&file, sizeof file);
    file.name = *path;
    file.log = cf->log;
    file.fd = ngx_open_file(path->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);
    if (file.fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, ngx_open_file_n " \"%V\" failed", path);
        return NGX_ERROR;
    }
    if (ngx_fd_info(file.fd, &info) == NGX_FILE_ERROR || !ngx_is_file(&info) ||
        ngx_file_size(&info) > MODULE_MOST) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" is no file of at most 64 MiB", path);
    } else {
        out->len = (size_t)ngx_file_size(&info);
        out->data = ngx_alloc(out->len + 1, cf->log);
        got = out->data ? ngx_read_file(&file, out->data, out->len, 0) : -1;
        if (got != (ssize_t)out->len) {
            if (out->data) ngx_free(out->data);
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" cannot be read", path);
            got = -1;
        }
    }
    ngx_close_file(file.fd);
    return got < 0 ? NGX_ERROR : NGX_OK;
}

static void main_free(void *data)
{
    MainConf *main = data;
    Loaded *loaded = main->modules.elts;
    ngx_uint_t i;
    for (i = 0; i < main->modules.nelts; i++) weft_module_free(loaded[i].module);
    weft_engine_free(main->engine);
}

static void spares_free(void *data)
{
    LocConf *conf = data;
    while (conf->spares) {
        Spare *spare = conf->spares;
        conf->spares = spare->next;
        weft_store_free(spare->store);
        ngx_free(spare);
    }
}

static void *main_conf_new(ngx_conf_t *cf)
{
    weft_diag diag;
    MainConf *main = ngx_pcalloc(cf->pool, sizeof *main);
    ngx_pool_cleanup_t *cleanup = main ? ngx_pool_cleanup_add(cf->pool, 0) : NULL;
    if (!cleanup || ngx_array_init(&main->modules, cf->pool, 4, sizeof(Loaded)) != NGX_OK)
        return NULL;
    main->engine = weft_engine_new(NULL, &diag);
    if (!main->engine) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "weft: %s", diag.message);
        return NULL;
    }
    weft_engine_set_beside(main->engine, SIZE_MAX); /* a forked worker has no such thread */
    cleanup->handler = main_free;
    cleanup->data = main;
    return main;
}

/* Is an import one of our functions? All their parameters and results are i32. */
static bool import_known(const weft_import *import)
{
    ngx_uint_t i, k, params;
    for (i = 0; i < FUNCTIONS; i++) {
        const char *signature = functions[i].signature, *colon = ngx_strchr(signature, ':');
        if (import->name.len != ngx_strlen(functions[i].name) ||
            ngx_memcmp(import->name.data, functions[i].name, import->name.len) != 0)
            continue;
        params = (ngx_uint_t)(colon - signature);
        if (import->type.kind != WEFT_FUNC || import->type.param_count != params ||
            import->type.result_count != ngx_strlen(colon + 1))
            return false;
        for (k = 0; k < params; k++)
            if (weft_item_param(&import->type, (uint32_t)k) != WEFT_I32) return false;
        return import->type.result_count == 0 || weft_item_result(&import->type, 0) == WEFT_I32;
    }
    return false;
}

/* Would it link, and has it the handler? Nothing of it runs for that. */
static char *module_check(ngx_conf_t *cf, const weft_module *module, ngx_str_t *handler)
{
    weft_import import;
    weft_export export;
    uint32_t i;
    for (i = 0; weft_module_import(module, i, &import); i++)
        if (import.module.len != 4 || ngx_memcmp(import.module.data, "http", 4) != 0 ||
            !import_known(&import)) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "weft: import %ui of the module is none of those that handlers get",
                               (ngx_uint_t)i);
            return NGX_CONF_ERROR;
        }
    for (i = 0; weft_module_export(module, i, &export); i++)
        if (export.name.len == handler->len && export.type.kind == WEFT_FUNC &&
            ngx_memcmp(export.name.data, handler->data, handler->len) == 0 &&
            export.type.param_count == 0 && export.type.result_count == 0)
            return NGX_CONF_OK;
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "weft: the module exports no function \"%V\" without parameters and results",
                       handler);
    return NGX_CONF_ERROR;
}

/* weft_module PATH. Each file is loaded once. */
static char *set_module(ngx_conf_t *cf, ngx_command_t *command, void *data)
{
    LocConf *conf = data;
    MainConf *main = ngx_http_conf_get_module_main_conf(cf, ngx_http_weft_module);
    ngx_str_t *value = cf->args->elts, path = value[1], bytes;
    Loaded *loaded = main->modules.elts;
    weft_diag diag;
    char text[sizeof diag.message + 40];
    ngx_uint_t i;
    if (conf->module) return "is duplicate";
    if (ngx_conf_full_name(cf->cycle, &path, 1) != NGX_OK) return NGX_CONF_ERROR;
    for (i = 0; i < main->modules.nelts && !conf->module; i++)
        if (loaded[i].path.len == path.len &&
            ngx_memcmp(loaded[i].path.data, path.data, path.len) == 0)
            conf->module = loaded[i].module;
    if (conf->module) return NGX_CONF_OK;
    loaded = ngx_array_push(&main->modules);
    if (!loaded) return NGX_CONF_ERROR;
    loaded->path = path;
    loaded->module = NULL;
    if (read_file(cf, &path, &bytes) != NGX_OK) return NGX_CONF_ERROR;
    conf->module = loaded->module = weft_module_new(main->engine, bytes.data, bytes.len, &diag);
    ngx_free(bytes.data);
    if (conf->module) return NGX_CONF_OK;
    weft_diag_text(&diag, text, sizeof text);
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "weft: %V: %s", &path, text);
    return NGX_CONF_ERROR;
}

/* weft_handler EXPORT */
static char *set_handler(ngx_conf_t *cf, ngx_command_t *command, void *data)
{
    LocConf *conf = data;
    ngx_http_core_loc_conf_t *core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    if (conf->handler.data) return "is duplicate";
    conf->handler = ((ngx_str_t *)cf->args->elts)[1];
    core->handler = on_request_begin;
    return NGX_CONF_OK;
}

static void *loc_conf_new(ngx_conf_t *cf)
{
    LocConf *conf = ngx_pcalloc(cf->pool, sizeof *conf);
    ngx_pool_cleanup_t *cleanup = conf ? ngx_pool_cleanup_add(cf->pool, 0) : NULL;
    if (!cleanup) return NULL;
    cleanup->handler = spares_free;
    cleanup->data = conf;
    conf->memory = conf->response = NGX_CONF_UNSET_SIZE;
    conf->fuel = conf->slice = conf->pool = conf->running = NGX_CONF_UNSET;
    conf->timeout = NGX_CONF_UNSET_MSEC;
    conf->main = ngx_http_conf_get_module_main_conf(cf, ngx_http_weft_module);
    return conf;
}

static char *loc_conf_merge(ngx_conf_t *cf, void *parent, void *child)
{
    LocConf *from = parent, *conf = child;
    if (!conf->module) conf->module = from->module;
    ngx_conf_merge_size_value(conf->memory, from->memory, 16 << 20);
    ngx_conf_merge_size_value(conf->response, from->response, 1 << 20);
    ngx_conf_merge_value(conf->fuel, from->fuel, 0);
    ngx_conf_merge_value(conf->slice, from->slice, 1000000);
    ngx_conf_merge_value(conf->pool, from->pool, 0);
    ngx_conf_merge_value(conf->running, from->running, 64);
    ngx_conf_merge_msec_value(conf->timeout, from->timeout, 1000);
    if (conf->slice < 1000) return "has a weft_slice of less than 1000";
    if (!conf->handler.data) return NGX_CONF_OK;
    if (!conf->module) return "has weft_handler without weft_module";
    return module_check(cf, conf->module, &conf->handler);
}

#define LEVELS NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF
#define VALUE(name, set, field)                                                                    \
    {ngx_string("weft_" name), LEVELS | NGX_CONF_TAKE1, set, NGX_HTTP_LOC_CONF_OFFSET,             \
     offsetof(LocConf, field), NULL}

static ngx_command_t commands[] = {
    {ngx_string("weft_module"), LEVELS | NGX_CONF_TAKE1, set_module, NGX_HTTP_LOC_CONF_OFFSET, 0,
     NULL},
    {ngx_string("weft_handler"), NGX_HTTP_LOC_CONF | NGX_CONF_TAKE1, set_handler,
     NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    VALUE("memory", ngx_conf_set_size_slot, memory),
    VALUE("response", ngx_conf_set_size_slot, response),
    VALUE("fuel", ngx_conf_set_num_slot, fuel),
    VALUE("slice", ngx_conf_set_num_slot, slice),
    VALUE("pool", ngx_conf_set_num_slot, pool),
    VALUE("running", ngx_conf_set_num_slot, running),
    VALUE("timeout", ngx_conf_set_msec_slot, timeout),
    ngx_null_command,
};

static ngx_int_t variables_add(ngx_conf_t *cf)
{
    ngx_str_t name = ngx_string("weft_fuel");
    ngx_http_variable_t *variable = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_NOCACHEABLE);
    if (!variable) return NGX_ERROR;
    variable->get_handler = on_fuel_variable;
    return NGX_OK;
}

static ngx_http_module_t context = {variables_add, NULL, main_conf_new, NULL, NULL, NULL,
                                    loc_conf_new, loc_conf_merge};

ngx_module_t ngx_http_weft_module = {NGX_MODULE_V1, &context, commands, NGX_HTTP_MODULE,
                                     NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                     NGX_MODULE_V1_PADDING};
