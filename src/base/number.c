#include "base/number.h"

#include "base/ascii.h"
#include "base/c_locale.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 63, MAX_EXPONENT = 10000, MAX_DIGITS = 19, MAX_EXACT_POWER = 22 };

/* A parsed number: magnitude times ten to the power of exponent. The magnitude does not end in a zero, so that the
 * exponent of a whole number is never negative. */
struct decimal {
    uint64_t magnitude;
    int digits; /* digits read; the magnitude holds the first 19 of them */
    int zeros;  /* zeros after the last digit; they count only if another digit follows */
    int exponent;
    bool is_negative;
};

/* Reads digits, and returns the position after them. */
static const char *take_digits(struct decimal *decimal, const char *text, const char *end)
{
    uint64_t magnitude = decimal->magnitude;
    int digits = decimal->digits;
    int zeros = decimal->zeros;
    for (; text < end && ascii_is_digit(*text); text++) {
        if (*text == '0') {
            zeros += digits > 0;
            continue;
        }
        for (; zeros > 0; zeros--)
            magnitude *= digits++ < MAX_DIGITS ? 10 : 1;
        if (digits++ < MAX_DIGITS)
            magnitude = magnitude * 10 + (uint64_t)(*text - '0');
    }
    decimal->magnitude = magnitude;
    decimal->digits = digits;
    decimal->zeros = zeros;
    return text;
}

/* An exponent beyond MAX_EXPONENT makes no difference: a number has at most 63 characters. */
static int read_exponent(const char *text, const char *end)
{
    const bool is_negative = *text == '-';
    int exponent = 0;
    for (text += *text == '-' || *text == '+'; text < end; text++)
        if (exponent < MAX_EXPONENT)
            exponent = exponent * 10 + (*text - '0');
    return is_negative ? -exponent : exponent;
}

static struct decimal take_apart(const char *text, size_t length)
{
    const char *end = text + length;
    struct decimal decimal = {.is_negative = *text == '-'};
    text = take_digits(&decimal, text + (decimal.is_negative ? 1 : 0), end);
    if (text < end && *text == '.') {
        const char *fraction = text + 1;
        text = take_digits(&decimal, fraction, end);
        decimal.exponent -= (int)(text - fraction);
    }
    if (text < end)
        decimal.exponent += read_exponent(text + 1, end);
    decimal.exponent += decimal.zeros;
    return decimal;
}

/* ---- Integers ---- */

static bool take_sign(const struct decimal *decimal, int64_t *integer)
{
    const uint64_t magnitude = decimal->magnitude;
    if (magnitude > (uint64_t)INT64_MAX + (decimal->is_negative ? 1 : 0))
        return false;
    *integer = decimal->is_negative && magnitude > 0 ? -(int64_t)(magnitude - 1) - 1 : (int64_t)magnitude;
    return true;
}

bool number_to_integer(const char *text, size_t length, int64_t *integer)
{
    struct decimal decimal = take_apart(text, length);
    if (decimal.magnitude == 0)
        decimal.exponent = 0;
    if (decimal.exponent < 0 || decimal.digits + decimal.exponent > MAX_DIGITS)
        return false;
    for (; decimal.exponent > 0; decimal.exponent--)
        decimal.magnitude *= 10;
    return take_sign(&decimal, integer);
}

/* ---- Doubles ---- */

/* If magnitude and power of ten are both exact as doubles, one operation gives the correctly rounded result. This does
 * not hold on a processor that computes with more precision than a double has: the result is rounded twice there. */
static bool convert_exactly(const struct decimal *decimal, double *number)
{
    static const double powers[MAX_EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                       1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const int exponent = decimal->exponent;
    if (FLT_EVAL_METHOD != 0 || decimal->digits > MAX_DIGITS || abs(exponent) > MAX_EXACT_POWER ||
        decimal->magnitude > UINT64_C(1) << DBL_MANT_DIG)
        return false;
    const double whole = (double)decimal->magnitude;
    const double size = exponent < 0 ? whole / powers[-exponent] : whole * powers[exponent];
    *number = decimal->is_negative ? -size : size;
    return true;
}

/* strtod depends on the thread's locale. */
static bool convert_in_c_locale(const char *text, size_t length, double *number)
{
    char copy[MAX_TEXT + 1];
    locale_t c_locale;
    locale_t previous;

    if (!c_locale_enter(&c_locale, &previous))
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    *number = strtod(copy, NULL);
    c_locale_leave(c_locale, previous);
    return true;
}

bool number_to_double(const char *text, size_t length, double *number)
{
    const struct decimal decimal = take_apart(text, length);
    return convert_exactly(&decimal, number) || convert_in_c_locale(text, length, number);
}
