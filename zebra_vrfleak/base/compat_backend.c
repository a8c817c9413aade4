// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: zebra as a backend of mgmtd for the module's model.
 *
 * mgmtd sends a backend only the parts of the configuration to which the
 * backend has subscribed. FRR 10.6 and later have a table of zebra's
 * subscriptions; the module extends it before zebra uses it. FRR 10.0 to 10.5
 * have no such table; the module wraps the client's connect callback, and
 * subscribes after each connect. The table is in no header, so the module finds
 * out at run time whether zebra has it.
 *
 * Before FRR 10, zebra itself holds its configuration.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/compat.h"

#if VRFLEAK_HAVE_MGMTD

#include "lib/mgmt_be_client.h"
#include "lib/mgmt_msg.h"
#ifndef HAVE_FRR_BE_SEND_SUBSCR_REQ
#include "lib/mgmt_msg_native.h"
#endif

#define XPATH_CONFIG "/frr-vrfleak:vrfleak"
#define XPATH_RPC "/frr-vrfleak:clear"

/* Both are in zebra/main.c. The first member of the client is a msg_client. */
extern struct mgmt_be_client *mgmt_be_client;
extern struct mgmt_be_client_cbs zebra_be_client_data __attribute__((weak));

static int (*connect_notify)(struct msg_client *client);
static int (*disconnect_notify)(struct msg_conn *conn);

#ifdef HAVE_FRR_BE_SEND_SUBSCR_REQ

/* These versions have no subscription to RPCs, and no table. */
static bool table_extend(void)
{
	return false;
}

static int backend_subscribe(void)
{
	static char *xpaths[] = {(char *)XPATH_CONFIG};

	return mgmt_be_send_subscr_req(mgmt_be_client, array_size(xpaths),
				       xpaths, array_size(xpaths), xpaths);
}

#else

#define TABLE_ADD(what, xpath)                                                 \
	do {                                                                   \
		static const char *xpaths[64];                                 \
		unsigned int count = zebra_be_client_data.n##what##_xpaths;    \
                                                                               \
		assert(count + 1 < array_size(xpaths));                        \
		for (unsigned int i = 0; i < count; i++)                       \
			xpaths[i] = zebra_be_client_data.what##_xpaths[i];     \
		xpaths[count] = xpath;                                         \
		zebra_be_client_data.what##_xpaths = xpaths;                   \
		zebra_be_client_data.n##what##_xpaths = count + 1;             \
	} while (0)

static bool table_extend(void)
{
	if (!&zebra_be_client_data)
		return false;
	TABLE_ADD(config, XPATH_CONFIG);
	TABLE_ADD(oper, XPATH_CONFIG);
	TABLE_ADD(rpc, XPATH_RPC);
	return true;
}

static int backend_subscribe(void)
{
	struct msg_client *client = (struct msg_client *)mgmt_be_client;
	struct mgmt_msg_subscribe *msg;
	int ret;

	msg = mgmt_msg_native_alloc_msg(struct mgmt_msg_subscribe, 0,
					MTYPE_MSG_NATIVE_SUBSCRIBE);
	msg->code = MGMT_MSG_CODE_SUBSCRIBE;
	msg->nconfig = 1;
	msg->noper = 1;
	msg->nrpc = 1;
	mgmt_msg_native_add_str(msg, "zebra");
	mgmt_msg_native_add_str(msg, XPATH_CONFIG);
	mgmt_msg_native_add_str(msg, XPATH_CONFIG);
	mgmt_msg_native_add_str(msg, XPATH_RPC);
	ret = mgmt_msg_native_send_msg(&client->conn, msg, false);
	mgmt_msg_native_free_msg(msg);
	return ret;
}

#endif

static bool table_extended;

static int backend_connected(struct msg_client *client)
{
	int ret = connect_notify(client);

	return ret ? ret : backend_subscribe();
}

/*
 * If a write to mgmtd fails, libfrr before 10.6 closes the connection but
 * leaves its read event pending. Zebra then never reads from the next
 * connection, and mgmtd locks the configuration while it waits for zebra.
 */
static int backend_disconnected(struct msg_conn *conn)
{
	event_cancel(&conn->read_ev);
	event_cancel(&conn->write_ev);
	return disconnect_notify(conn);
}

void vrfleak_backend_preinit(void)
{
	table_extended = table_extend();
}

void vrfleak_backend_init(void)
{
	struct msg_client *client = (struct msg_client *)mgmt_be_client;

	if (!client || table_extended)
		return;
	disconnect_notify = client->conn.notify_disconnect;
	client->conn.notify_disconnect = backend_disconnected;
	connect_notify = client->notify_connect;
	client->notify_connect = backend_connected;
	if (client->conn.fd != -1)
		backend_subscribe();
}

#else

void vrfleak_backend_preinit(void)
{
}

void vrfleak_backend_init(void)
{
}

#endif
