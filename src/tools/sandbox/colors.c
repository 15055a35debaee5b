#include "colors.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

enum color { BLACK, WHITE, GRAY, RED, ORANGE, YELLOW, GREEN, BLUE, PURPLE, PINK, BROWN };

static const char *const NAMES[COLOR_COUNT] = {
    [BLACK] = "black",   [WHITE] = "white",   [GRAY] = "gray",   [RED] = "red",
    [ORANGE] = "orange", [YELLOW] = "yellow", [GREEN] = "green", [BLUE] = "blue",
    [PURPLE] = "purple", [PINK] = "pink",     [BROWN] = "brown",
};

/* Typical shades of each colour. A pixel has the colour of the nearest shade. */
static const struct shade {
    enum color color;
    unsigned char rgb[3];
} SHADES[] = {
    {BLACK, {0, 0, 0}},        {BLACK, {30, 30, 30}},    {WHITE, {255, 255, 255}},  {WHITE, {238, 238, 238}},
    {GRAY, {128, 128, 128}},   {GRAY, {80, 80, 80}},     {GRAY, {190, 190, 190}},   {RED, {255, 0, 0}},
    {RED, {200, 20, 30}},      {RED, {130, 10, 15}},     {ORANGE, {255, 140, 0}},   {ORANGE, {235, 110, 35}},
    {YELLOW, {255, 255, 0}},   {YELLOW, {240, 210, 50}}, {YELLOW, {255, 245, 150}}, {GREEN, {0, 255, 0}},
    {GREEN, {0, 128, 0}},      {GREEN, {25, 65, 25}},    {GREEN, {125, 150, 60}},   {GREEN, {150, 220, 150}},
    {BLUE, {0, 0, 255}},       {BLUE, {20, 30, 100}},    {BLUE, {40, 110, 190}},    {BLUE, {130, 190, 235}},
    {BLUE, {0, 200, 230}},     {PURPLE, {128, 0, 128}},  {PURPLE, {110, 60, 180}},  {PURPLE, {70, 20, 80}},
    {PURPLE, {185, 140, 220}}, {PINK, {255, 192, 203}},  {PINK, {255, 105, 180}},   {PINK, {255, 0, 255}},
    {BROWN, {120, 70, 30}},    {BROWN, {80, 45, 25}},    {BROWN, {165, 115, 70}},   {BROWN, {165, 42, 42}},
    {BLUE, {0, 0, 128}},       {BLUE, {0, 0, 60}},
};

enum { SHADE_COUNT = sizeof SHADES / sizeof SHADES[0] };

const char *color_name(size_t color)
{
    return NAMES[color];
}

size_t color_named(const char *name)
{
    size_t color = 0;

    while (color < COLOR_COUNT && strcmp(NAMES[color], name) != 0)
        color++;
    return color;
}

/* CIELAB, in which distances match perceived differences. */
struct lab {
    double l, a, b;
};

/* sRGB's transfer function (IEC 61966-2-1). */
static double linear(unsigned value)
{
    double share = value / 255.0;

    return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4);
}

static double lab_curve(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static struct lab lab_of(unsigned red, unsigned green, unsigned blue)
{
    double r = linear(red);
    double g = linear(green);
    double b = linear(blue);
    double x = lab_curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
    double y = lab_curve(0.2126 * r + 0.7152 * g + 0.0722 * b);
    double z = lab_curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);

    return (struct lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

static double distance(struct lab p, struct lab q)
{
    double l = p.l - q.l;
    double a = p.a - q.a;
    double b = p.b - q.b;

    return l * l + a * a + b * b;
}

static enum color nearest(struct lab pixel, const struct lab shades[SHADE_COUNT])
{
    size_t best = 0;

    for (size_t i = 1; i < SHADE_COUNT; i++) {
        if (distance(pixel, shades[i]) < distance(pixel, shades[best]))
            best = i;
    }
    return SHADES[best].color;
}

/* The colours, indexed by the upper five bits of red, green and blue. */
static unsigned char table[32 * 32 * 32];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void fill_table(void)
{
    struct lab shades[SHADE_COUNT];

    for (size_t i = 0; i < SHADE_COUNT; i++)
        shades[i] = lab_of(SHADES[i].rgb[0], SHADES[i].rgb[1], SHADES[i].rgb[2]);
    for (unsigned i = 0; i < sizeof table; i++) {
        struct lab pixel = lab_of((i >> 10) * 8 + 4, (i >> 5 & 31) * 8 + 4, (i & 31) * 8 + 4);

        table[i] = (unsigned char)nearest(pixel, shades);
    }
}

void colors_of_pixels(const unsigned char *rgb, size_t count, unsigned char *colors)
{
    pthread_once(&table_once, fill_table);
    for (size_t i = 0; i < count; i++, rgb += 3)
        colors[i] = table[(size_t)(rgb[0] >> 3) << 10 | (size_t)(rgb[1] >> 3) << 5 | (size_t)(rgb[2] >> 3)];
}
