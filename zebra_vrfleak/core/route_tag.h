// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the tags with which VRFs export and import routes.
 *
 * A tag is written like a route target and stored like an extended community of
 * 8 bytes (RFC 4360 section 3, RFC 5668): two bytes for the kind, six for the
 * value.
 *
 *   kind 0x0002   ASN:nn      2-byte AS number, 4-byte number
 *   kind 0x0102   A.B.C.D:nn  IPv4 address,     2-byte number
 *   kind 0x0202   ASN:nn      4-byte AS number, 2-byte number
 *
 * Invariant: two tags are the same if and only if their stored values are
 * equal. So a tag with an AS number below 65536 always has kind 0x0002.
 */
#ifndef _VRFLEAK_CORE_ROUTE_TAG_H
#define _VRFLEAK_CORE_ROUTE_TAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t vrfleak_tag_t;

/* "255.255.255.255:65535" and its terminating zero, rounded up. */
#define VRFLEAK_TAG_STRLEN 24

/*
 * Parse a tag. Leading zeros are accepted in ASN and nn.
 *
 * tag
 *    Set on success, unchanged on failure.
 *
 * Returns NULL on success, else a constant phrase with the reason.
 */
extern const char *vrfleak_tag_parse(const char *str, vrfleak_tag_t *tag);

/* Print a tag in canonical form into buf; returns buf. */
extern const char *vrfleak_tag2str(vrfleak_tag_t tag, char *buf, size_t len);

#endif /* _VRFLEAK_CORE_ROUTE_TAG_H */
