// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: stands in for FRR's lib/plist_int.h, which lib/routemap.h includes
 * and Debian's frr-dev leaves out. Found only where FRR's own is not.
 */
#ifndef _QUAGGA_PLIST_INT_H
#define _QUAGGA_PLIST_INT_H

struct prefix_list;
struct prefix_list_entry;

#endif /* _QUAGGA_PLIST_INT_H */
