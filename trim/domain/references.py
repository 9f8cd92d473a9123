"""References that people read out over the telephone: short, random, without letters that look alike."""

from __future__ import annotations

#: Crockford's base 32: no I, L, O, U, so nothing is mistaken and no words arise.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 7


def reference(prefix: str, randomness: bytes) -> str:
    """`C-7K3M2PA` from at least seven random bytes: a running number would say how many cases there are."""
    return f"{prefix}-" + "".join(ALPHABET[byte % 32] for byte in randomness[:LENGTH])


def normalised(typed: str) -> str:
    """What a reader typed, as references are stored: upper case, look-alike letters mended, spaces dropped."""
    prefix, _, rest = typed.strip().upper().replace(" ", "").partition("-")
    return f"{prefix}-{rest.translate(str.maketrans('OIL', '011'))}"
