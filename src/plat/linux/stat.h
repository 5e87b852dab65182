// stat.h -- what file.c and beneath.c share: the kernel's structures in our words.
#pragma once

#include "plat/file.h"

struct stat;
struct timespec;

FileKind file_kind_of_mode(u32 mode);
void file_stat_of(const struct stat *st, FileStat *stat);
void file_time_specs(FileTimes times, struct timespec *specs); // two: access, change
