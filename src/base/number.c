#include "base/number.h"

#include "base/c_locale.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 63, MAX_EXPONENT = 10000, MAX_EXACT_DIGITS = 19, MAX_EXACT_POWER = 22 };

/* A number taken apart: digits times ten to the power of the exponent. */
struct decimal {
    char digits[MAX_TEXT]; /* their values, without leading zeros */
    int count;
    int exponent;
    bool is_negative;
};

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static void add_digit(struct decimal *decimal, char digit)
{
    if (decimal->count > 0 || digit != '0')
        decimal->digits[decimal->count++] = (char)(digit - '0');
}

/* Larger ones than any number here can make up for are all the same. */
static int read_exponent(const char *text, const char *end)
{
    const bool is_negative = *text == '-';
    int exponent = 0;
    for (text += *text == '-' || *text == '+'; text < end; text++)
        if (exponent < MAX_EXPONENT)
            exponent = exponent * 10 + (*text - '0');
    return is_negative ? -exponent : exponent;
}

static void take_apart(const char *text, size_t length, struct decimal *decimal)
{
    const char *end = text + length;
    decimal->is_negative = *text == '-';
    decimal->count = 0;
    decimal->exponent = 0;
    for (text += decimal->is_negative; text < end && is_digit(*text); text++)
        add_digit(decimal, *text);
    if (text < end && *text == '.')
        for (text++; text < end && is_digit(*text); text++, decimal->exponent--)
            add_digit(decimal, *text);
    if (text < end)
        decimal->exponent += read_exponent(text + 1, end);
}

/* ---- Integers ---- */

/* Moves zeros between the digits and the exponent until the exponent is 0. False if that cannot be. */
static bool make_whole(struct decimal *decimal)
{
    while (decimal->count > 0 && decimal->exponent < 0 && decimal->digits[decimal->count - 1] == 0) {
        decimal->count--;
        decimal->exponent++;
    }
    if (decimal->count == 0)
        return true;
    if (decimal->exponent < 0 || decimal->count + decimal->exponent > MAX_EXACT_DIGITS)
        return false;
    for (; decimal->exponent > 0; decimal->exponent--)
        decimal->digits[decimal->count++] = 0;
    return true;
}

bool number_to_integer(const char *text, size_t length, int64_t *integer)
{
    struct decimal decimal;
    uint64_t magnitude = 0;

    take_apart(text, length, &decimal);
    if (!make_whole(&decimal))
        return false;
    for (int i = 0; i < decimal.count; i++)
        magnitude = magnitude * 10 + (uint64_t)decimal.digits[i];
    if (magnitude > (uint64_t)INT64_MAX + (decimal.is_negative ? 1 : 0))
        return false;
    *integer = decimal.is_negative && magnitude > 0 ? -(int64_t)(magnitude - 1) - 1 : (int64_t)magnitude;
    return true;
}

/* ---- Doubles ---- */

/* Both the digits and the power of ten are doubles without rounding, so that one operation rounds rightly. Where the
 * processor computes with more digits than a double has, it would round twice. */
static bool convert_exactly(const struct decimal *decimal, double *number)
{
    static const double powers[MAX_EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                       1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const int exponent = decimal->exponent;
    uint64_t magnitude = 0;

    if (FLT_EVAL_METHOD != 0 || decimal->count > MAX_EXACT_DIGITS || abs(exponent) > MAX_EXACT_POWER)
        return false;
    for (int i = 0; i < decimal->count; i++)
        magnitude = magnitude * 10 + (uint64_t)decimal->digits[i];
    if (magnitude > UINT64_C(1) << DBL_MANT_DIG)
        return false;
    const double whole = decimal->is_negative ? -(double)magnitude : (double)magnitude;
    *number = exponent < 0 ? whole / powers[-exponent] : whole * powers[exponent];
    return true;
}

/* strtod reads by the thread's locale. */
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
    struct decimal decimal;
    take_apart(text, length, &decimal);
    return convert_exactly(&decimal, number) || convert_in_c_locale(text, length, number);
}
