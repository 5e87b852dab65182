// config.h -- what PicoSAT's own script would find out.
#define PICOSAT_VERSION ""
#define PICOSAT_CC ""
#define PICOSAT_CFLAGS ""
