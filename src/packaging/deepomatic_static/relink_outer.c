/* What the build compiles to find out whether hidden names can be made local. */
int relink_inner(int number);

__attribute__((visibility("default"))) int relink_outer(int number);

int relink_outer(int number)
{
    return relink_inner(number);
}
