// cmark_export.h -- nothing is exported from a program.
#define CMARK_EXPORT
#define CMARK_NO_EXPORT
