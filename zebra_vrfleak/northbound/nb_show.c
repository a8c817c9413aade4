// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: prints the configuration as commands, for 'show running-config' and
 * 'write': in mgmtd since FRR 10, in zebra before.
 */
#include <zebra.h>

#include "lib/vrf.h"

#include "zebra_vrfleak/northbound/nb.h"

static bool vrf_is_default(const struct lyd_node *vrf)
{
	return !strcmp(yang_dnode_get_string(vrf, "./name"), VRF_DEFAULT_NAME);
}

void vrfleak_nb_isolation_show(struct vty *vty, const struct lyd_node *dnode,
			       bool show_defaults)
{
	const char *af = yang_dnode_get_string(dnode, "./family");

	vty_out(vty, "%s vrf-isolation\n", strcmp(af, "ipv4") ? "ipv6" : "ip");
}

void vrfleak_nb_vrf_show(struct vty *vty, const struct lyd_node *dnode,
			 bool show_defaults)
{
	if (!vrf_is_default(dnode))
		vty_out(vty, "vrf %s\n",
			yang_dnode_get_string(dnode, "./name"));
}

void vrfleak_nb_vrf_show_end(struct vty *vty, const struct lyd_node *dnode)
{
	if (!vrf_is_default(dnode))
		vty_out(vty, "exit-vrf\n");
	vty_out(vty, "!\n");
}

/* Print the beginning of a line of an address family. */
static void family_show(struct vty *vty, const struct lyd_node *family)
{
	const char *af = yang_dnode_get_string(family, "./family");

	vty_out(vty, "%s%s", vrf_is_default(lyd_parent(family)) ? "" : " ",
		strcmp(af, "ipv4") ? "ipv6" : "ip");
}

void vrfleak_nb_preempt_show(struct vty *vty, const struct lyd_node *dnode,
			     bool show_defaults)
{
	family_show(vty, lyd_parent(dnode));
	vty_out(vty, " route-leak preempt\n");
}

void vrfleak_nb_hold_down_show(struct vty *vty, const struct lyd_node *dnode,
			       bool show_defaults)
{
	family_show(vty, lyd_parent(dnode));
	vty_out(vty, " route-leak hold-down %s\n",
		yang_dnode_get_string(dnode, "."));
}

/* Print a statement up to its route-map, without the end of the line. */
static void statement_show(struct vty *vty, const struct lyd_node *dnode,
			   const char *direction)
{
	const char *tag = yang_dnode_get_string(dnode, "./tag");
	size_t prefix = strlen(VRFLEAK_IMPORT_VRF);
	bool by_name = strncmp(tag, VRFLEAK_IMPORT_VRF, prefix) == 0;

	family_show(vty, lyd_parent(dnode));
	vty_out(vty, " route-%s %s%s", direction, by_name ? "vrf " : "",
		by_name ? tag + prefix : tag);
	if (yang_dnode_exists(dnode, "./route-map"))
		vty_out(vty, " route-map %s",
			yang_dnode_get_string(dnode, "./route-map"));
}

void vrfleak_nb_export_show(struct vty *vty, const struct lyd_node *dnode,
			    bool show_defaults)
{
	statement_show(vty, dnode, "export");
	vty_out(vty, "\n");
}

void vrfleak_nb_import_show(struct vty *vty, const struct lyd_node *dnode,
			    bool show_defaults)
{
	statement_show(vty, dnode, "import");
	if (yang_dnode_exists(dnode, "./distance"))
		vty_out(vty, " distance %s",
			yang_dnode_get_string(dnode, "./distance"));
	if (yang_dnode_exists(dnode, "./maximum-prefix/limit")) {
		vty_out(vty, " maximum-prefix %s",
			yang_dnode_get_string(dnode, "./maximum-prefix/limit"));
		if (yang_dnode_exists(dnode, "./maximum-prefix/threshold"))
			vty_out(vty, " threshold %s",
				yang_dnode_get_string(
					dnode, "./maximum-prefix/threshold"));
		if (yang_dnode_get_bool(dnode, "./maximum-prefix/warning-only"))
			vty_out(vty, " warning-only");
	}
	vty_out(vty, "\n");
}
