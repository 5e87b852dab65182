// cmark_version.h -- which one it is does not matter here.
#define CMARK_VERSION 0
#define CMARK_VERSION_STRING "0"
