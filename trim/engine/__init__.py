"""Runs any workflow pack; knows nothing of peer support, of the web, of SQL or of the clock."""
