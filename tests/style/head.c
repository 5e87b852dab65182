// It is bad that this does not begin with the name of the file.

static int nothing;
