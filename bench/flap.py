# SPDX-License-Identifier: GPL-2.0-or-later
"""
A flap of the link of all next hops, while routes of a client are leaked from src to tgt.
"""

import json
import time

from contenders import vtysh
from machine import Late, run, until


def in_zebra(ip, vrf):
    return json.loads(vtysh("show {} route vrf {} summary json".format(ip, vrf), daemon="zebra"))["routesTotal"]


def link_flap(machine, client, ip, listed, found):
    "A kernel table is full when it has as many routes as before."
    full = {table: machine.quick_count(table) for table in ("src", "tgt")}
    start = time.monotonic()
    run("ip", "link", "set", "d-src", "down")
    client.delete(listed)
    until("zebra has no route in tgt", lambda: in_zebra(ip, "tgt") < 100, 0.05, len(listed))
    found["link_down"] = time.monotonic() - start
    machine.idle()
    encoded = client.encode(listed)
    start = time.monotonic()
    run("ip", "link", "set", "d-src", "up")
    client.send(encoded)
    if machine.family == 4:
        found["link_up_src"] = machine.until_count("src", full["src"], True) - start
    found["link_up"] = machine.until_count("tgt", full["tgt"], True) - start
    if machine.count("tgt") < len(listed):
        raise Late("all routes in tgt after the link came up")
    machine.idle()
