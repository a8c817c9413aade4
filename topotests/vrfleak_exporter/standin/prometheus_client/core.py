# SPDX-License-Identifier: GPL-2.0-or-later
"Families of metrics, as python3-prometheus-client has them."


class GaugeMetricFamily:
    suffix = ""

    def __init__(self, name, documentation, value=None, labels=()):
        self.name = name
        self.labels = labels
        self.samples = []
        assert documentation and (value is None) == bool(labels)
        if value is not None:
            self.add_metric([], value)

    def add_metric(self, labels, value):
        assert len(labels) == len(self.labels)
        self.samples.append((labels, value))

    def exposition(self):
        text = ""
        for labels, value in self.samples:
            pairs = ",".join('{}="{}"'.format(*pair) for pair in zip(self.labels, labels))
            text += "{}{} {}\n".format(self.name + self.suffix, "{" + pairs + "}" if pairs else "", float(value))
        return text


class CounterMetricFamily(GaugeMetricFamily):
    suffix = "_total"
