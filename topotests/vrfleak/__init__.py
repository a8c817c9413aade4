# SPDX-License-Identifier: GPL-2.0-or-later
"""
What the test scenarios share, on top of FRR's own topotest library.

topology  the router with its VRFs and the hosts behind them (four-vrfs, tags.conf)
router    the router under test: configure it, query it, read its log; made of
          vty, config, rib, vrfs, packets and daemons
expect    wait for a condition, with a limit
kernel    the kernel's tables, and a recording of every change to them
"""
