# SPDX-License-Identifier: GPL-2.0-or-later
"""
FRR's own topotest conftest, with what a story of this project needs besides.

FRR's diagnosis of the environment is left out: it demands daemons that Debian does not build (pim6d), and
looks for tools that no story uses.
"""

import frr_conftest
import pytest
from frr_conftest import *  # noqa: F401,F403  FRR's options, hooks and fixtures
from vrfleak.router import Router

frr_conftest.diagnose_env = lambda rundir: True


@pytest.fixture
def r1():
    """
    The router under test.

    When the test ends, what it changed with configure() is put back, and zebra must still be the same process:
    nothing that a test does may end it, unless the test says that it restarts zebra.
    """
    router = Router()
    router.restarts = False
    before = router.pid()
    yield router
    assert router.restarts or router.pid() == before, "zebra is another process now"
    router.restore()
