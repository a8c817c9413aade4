# SPDX-License-Identifier: GPL-2.0-or-later
"""
What the exporter uses of python3-prometheus-client, for a machine that does not have it. Only the test scenario of the
exporter uses this.
"""

import http.server
import threading

from prometheus_client import core  # noqa: F401


class CollectorRegistry:
    def __init__(self):
        self.collectors = []

    def register(self, collector):
        self.collectors.append(collector)

    def exposition(self):
        return "".join(metric.exposition() for collector in self.collectors for metric in collector.collect())


def start_http_server(port, addr="0.0.0.0", registry=None):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = registry.exposition().encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            "Nothing is logged."

    server = http.server.ThreadingHTTPServer((addr, port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
