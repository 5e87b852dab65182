// families_end.h -- no family is defined any more. Included by op.def, at the end.
#undef OP
#undef PURE
#undef PURE2
#undef LOAD
#undef STORE
#undef HAND
#undef VECTOR
#undef LANE
#undef VLOAD
#undef VSTORE
#undef LOAD_LANE
#undef STORE_LANE
#undef ATOMIC
