"""Letters and reports: HTML first, then PDF."""
