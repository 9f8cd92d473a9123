"""The workflow language as JSON Schema, so that editors complete keys and words and mark what cannot be right."""
