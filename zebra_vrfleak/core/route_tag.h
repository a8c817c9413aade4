// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a tag under which a VRF exports or imports routes.
 *
 * A tag is a route-target-like value, held as the 8 bytes of an extended
 * community (RFC 4360 section 3, RFC 5668): two bytes that say which of the
 * three kinds it is, six bytes of value.
 *
 *   kind 0x0002   ASN:nn      2-byte AS number, 4-byte number
 *   kind 0x0102   A.B.C.D:nn  IPv4 address,     2-byte number
 *   kind 0x0202   ASN:nn      4-byte AS number, 2-byte number
 *
 * Invariant: two tags are the same if and only if their values are equal, so
 * an AS number below 65536 is always of kind 0x0002.
 */
#ifndef _VRFLEAK_CORE_ROUTE_TAG_H
#define _VRFLEAK_CORE_ROUTE_TAG_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

typedef uint64_t vrfleak_tag_t;

/* "255.255.255.255:65535" and its terminating zero, rounded up. */
#define VRFLEAK_TAG_STRLEN 24

/*
 * Read a tag. Leading zeros are accepted in ASN and nn.
 *
 * tag
 *    Set on success, untouched on failure.
 *
 * Returns NULL on success, or a constant phrase that says what is wrong.
 */
extern const char *vrfleak_tag_parse(const char *str, vrfleak_tag_t *tag);

/* Print a tag in canonical form into buf; returns buf. */
extern const char *vrfleak_tag2str(vrfleak_tag_t tag, char *buf, size_t len);

#endif /* _VRFLEAK_CORE_ROUTE_TAG_H */
