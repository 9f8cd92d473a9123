"""The demonstration: an invented organisation in which two years of peer support happen, by the real use cases alone.

Nothing here writes a row. People report, plan, call, talk and decide under a clock that moves from two years ago to
now; what stands in the database afterwards is what those use cases left.
"""
