# SPDX-License-Identifier: GPL-2.0-or-later
"""
The router under test. Its functions are in these files:

vty: commands; config: configuration; rib: routes, leaked routes, conflicts; vrfs: VRFs that are created and deleted;
packets: the hosts behind the VRFs; daemons: stopping and starting daemons, and their log
"""

from vrfleak.daemons import Daemons
from vrfleak.packets import Packets
from vrfleak.vrfs import Vrfs


class Router(Vrfs, Packets, Daemons):
    "r1 of the running topology."
