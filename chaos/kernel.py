# SPDX-License-Identifier: GPL-2.0-or-later
"""
The kernel's links, routes and rules, read by netlink without a process of its own: the chaos test reads them several times for each batch.

Invariants: a dump that the kernel had to interrupt, because something changed meanwhile, is repeated.
Refuses (OSError): an error that the kernel reports.
"""

import socket
import struct

DONE, ERROR, NEWLINK, GETLINK, NEWROUTE, GETROUTE, GETRULE = 3, 2, 16, 18, 24, 26, 34
DUMP, INTERRUPTED, NESTED = 0x301, 0x10, 0x3FFF
IFNAME, MASTER, LINKINFO, INFO_KIND, INFO_DATA, VRF_TABLE = 3, 10, 18, 1, 2, 1
DST, OIF, GATEWAY, PRIORITY, MULTIPATH, TABLE = 1, 4, 5, 6, 9, 15
RULE_PRIORITY, RULE_L3MDEV, RULE_PROTOCOL, RULE_UNREACHABLE = 6, 19, 21, 7
# The priority and the protocol of the module's rule.
ISOLATION_PRIORITY, ZEBRA = 2000, 11
HEAD = struct.Struct("=HH")
KINDS = {6: ("blackhole",), 7: ("reject",), 8: ("adminProhibited",)}
PROTOCOLS = {2: "kernel", ZEBRA: "zebra", 196: "zstatic"}
UP, RUNNING, CLONED = 1, 0x40, 0x200


def attributes(data):
    "{type: value}."
    found, at, end = {}, 0, len(data) - 4
    while at <= end:
        length, kind = HEAD.unpack_from(data, at)
        found[kind & NESTED] = data[at + 4 : at + length]
        at += (length + 3) & ~3 or 4
    return found


def number(value):
    return struct.unpack("=I", value[:4])[0]


def text(value):
    return value.rstrip(b"\0").decode()


def once(kind, family):
    "The messages of one dump, or None if the kernel interrupted it."
    found = []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
        # A struct ifinfomsg or rtmsg with nothing but its family.
        netlink.send(struct.pack("=IHHIIB15x", 32, kind, DUMP, 1, 0, family))
        while True:
            data = netlink.recv(1 << 17)
            at = 0
            while at < len(data):
                length, kind, flags = struct.unpack_from("=IHH", data, at)
                if flags & INTERRUPTED:
                    return None
                if kind == DONE:
                    return found
                if kind == ERROR:
                    raise OSError(-struct.unpack_from("=i", data, at + 16)[0], "netlink")
                found.append(data[at + 16 : at + length])
                at += (length + 3) & ~3


def dump(kind, family=0):
    found = None
    while found is None:
        found = once(kind, family)
    return found


def interfaces():
    "{index: (name, flags, kind of the link, its own attributes, index of its master or 0)}."
    found = {}
    for message in dump(GETLINK):
        index, flags = struct.unpack_from("=iI", message, 4)
        values = attributes(message[16:])
        info = attributes(values.get(LINKINFO, b""))
        kind, data = text(info.get(INFO_KIND, b"")), attributes(info.get(INFO_DATA, b""))
        found[index] = text(values[IFNAME]), flags, kind, data, number(values.get(MASTER, bytes(4)))
    return found


def vrfs(links):
    "{VRF: {table, up}}. links: interfaces()."
    found = {"default": {"table": 254, "up": True}}
    for name, flags, kind, data, _ in links.values():
        if kind == "vrf":
            found[name] = {"table": number(data[VRF_TABLE]), "up": bool(flags & UP)}
    return found


def interface_vrfs(links):
    "{interface: its VRF}."
    own = {index: name for index, (name, _, kind, _, _) in links.items() if kind == "vrf"}
    return {name: own.get(index) or own.get(master, "default") for index, (name, _, _, _, master) in links.items()}


def running(links):
    "The interfaces that are up and have a link."
    return {name for name, flags, *_ in links.values() if flags & UP and flags & RUNNING}


def address(family, value):
    return socket.inet_ntop(family, value) if len(value) == (4 if family == socket.AF_INET else 16) else None


def hops(family, kind, values, names):
    "{(gateway or None, interface)}, or {(kind of unreachable,)}."
    if kind in KINDS:
        return {KINDS[kind]}
    if MULTIPATH not in values:
        gateway = address(family, values[GATEWAY]) if GATEWAY in values else None
        return {(gateway, names.get(number(values[OIF])) if OIF in values else None)}
    found, data = set(), values[MULTIPATH]
    while len(data) >= 8:
        length, _, _, index = struct.unpack_from("=HBBi", data)
        inner = attributes(data[8:length])
        gateway = address(family, inner[GATEWAY]) if GATEWAY in inner else None
        found.add((gateway, names.get(index)))
        data = data[(length + 3) & ~3 :]
    return found


def routes(links):
    "{(table, prefix): {protocol: hops}} of both families."
    names = {index: link[0] for index, link in links.items()}
    found = {}
    for family in (socket.AF_INET, socket.AF_INET6):
        for message in dump(GETROUTE, family):
            af, length, _, _, table, protocol, _, kind, flags = struct.unpack_from("=BBBBBBBBI", message)
            if af != family or flags & CLONED:
                continue
            values = attributes(message[12:])
            any_address = bytes(4 if family == socket.AF_INET else 16)
            prefix = "{}/{}".format(address(family, values.get(DST, any_address)), length)
            key = number(values[TABLE]) if TABLE in values else table, prefix
            protocol = PROTOCOLS.get(protocol, str(protocol))
            found.setdefault(key, {}).setdefault(protocol, set()).update(hops(family, kind, values, names))
    return found


def isolation_rules():
    "{family: how many rules of the module's isolation there are}."
    found = {4: 0, 6: 0}
    for version, family in ((4, socket.AF_INET), (6, socket.AF_INET6)):
        for message in dump(GETRULE, family):
            values = attributes(message[12:])
            found[version] += (
                message[7] == RULE_UNREACHABLE
                and values.get(RULE_L3MDEV) == b"\1"
                and values.get(RULE_PROTOCOL) == bytes([ZEBRA])
                and number(values.get(RULE_PRIORITY, bytes(4))) == ISOLATION_PRIORITY
            )
    return found
