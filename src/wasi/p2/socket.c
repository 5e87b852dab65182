// socket.c -- wasi:sockets: nothing is granted, and no socket can be had.

#include "wasi/p2/state.h"

WasiErrno p2_instance_network(P2Call *c)
{
    return p2_new_item(c, ITEM_network, NULL, c->result) ? WASI_E_success : P2_E_trap;
}

WasiErrno p2_denied(P2Call *c)
{
    enum { ACCESS_DENIED = 1 };
    *c->result = p2_case(WEFT_CVALUE_RESULT, 1, p2_keep(c, p2_enum(ACCESS_DENIED)));
    return WASI_E_success;
}

// Who calls it would have a handle of what is never given.
WasiErrno p2_no_socket(P2Call *c)
{
    return p2_trap(c, TRAP_unknown_handle, "of a socket");
}

WasiErrno p2_network_error_code(P2Call *c)
{
    *c->result = p2_case(WEFT_CVALUE_OPTION, 0, NULL);
    return WASI_E_success;
}
