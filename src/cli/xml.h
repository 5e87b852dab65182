// xml.h -- text in XML documents.
#pragma once

#include "cli/cli.h"

// Markup stands for itself, and what XML has no way to write, and what is no UTF-8, is '?'.
void print_xml(FILE *out, Bytes text);
