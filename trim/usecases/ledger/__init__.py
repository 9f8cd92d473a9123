"""The person's own ledger: the private link to it, who looked and who changed what, and stopping (CARE 15, 26)."""
