# SPDX-License-Identifier: GPL-2.0-or-later
"""
The router under test, as the test scenarios have it. What it can do is in the files of its parts:

vty      commands
config   configuration
rib      routes, leaked routes, conflicts
vrfs     VRFs that come and go
packets  the hosts behind the VRFs
daemons  daemons that end and start, and their log
"""

from vrfleak.daemons import Daemons
from vrfleak.packets import Packets
from vrfleak.vrfs import Vrfs


class Router(Vrfs, Packets, Daemons):
    "r1 of the running topology."
