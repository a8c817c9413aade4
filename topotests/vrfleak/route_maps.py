# SPDX-License-Identifier: GPL-2.0-or-later
"Route-maps of the router under test."


class Maps:
    "Route-maps that are deleted at the end of the test."

    def __init__(self, router):
        self.router = router
        self.names = set()

    def make(self, name, *entries):
        "Creates or replaces the map, with entries such as 'permit 10' or 'permit 10: match tag 1, set src 192.0.2.1'."
        lines = ["no route-map " + name] if name in self.names else []
        for entry in entries:
            head, _, clauses = entry.partition(": ")
            lines.append("route-map {} {}".format(name, head))
            lines += [clause for clause in clauses.split(", ") if clause]
            lines.append("exit")
        self.names.add(name)
        self.router.commit("\n".join(lines) + "\n")

    def drop(self, name):
        self.names.discard(name)
        self.router.commit("no route-map {}\n".format(name))
