// braces.c -- braces and types in other places.

static int bad_brace(int n) {
    if (n) {
        n++;
    }
    else n = bad;
    return n;
}

static int // bad
far_away(int n)
{
    return n;
}
