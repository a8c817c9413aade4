#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: tests of the chaos test itself: its generator, its format of
# sequences and its model, with hand-written cases, without a router.
# Skipped (status 77) where there is no pytest.

set -u
python3 -c 'import pytest' 2>/dev/null || { echo "there is no pytest"; exit 77; }
PYTHONDONTWRITEBYTECODE=1 exec python3 -m pytest -q -p no:cacheprovider \
	"${srcdir:-.}/chaos"
