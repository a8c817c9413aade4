// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: 'set metric' and 'set tag', see the header.
 *
 * libfrr passes a rule nothing but zebra's own object, whose structure is
 * private to zebra. So the attributes that the rules change are a static
 * pointer, which is set only while a route-map is applied.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/routemap.h"

#include "zebra_vrfleak/rib/route_map_set.h"

/* NULL while zebra itself applies a route-map. */
static struct vrfleak_attributes *applied;

struct metric_rule {
	/* '+', '-', or 0 to replace the metric. */
	char sign;
	uint32_t value;
};

static uint32_t metric_changed(const struct metric_rule *rule, uint32_t metric)
{
	if (rule->sign == '+')
		return metric > UINT32_MAX - rule->value ? UINT32_MAX
							 : metric + rule->value;
	if (rule->sign == '-')
		return metric < rule->value ? 0 : metric - rule->value;
	return rule->value;
}

static enum route_map_cmd_result_t
metric_apply(void *rule, const struct prefix *prefix, void *object)
{
	if (applied)
		applied->metric = metric_changed(rule, applied->metric);
	return RMAP_OKAY;
}

static void *metric_compile(const char *arg)
{
	const char *digits = arg + (*arg == '+' || *arg == '-');
	struct metric_rule *rule;
	unsigned long value;
	char *end;

	if (!isdigit((unsigned char)*digits))
		return NULL;
	errno = 0;
	value = strtoul(digits, &end, 10);
	if (*end || errno || value > UINT32_MAX)
		return NULL;
	rule = XCALLOC(MTYPE_ROUTE_MAP_COMPILED, sizeof(*rule));
	rule->sign = digits == arg ? 0 : *arg;
	rule->value = (uint32_t)value;
	return rule;
}

static void metric_free(void *rule)
{
	XFREE(MTYPE_ROUTE_MAP_COMPILED, rule);
}

static enum route_map_cmd_result_t
tag_apply(void *rule, const struct prefix *prefix, void *object)
{
	if (applied)
		applied->tag = *(const route_tag_t *)rule;
	return RMAP_OKAY;
}

static const struct route_map_rule_cmd metric_command = {
	.str = "metric",
	.func_apply = metric_apply,
	.func_compile = metric_compile,
	.func_free = metric_free,
};

static const struct route_map_rule_cmd tag_command = {
	.str = "tag",
	.func_apply = tag_apply,
	.func_compile = route_map_rule_tag_compile,
	.func_free = route_map_rule_tag_free,
};

/*
 * An argument that is not supported leaves the entry without a rule, as if the
 * clause were unknown. An error would come too late: the commit is being
 * applied.
 */
static int set_add(struct route_map_index *index, const char *command,
		   const char *arg, char *errmsg, size_t errmsg_len)
{
	if (route_map_add_set(index, command, arg) != RMAP_COMPILE_SUCCESS)
		route_map_delete_set(index, command, NULL);
	return CMD_SUCCESS;
}

static int set_delete(struct route_map_index *index, const char *command,
		      const char *arg, char *errmsg, size_t errmsg_len)
{
	route_map_delete_set(index, command, arg);
	return CMD_SUCCESS;
}

void vrfleak_route_map_set_init(void)
{
	route_map_install_set(&metric_command);
	route_map_install_set(&tag_command);
	route_map_set_metric_hook(set_add);
	route_map_no_set_metric_hook(set_delete);
	route_map_set_tag_hook(set_add);
	route_map_no_set_tag_hook(set_delete);
}

bool vrfleak_route_map_apply(const char *map, const struct route_entry *re,
			     const struct prefix *prefix,
			     struct nexthop *nexthop,
			     struct vrfleak_attributes *attributes)
{
	bool permits;

	applied = attributes;
	permits = vrfleak_route_map_permits(map, re, attributes->tag, prefix,
					    nexthop);
	applied = NULL;
	return permits;
}
