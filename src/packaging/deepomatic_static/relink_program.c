/* A program with a function of the hidden name. */
int relink_inner(int number);
int relink_outer(int number);

int relink_inner(int number)
{
    return number;
}

int main(void)
{
    return relink_outer(relink_inner(0));
}
