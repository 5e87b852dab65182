// random.h -- numbers that a seed decides: who of several has the next turn.
#pragma once

#include "base/types.h"

// splitmix64
static inline u64 random_next(u64 *state)
{
    u64 z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

// Steps of a turn, from 1 to 2048.
static inline u64 random_turn(u64 *state) { return (u64)1 << random_next(state) % 12; }
