/* hello.c -- handlers for nginx: hello says who asks for what, echo sends back what it was sent,
   count counts the requests of its instance, and spin never ends by itself. */

#include "http.h"

#define SAY(text) http_write(text, sizeof text - 1)
#define ADD_HEADER(name, value) http_add_header(name, sizeof name - 1, value, sizeof value - 1)

static char buffer[65536];

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

static void say_part(int part)
{
    http_write(buffer, least(http_request(part, 0, buffer, sizeof buffer), sizeof buffer));
}

static void say_number(unsigned value)
{
    char digits[10];
    unsigned i = sizeof digits;
    do digits[--i] = (char)('0' + value % 10);
    while (value /= 10);
    http_write(digits + i, sizeof digits - i);
}

HANDLER(hello)
{
    int len = http_header("user-agent", 10, buffer, sizeof buffer);
    ADD_HEADER("Content-Type", "text/plain; charset=utf-8");
    SAY("Hello");
    if (len > 0) {
        SAY(", ");
        http_write(buffer, least((unsigned)len, sizeof buffer));
    }
    SAY("!\nYou asked to ");
    say_part(HTTP_METHOD);
    SAY(" ");
    say_part(HTTP_PATH);
    SAY("?");
    say_part(HTTP_QUERY);
    SAY(" from ");
    say_part(HTTP_ADDRESS);
    SAY("\n");
}

/* The body in pieces, so that its length does not matter; all headers come back, too. */
HANDLER(echo)
{
    unsigned done = 0, total;
    unsigned i;
    int len;
    ADD_HEADER("Content-Type", "application/octet-stream");
    for (i = 0; (len = http_header_at(i, buffer, sizeof buffer)) >= 0; i++)
        http_add_header("X-Echo", 6, buffer, least((unsigned)len, sizeof buffer));
    do {
        unsigned piece;
        total = http_request(HTTP_BODY, done, buffer, sizeof buffer);
        piece = least(total - done, sizeof buffer);
        http_write(buffer, piece);
        done += piece;
    } while (done < total);
    if (!total) http_status(204);
}

HANDLER(count)
{
    static unsigned count;
    ADD_HEADER("Content-Type", "text/plain");
    say_number(++count);
    SAY("\n");
}

HANDLER(spin)
{
    static volatile unsigned turns;
    for (;;) turns++;
}
