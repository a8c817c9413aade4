# SPDX-License-Identifier: GPL-2.0-or-later
"""
A client of zebra that announces routes, as a protocol daemon does, by zebra's protocol ZAPI (lib/zclient.c in FRR's source).
The numbers of messages and route types differ between versions; they are read from FRR's source.

Invariant: the routes exist as long as the client does.
"""

import glob
import ipaddress
import re
import socket
import struct

SOCKET = "/run/frr/zserv.api"
MARKER, VERSION = 254, 6
MESSAGE_NEXTHOP = 1
SAFI_UNICAST = 1
NEXTHOP_IPV4_IFINDEX, NEXTHOP_IPV6_IFINDEX = 3, 5
FLAG_ONLINK = 1


def source(path):
    "A file of the lab's FRR source."
    with open(glob.glob("/opt/frr-src/frr-*/" + path)[0], encoding="utf-8") as text:
        return text.read()


def message_numbers():
    body = re.search(r"typedef enum \{\s*(ZEBRA_INTERFACE_ADD,.*?)\}", source("lib/zclient.h"), re.S)[1]
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
    return {name: number for number, name in enumerate(re.findall(r"ZEBRA_\w+", body))}


def route_type(name):
    names = re.findall(r"^(ZEBRA_ROUTE_\w+),", source("lib/route_types.txt"), re.M)
    return names.index("ZEBRA_ROUTE_" + name)


class Client:
    """
    A client's routes of one VRF. The vrf_id is the interface index of the VRF device; 0 for the default VRF. Several objects
    may share one connection, as a daemon may have routes of several VRFs.
    """

    def __init__(self, vrf, gateway, device, nexthop_vrf=None, kind="SHARP", share=None):
        self.type = route_type(kind)
        self.numbers = message_numbers()
        self.vrf = self.vrf_id(vrf)
        gate = ipaddress.ip_address(gateway)
        nexthop_type = NEXTHOP_IPV4_IFINDEX if gate.version == 4 else NEXTHOP_IPV6_IFINDEX
        index = socket.if_nametoindex(device)
        self.nexthop = (
            struct.pack("!HIBB", 1, self.vrf_id(nexthop_vrf or vrf), nexthop_type, FLAG_ONLINK)
            + gate.packed
            + struct.pack("!I", index)
        )
        self.family = socket.AF_INET if gate.version == 4 else socket.AF_INET6
        if share:
            self.socket = share.socket
            return
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(SOCKET)
        self.socket.sendall(self.message("ZEBRA_HELLO", struct.pack("!BHIBB", self.type, 0, 0, 0, 0)))

    @staticmethod
    def vrf_id(name):
        return socket.if_nametoindex(name) if name else 0

    def message(self, name, body):
        return struct.pack("!HBBIH", 10 + len(body), MARKER, VERSION, self.vrf, self.numbers[name]) + body

    def route(self, name, prefix, nexthop):
        network = ipaddress.ip_network(prefix)
        size = (network.prefixlen + 7) // 8
        body = struct.pack(
            "!BHIIBBB", self.type, 0, 0, MESSAGE_NEXTHOP if nexthop else 0, SAFI_UNICAST, self.family, network.prefixlen
        )
        return self.message(name, body + network.network_address.packed[:size] + nexthop)

    def encode(self, prefixes):
        "The bytes that add the routes."
        return b"".join(self.route("ZEBRA_ROUTE_ADD", prefix, self.nexthop) for prefix in prefixes)

    def send(self, encoded):
        self.socket.sendall(encoded)

    def add(self, prefixes):
        self.send(self.encode(prefixes))

    def delete(self, prefixes):
        self.send(b"".join(self.route("ZEBRA_ROUTE_DELETE", prefix, b"") for prefix in prefixes))

    def close(self):
        self.socket.close()
