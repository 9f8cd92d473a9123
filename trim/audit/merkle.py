"""A growing Merkle tree as in RFC 9162 (Certificate Transparency 2.0, section 2.1): roots, inclusion, consistency.

Only the standard library: whoever checks a trail needs nothing else of ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

#: Leaves of a tree from the first number up to, but without, the second.
Range = tuple[int, int]
#: Root of a tree without leaves: the hash of nothing.
EMPTY = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf; its prefix keeps a leaf from passing as an inner node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the full subtrees of a growing tree, the largest first: all that is needed to go on growing."""

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        self.size = size
        self.roots = list(roots)
        if len(self.roots) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} full subtrees, not {len(self.roots)}")

    def append(self, leaf: bytes) -> None:
        """Add the hash of one more leaf."""
        node = leaf
        size = self.size
        while size & 1:
            node = node_hash(self.roots.pop(), node)
            size >>= 1
        self.roots.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        if not self.roots:
            return EMPTY
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = node_hash(left, node)
        return node


def roots_over(leaves: Iterable[bytes], ranges: Sequence[Range]) -> list[bytes]:
    """The root over each range of `leaves`, which are read once and in order; the ranges do not overlap."""
    trees = {one: Frontier() for one in sorted(ranges)}
    waiting = iter(trees.items())
    span, tree = next(waiting, ((0, 0), Frontier()))
    for place, leaf in enumerate(leaves):
        if place >= span[1]:
            span, tree = next(waiting, (span, tree))
        if span[0] <= place < span[1]:
            tree.append(leaf)
    return [trees[one].root() for one in ranges]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The parts of a tree of `size` leaves whose roots prove leaf `index`, the nearest first. Raises IndexError."""
    if not 0 <= index < size:
        raise IndexError(index)
    ranges = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            ranges.append((middle, stop))
            stop = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root over `leaves`, the nearest first. Raises IndexError."""
    return roots_over(leaves, inclusion_ranges(index, len(leaves)))


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that `leaf` is number `index` of the `size` leaves under `root`."""
    if not 0 <= index < size:
        return False
    left, last, node = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if left & 1 or left == last:
            node = node_hash(other, node)
            while not left & 1 and left:
                left >>= 1
                last >>= 1
        else:
            node = node_hash(node, other)
        left >>= 1
        last >>= 1
    return last == 0 and node == root


def consistency_ranges(earlier: int, size: int) -> list[Range]:
    """The parts of a tree of `size` leaves whose roots prove that its first `earlier` leaves were there before.

    Raises IndexError.
    """
    if not 0 < earlier <= size:
        raise IndexError(earlier)
    ranges = []
    start, stop = 0, size
    while earlier != stop:
        middle = start + _split(stop - start)
        if earlier <= middle:
            ranges.append((middle, stop))
            stop = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, stop))
    return ranges[::-1]


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """The hashes that show that the first `earlier` leaves still begin the tree over `leaves`. Raises IndexError."""
    return roots_over(leaves, consistency_ranges(earlier, len(leaves)))


def is_consistent(earlier: int, earlier_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `earlier` leaves is the beginning of the tree of `size` leaves."""
    if earlier == size:
        return not proof and earlier_root == root
    if not 0 < earlier < size or not proof:
        return False
    path = list(proof)
    if earlier & (earlier - 1) == 0:
        path.insert(0, earlier_root)
    left, last = earlier - 1, size - 1
    while left & 1:
        left >>= 1
        last >>= 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if left & 1 or left == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while not left & 1 and left:
                left >>= 1
                last >>= 1
        else:
            new = node_hash(new, other)
        left >>= 1
        last >>= 1
    return last == 0 and old == earlier_root and new == root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
