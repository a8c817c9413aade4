// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: whether mgmtd has the configuration, which it has since FRR 10.
 *
 * Apart from vrfleak_compat.h for vrfleak_vtysh.c: zebra's headers, which that
 * one includes, have constructors that need libfrr.
 */
#ifndef _VRFLEAK_COMPAT_MGMTD_H
#define _VRFLEAK_COMPAT_MGMTD_H

#define VRFLEAK_HAVE_MGMTD (VRFLEAK_FRR_VERSION_NUMBER >= 1000)

#endif /* _VRFLEAK_COMPAT_MGMTD_H */
