# SPDX-License-Identifier: GPL-2.0-or-later
"Fixtures that test scenarios import. They are not in a conftest.py, so that a test scenario also runs with FRR's own."

import pytest

from vrfleak.route_maps import Maps
from vrfleak.router import Router


@pytest.fixture
def r1():
    """
    The router under test. At the end of a test the changes of configure() are undone, and zebra must still be the same
    process, unless the test says that it restarts zebra.
    """
    router = Router()
    before = router.pid()
    yield router
    assert router.restarts or router.pid() == before, "zebra is another process now"
    router.restore()


@pytest.fixture
def maps(r1):
    "Route-maps. At the end of the test they are deleted."
    made = Maps(r1)
    yield made
    for name in sorted(made.names):
        made.drop(name)
