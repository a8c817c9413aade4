#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: whether doc/reference.md and the code say the same; see doc_reference.py.

PYTHONDONTWRITEBYTECODE=1 exec python3 "${srcdir:-.}/tests/doc_reference.py" "${srcdir:-.}"
