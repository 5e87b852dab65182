// blanks.c -- blanks that nobody sees.

static int bad; 
	static int bad_tab;
static int bad_end;

