# SPDX-License-Identifier: GPL-2.0-or-later
"Waits for a condition. Nothing here waits for a fixed time, and every wait has a limit."

import difflib
import json
import os
import time

# In seconds. Only a test that fails reaches it. A loaded machine may be fifty times slower than an idle one.
LIMIT = float(os.environ.get("VRFLEAK_TEST_LIMIT", 120))
INTERVAL = 0.25


def as_lines(value):
    return json.dumps(value, indent=1, sort_keys=True, default=str).splitlines()


def differences(seen, expected):
    "None if both are equal, else a text that shows the differences."
    if seen == expected:
        return None
    lines = difflib.unified_diff(
        as_lines(expected), as_lines(seen), "expected", "seen", lineterm="", n=6
    )
    return "\n".join(lines) or "{!r} is not {!r}".format(seen, expected)


def until(why, func, limit=LIMIT):
    "Waits until func() returns None. At the limit, fails with `why` and the last value that func returned."
    end = time.monotonic() + limit
    while True:
        result = func()
        if result is None:
            return
        if time.monotonic() > end:
            raise AssertionError(
                "{}\nafter {:g} s still: {}".format(why, limit, result)
            )
        time.sleep(INTERVAL)


def until_equal(why, func, expected, limit=LIMIT):
    "Waits until func() returns expected."

    def compare():
        return differences(func(), expected)

    until(why, compare, limit)


def equal(why, seen, expected):
    "Fails at once if `seen` is not `expected`."
    difference = differences(seen, expected)
    assert difference is None, "{}\n{}".format(why, difference)
