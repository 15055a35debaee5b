/* The number of elements of an array. */
#ifndef SUPPORT_ARRAY_H
#define SUPPORT_ARRAY_H

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
