/* The hidden name. */
int relink_inner(int number);

int relink_inner(int number)
{
    static int calls;
    return number + calls++;
}
