# SPDX-License-Identifier: GPL-2.0-or-later
"""
The topology that all test scenarios start from: one router, r1, with four VRFs, and a host behind each.

The file four-vrfs has all names and addresses, tags.conf the tags; the lab's demonstration and the user guide use the
same two files.

The router is a node of FRR's topotest library with zebra and the module. A host is a plain network namespace
inside the router's node (`ip netns exec h-shared ...`): it runs no daemon, and making one costs no more than that.

Each VRF's table has an unreachable default route, as many routers have. Without it, or 'ip vrf-isolation' (see
vrfleak_isolation), a lookup that finds no route in the VRF continues in the main table.
"""

import glob
import os
import re
import subprocess

from lib.topogen import Topogen, TopoRouter, get_topogen
from vrfleak import expect

# (10, 3) for FRR 10.3.
FRR = tuple(
    int(number)
    for number in subprocess.run(
        ["/usr/lib/frr/zebra", "--version"], capture_output=True, text=True, check=False
    )
    .stdout.split()[2]
    .split(".")[:2]
)

# Since FRR 10 mgmtd has zebra's configuration, and the router's own addresses are routes of their own (type local).
HAVE_MGMTD = FRR >= (10, 0) and os.path.exists("/usr/lib/frr/mgmtd")
HAVE_LOCAL_ROUTES = HAVE_MGMTD

# The number of routes of each VRF in a family: its network, the one behind its host, and the router's own address.
OFFERED = 3 if HAVE_LOCAL_ROUTES else 2

UNREACHABLE = "route replace unreachable {} table {} metric 4278198272"


HERE = os.path.dirname(os.path.abspath(__file__))


class Net:
    """
    A VRF of the router with the host behind it; its attributes are the rows of four-vrfs. behind4 and behind6 are
    networks behind that host, inner4 and inner6 its addresses there.
    """

    def __init__(self, **attributes):
        vars(self).update(attributes)
        self.table = int(self.table)


def read_nets():
    "The columns of four-vrfs, as a list of Net."
    with open(os.path.join(HERE, "four-vrfs"), encoding="utf-8") as table:
        rows = [line.split() for line in table if line[0] not in "#\n"]
    names = [row[0] for row in rows]
    return [Net(**dict(zip(names, column))) for column in zip(*[row[1:] for row in rows])]


NETS = SHARED, RED, BLUE, GREEN = read_nets()

# {(family, VRF): its host's address on the link}.
HOSTS = {(4, net.vrf): net.host4 for net in NETS}
HOSTS.update({(6, net.vrf): net.host6 for net in NETS})

# A host behind the default VRF, for the test scenarios that use it.
DEFAULT = Net(
    vrf="default", table=254, interface="e-default", host="h-default",
    net4="203.0.113.0/26", router4="203.0.113.1", host4="203.0.113.2", behind4="203.0.113.64/26", inner4="203.0.113.65",
    net6="2001:db8:5::/64", router6="2001:db8:5::1", host6="2001:db8:5::2", behind6="2001:db8:105::/64", inner6="2001:db8:105::1",
)

# The names of VRF devices, those of some test scenarios included.
VRFS = [net.vrf for net in NETS] + ["purple"]


def is_own(prefix, interface):
    """
    Whether a leaked route is to one of the router's own addresses. Only zebra with local routes has such routes: a host
    route through a VRF device, or, from the default VRF, through the interface itself.
    """
    if not HAVE_LOCAL_ROUTES:
        return False
    address, _, length = prefix.partition("/")
    if address in (DEFAULT.router4, DEFAULT.router6):
        return True
    return length in ("", "32", "128") and interface in VRFS

HOST = """
ip netns add {host}
ip link add {interface} type veth peer name eth0 netns {host}
ip -n {host} -batch - <<END
link set lo up
link set eth0 up
address add {host4}/26 dev eth0
address add {inner4}/26 dev lo
route add default via {router4}
address add {host6}/64 dev eth0 nodad
address add {inner6}/64 dev lo nodad
route add default via {router6}
END
ip link set {interface} up
"""


def vrf_commands(name, table):
    "The `ip -batch` lines that make a VRF."
    return [
        "link add {} type vrf table {}".format(name, table),
        "link set {} up".format(name),
    ]


def unreachable_commands(table):
    "The `ip -batch` lines that add a VRF's unreachable default routes."
    return [UNREACHABLE.format("0.0.0.0/0", table), UNREACHABLE.format("::/0", table)]


def make_vrfs(node, nets):
    "Creates the VRFs and moves each one's interface into it. The loopback interface is up."
    # FRR 10.7's library sometimes leaves it down.
    lines = ["link set lo up"]
    for net in nets:
        if net is DEFAULT:
            continue
        lines += vrf_commands(net.vrf, net.table) + unreachable_commands(net.table)
        lines.append("link set {} master {}".format(net.interface, net.vrf))
    node.cmd_raises("ip -batch -", stdin="\n".join(lines) + "\n")


def make_hosts(node, nets):
    "Creates the hosts. Duplicate address detection is off, which would take a second."
    node.cmd_raises(
        "for f in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 >$f; done;"
        "echo 1 >/proc/sys/net/ipv6/conf/all/keep_addr_on_down;"
        + "".join(HOST.format(**vars(net)) for net in nets)
    )


def read_tags():
    "The VRFs of tags.conf as {VRF: its lines}. They are isolated by unreachable default routes here, not by tags.conf."
    with open(os.path.join(HERE, "tags.conf"), encoding="utf-8") as conf:
        blocks = re.findall(r"^vrf (\S+)\n((?: .*\n)*)", conf.read(), re.M)
    return {vrf: lines.splitlines() for vrf, lines in blocks}


def router_config(nets, peers, tags):
    "The router's configuration: addresses, static routes to the networks behind hosts that are not in peers, and tags."
    lines = ["frr defaults traditional", "hostname r1", "debug memstats-at-exit"]
    tags = read_tags() if tags else {}
    for net in nets:
        lines += [
            "interface " + net.interface,
            " ip address {}/26".format(net.router4),
            " ipv6 address {}/64".format(net.router6),
            "exit",
        ]
    for net in nets:
        routes = [
            " ip route {} {}".format(net.behind4, net.host4),
            " ipv6 route {} {}".format(net.behind6, net.host6),
        ]
        if net in peers:
            routes = []
        if net is DEFAULT:
            lines += [line.strip() for line in routes]
        else:
            lines += ["vrf " + net.vrf] + routes + tags.get(net.vrf, []) + ["exit-vrf"]
    return "\n".join(lines) + "\n"


def read_own(folder, name):
    "The node's additional configuration in the folder of the test scenario; empty if there is none."
    try:
        with open(os.path.join(folder, name, "frr.conf"), encoding="utf-8") as conf:
            return conf.read()
    except FileNotFoundError:
        return ""


def start(module, nets=None, daemons=(), peers=(), options="-M vrfleak", tags=True):
    """
    Builds the topology for a test scenario and starts the router: with the tags of tags.conf (tags) and
    the lines of the test scenario's r1/frr.conf, if it has one.

    daemons names the router's daemons besides zebra and staticd, as FRR's library numbers them. A net in peers
    has a router with the same daemons in its host's place, with its own frr.conf in the test scenario.
    """
    nets = NETS if nets is None else nets
    folder = os.path.dirname(os.path.abspath(module.__file__))

    def build(tgen):
        tgen.add_router("r1")
        for net in peers:
            tgen.add_router(net.host)
            tgen.add_link(tgen.gears["r1"], tgen.gears[net.host], net.interface, "eth0")

    tgen = Topogen(build, module.__name__)
    tgen.start_topology()
    node = tgen.gears["r1"].net
    make_hosts(node, [net for net in nets if net not in peers])
    make_vrfs(node, nets)
    for name, router in tgen.routers().items():
        config = os.path.join(tgen.logdir, name + ".conf")
        with open(config, "w", encoding="utf-8") as output:
            output.write(router_config(nets, peers, tags) if name == "r1" else "")
            output.write(read_own(folder, name))
        # load_frr_config() has other arguments in each version.
        router.load_config(TopoRouter.RD_FRR, config)
        for daemon in [TopoRouter.RD_ZEBRA] + list(daemons):
            router.load_config(daemon, "")
    options = os.environ.get("VRFLEAK_ZEBRA_OPTIONS", options)
    tgen.gears["r1"].load_config(TopoRouter.RD_ZEBRA, None, options)
    if HAVE_MGMTD:
        tgen.gears["r1"].load_config(TopoRouter.RD_MGMTD, None, "-M vrfleak")
    tgen.start_router()
    return tgen


def wait_for_dataplane(node):
    """
    Waits until zebra's dataplane is idle. Zebra does not free its pending contexts when it ends, and FRR's library
    reports them as a leak.
    """
    last = []

    def moving():
        _, out, _ = node.cmd_status(["vtysh", "-c", "show zebra dplane"], warn=False)
        last.append(out)
        return None if len(last) > 1 and last[-1] == last[-2] else out

    expect.until("zebra's dataplane must become idle", moving)


def leaks_of(daemon, folder):
    "Memory that a daemon had not freed when it ended: {memory type: count}."
    with open(os.path.join(folder, daemon + ".err"), encoding="utf-8") as log:
        return dict(re.findall(r"memstats:  (.*?) +: +(\d+) \*", log.read()))


def only_known_leaks(complaint, folder):
    """
    Whether FRR's library reports only memory that FRR 10.7 itself does not free. In zebra: dataplane contexts of kernel routes,
    each with its next hop, that are still queued when it ends (rib_dplane_q in zebra_rib.c), or, with -r, the tables of tracked
    next hops (zebra_vrf_disable() in zebra_vrf.c). In mgmtd: messages (streams) in transit between it and vtysh's session. The
    module has none of these.
    """
    daemons = re.findall(r"(\w+) has memory leaks", complaint)
    if FRR < (10, 7) or complaint.count("\n") > len(daemons) + 2:
        return False
    for daemon in daemons:
        leaks = leaks_of(daemon, folder)
        if (daemon, sorted(leaks)) not in (
            ("zebra", ["Nexthop", "Zebra DPlane Ctx"]),
            ("zebra", ["Route table"]),
            ("mgmtd", ["Stream"]),
        ):
            return False
        if len(set(leaks.values())) != 1:
            return False
    return bool(daemons)


def stop():
    "Stops the topology. Fails if a daemon has crashed, or has not freed memory of the module."
    tgen = get_topogen()
    folder = os.path.join(tgen.logdir, "r1")
    wait_for_dataplane(tgen.gears["r1"].net)
    try:
        tgen.stop_topology()
    except AssertionError as error:
        if not only_known_leaks(str(error), folder):
            raise
    cores = glob.glob(os.path.join(folder, "*core*"))
    assert not cores, "core files: {}".format(cores)
    for path in glob.glob(os.path.join(folder, "*.log")):
        with open(path, encoding="utf-8", errors="replace") as log:
            for line in log:
                assert "Received signal" not in line, line
                assert "assertion" not in line.lower(), line
    for path in glob.glob("/tmp/frr-memstats-zebra-*"):
        with open(path, encoding="utf-8", errors="replace") as leftovers:
            text = leftovers.read()
        # FRR always prints the group's heading. The lines below it are memory that was not freed.
        own = text.partition("memory group vrfleak\n")[2].split("showing active")[0]
        assert not own.strip(), own
