// comments.c -- a comment without a blank.
static int one; // one
//static int bad;
