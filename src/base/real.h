/* Like fmax and fmin, but without a function call, because no number here is NaN. */
#ifndef DM_REAL_H
#define DM_REAL_H

static inline double real_max(double a, double b)
{
    return a > b ? a : b;
}

static inline double real_min(double a, double b)
{
    return a < b ? a : b;
}

#endif
