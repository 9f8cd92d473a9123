"""Tests mirror trim/; walks/ tells stories over HTTP, browser/ drives Chromium, packaging/ installs the wheel."""
