# SPDX-License-Identifier: GPL-2.0-or-later
"""
Prefixes for the benchmarks: always the same ones for a number, all different, with about the prefix lengths of the Internet's
tables. None covers a loopback, link-local or multicast address, or a network of the benchmarks.
"""

import ipaddress
import random

# (length, share in per mille); all other prefixes have the last length.
LENGTHS = {
    4: [(16, 15), (17, 10), (18, 15), (19, 27), (20, 45), (21, 55), (22, 120), (23, 105), (24, 0)],
    6: [(29, 25), (32, 130), (36, 30), (40, 90), (44, 110), (46, 30), (47, 25), (48, 0)],
}
BITS = {4: 32, 6: 128}
# The benchmarks' networks are in 10.0.0.0/8 and 2001:db8::/32.
SPACE = {
    4: (int(ipaddress.ip_address("11.0.0.0")), int(ipaddress.ip_address("126.255.255.255"))),
    6: (int(ipaddress.ip_address("2400::")), int(ipaddress.ip_address("2fff::"))),
}


def prefixes(count, family):
    "A list of count prefixes, in no order."
    draw = random.Random(count * 10 + family)
    low, high = SPACE[family]
    found = set()
    lengths = [length for length, _ in LENGTHS[family]]
    weights = [share for _, share in LENGTHS[family]]
    weights[-1] = 1000 - sum(weights)
    while len(found) < count:
        length = draw.choices(lengths, weights)[0]
        shift = BITS[family] - length
        found.add(((draw.randint(low, high) >> shift) << shift, length))
    listed = sorted(found)
    draw.shuffle(listed)
    make = ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address
    return ["{}/{}".format(make(address), length) for address, length in listed]
