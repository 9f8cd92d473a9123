"""What the checker looks at, one file per kind of fault; each has one function, check(findings)."""
