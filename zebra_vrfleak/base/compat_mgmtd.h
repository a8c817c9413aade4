// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: whether mgmtd holds zebra's configuration.
 *
 * This is not in compat.h because vrfleak_vtysh.c includes it. compat.h
 * includes zebra's headers, whose constructors need zebra.
 */
#ifndef _VRFLEAK_BASE_COMPAT_MGMTD_H
#define _VRFLEAK_BASE_COMPAT_MGMTD_H

#include "vrfleak_features.h"

/*
 * Mgmtd loads the models of zebra's configuration with ignore_cfg_cbs: it has
 * the commands, but not the callbacks. FRR 9 has a mgmtd without them.
 */
#ifdef HAVE_FRR_IGNORE_CFG_CBS
#define VRFLEAK_HAVE_MGMTD 1
#else
#define VRFLEAK_HAVE_MGMTD 0
#endif

#endif /* _VRFLEAK_BASE_COMPAT_MGMTD_H */
