// random.h -- numbers that a seed decides, for no secrets: the same for the same seed.
#pragma once

#include "base/types.h"

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
static inline u64 random_next(u64 *state)
{
    u64 z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

// Steps of a turn of one of several that take turns, from 1 to 2048.
static inline u64 random_turn(u64 *state) { return (u64)1 << random_next(state) % 12; }
