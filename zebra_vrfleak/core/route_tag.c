// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: parses and prints tags, see the header.
 *
 * Refuses signs, spaces, empty parts, numbers out of range, and anything after
 * the number. A mistyped tag must never match another tag.
 */
#include <zebra.h>

#include <string.h>

#include "zebra_vrfleak/core/route_tag.h"

#define KIND_AS2 0x0002ULL
#define KIND_IPV4 0x0102ULL
#define KIND_AS4 0x0202ULL

/* Parse len digits. Returns false unless they are a number up to max. */
static bool number_parse(const char *str, size_t len, uint32_t max,
			 uint32_t *number)
{
	uint64_t value = 0;

	if (len == 0)
		return false;

	for (size_t i = 0; i < len; i++) {
		if (str[i] < '0' || str[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(str[i] - '0');
		if (value > max)
			return false;
	}

	*number = (uint32_t)value;
	return true;
}

static bool address_parse(const char *str, size_t len, uint32_t *address)
{
	char buf[INET_ADDRSTRLEN];
	struct in_addr in;

	if (len >= sizeof(buf))
		return false;

	memcpy(buf, str, len);
	buf[len] = '\0';
	if (inet_pton(AF_INET, buf, &in) != 1)
		return false;

	*address = ntohl(in.s_addr);
	return true;
}

const char *vrfleak_tag_parse(const char *str, vrfleak_tag_t *tag)
{
	const char *colon = strchr(str, ':');
	uint32_t admin, number, max = UINT16_MAX;
	uint64_t kind;
	size_t len;

	if (!colon)
		return "it has no colon";

	len = (size_t)(colon - str);
	if (memchr(str, '.', len)) {
		if (!address_parse(str, len, &admin))
			return "the part before the colon is not an IPv4 address";
		kind = KIND_IPV4;
	} else {
		if (!number_parse(str, len, UINT32_MAX, &admin))
			return "the part before the colon is not an AS number (0-4294967295)";
		kind = admin > UINT16_MAX ? KIND_AS4 : KIND_AS2;
		if (kind == KIND_AS2)
			max = UINT32_MAX;
	}

	if (!number_parse(colon + 1, strlen(colon + 1), max, &number))
		return max == UINT16_MAX
			       ? "the part after the colon is not a number (0-65535 after an IPv4 address or an AS number above 65535)"
			       : "the part after the colon is not a number (0-4294967295)";

	*tag = kind << 48;
	if (kind == KIND_AS2)
		*tag |= (uint64_t)admin << 32 | number;
	else
		*tag |= (uint64_t)admin << 16 | number;
	return NULL;
}

const char *vrfleak_tag2str(vrfleak_tag_t tag, char *buf, size_t len)
{
	uint32_t admin4 = (tag >> 16) & UINT32_MAX;
	uint32_t number2 = tag & UINT16_MAX;

	switch (tag >> 48) {
	case KIND_IPV4:
		snprintf(buf, len, "%u.%u.%u.%u:%u", admin4 >> 24,
			 (admin4 >> 16) & 0xff, (admin4 >> 8) & 0xff,
			 admin4 & 0xff, number2);
		break;
	case KIND_AS4:
		snprintf(buf, len, "%u:%u", admin4, number2);
		break;
	default:
		snprintf(buf, len, "%u:%u", (uint32_t)(tag >> 32) & UINT16_MAX,
			 (uint32_t)(tag & UINT32_MAX));
		break;
	}
	return buf;
}
