# SPDX-License-Identifier: GPL-2.0-or-later
"""
What the stories share, on top of FRR's own topotest library.

topology  the router with its VRFs and the hosts behind them
router    the router under test: configure it, ask it, read its log
expect    wait for a condition, with a limit
kernel    the kernel's tables, and a recording of every change to them
"""
