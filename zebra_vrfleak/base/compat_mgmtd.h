// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: whether mgmtd holds the configuration (since FRR 10).
 *
 * This is not in compat.h because vrfleak_vtysh.c includes it. compat.h
 * includes zebra's headers, whose constructors need libfrr.
 */
#ifndef _VRFLEAK_BASE_COMPAT_MGMTD_H
#define _VRFLEAK_BASE_COMPAT_MGMTD_H

#define VRFLEAK_HAVE_MGMTD (VRFLEAK_FRR_VERSION_NUMBER >= 1000)

#endif /* _VRFLEAK_BASE_COMPAT_MGMTD_H */
