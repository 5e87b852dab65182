// wasi.h -- what Lua's library expects of Unix and WASI lacks, included before everything else.
#pragma once

#include <stdio.h>
#include <stdlib.h>

#define L_tmpnam 32
#define tmpnam(buffer) ((char *)NULL)
#define tmpfile() ((FILE *)NULL)
#define system(command) (-1)
