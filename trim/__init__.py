"""Trim: peer support after trauma and stress at work."""

__version__ = "0.1.0"
