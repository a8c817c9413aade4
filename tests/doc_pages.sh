#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: line width and links of the Markdown pages; see doc_pages.py.

PYTHONDONTWRITEBYTECODE=1 exec python3 "${srcdir:-.}/tests/doc_pages.py" "${srcdir:-.}"
