"""The programme that pages speak of when their address names none; the only one that runs so far."""

PROGRAMME = "trim"
