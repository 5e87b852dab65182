// includes.c -- headers in no order.
#include "base/types.h"
#include "style/includes.h" // bad: the own header comes first
#include "base/map.h"
#include <string.h>
#include <stdio.h> // bad
#include "base/buf.h" // bad
