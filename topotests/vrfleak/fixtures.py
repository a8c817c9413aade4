# SPDX-License-Identifier: GPL-2.0-or-later
"""
Fixtures that test scenarios import. They are no part of a conftest.py, so that a test scenario also runs under FRR's own.
"""

import pytest

from vrfleak.router import Router


@pytest.fixture
def r1():
    """
    The router under test.

    When the test ends, what it changed with configure() is put back, and zebra must still be the same process:
    nothing that a test does may end it, unless the test says that it restarts zebra.
    """
    router = Router()
    before = router.pid()
    yield router
    assert router.restarts or router.pid() == before, "zebra is another process now"
    router.restore()
