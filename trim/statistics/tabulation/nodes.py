"""The values of one direction of a table: leaves, branches of the tree of units, and what was merged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from trim.statistics.counts import Unit
from trim.statistics.declaration import NOT_STATED, DimensionDeclared
from trim.statistics.model import TOTAL, UNIT, Dimension, Words

OTHER = "other"
_OTHER = Words("Other", "Autres")
_OTHER_UNITS = Words("Other units", "Autres unités")
_NOT_STATED = Words("Not stated", "Non précisé")
_ALL = Words("Total", "Total")


@dataclass(frozen=True, slots=True)
class Node:
    """One value: the codes it covers, its parent (None below the total), and whether it is what is left together."""

    value: str
    label: Words
    covers: frozenset[str]
    parent: str | None = None
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Direction:
    """The values of one direction and how they may be made fewer."""

    name: str
    label: Words
    nodes: tuple[Node, ...]
    can_merge: bool

    def children(self, parent: str | None) -> tuple[Node, ...]:
        """The nodes directly below one, or below the total."""
        return tuple(node for node in self.nodes if node.parent == parent)

    def leaves(self) -> tuple[Node, ...]:
        """The nodes with nothing below them."""
        inner = {node.parent for node in self.nodes}
        return tuple(node for node in self.nodes if node.value not in inner)

    def without(self, parent: str | None) -> Direction:
        """The same with nothing below a node."""
        gone = {node.value for node in self.nodes if node.parent == parent}
        return replace(self, nodes=tuple(node for node in self.nodes if node.value not in gone))

    def merged(self, values: Iterable[str]) -> Direction:
        """The same with leaves of one parent as one node, last among its siblings; what was left before joins it."""
        chosen = set(values)
        parent = next(node.parent for node in self.nodes if node.value in chosen)
        together = [n for n in self.nodes if n.value in chosen or (n.rest and n.parent == parent)]
        gone = {node.value for node in together}
        codes = frozenset().union(*(node.covers for node in together))
        prefix = f"{parent}:" if parent else ""
        label = _OTHER_UNITS if self.name == UNIT else _OTHER
        rest = Node(
            f"{prefix}{OTHER}:" if f"{prefix}{OTHER}" in codes else f"{prefix}{OTHER}", label, codes, parent, True
        )
        kept = [node for node in self.nodes if node.value not in gone]
        siblings = [at for at, node in enumerate(kept) if node.parent == parent]
        at = _after(kept, siblings[-1]) if siblings else _place(kept, parent)
        return replace(self, nodes=(*kept[:at], rest, *kept[at:]))

    def published(self) -> Dimension:
        """The direction as a release shows it."""
        return Dimension(
            name=self.name,
            label=self.label,
            values=tuple(node.value for node in self.nodes),
            covers={node.value: node.covers for node in self.nodes},
            labels={TOTAL: _ALL, **{node.value: node.label for node in self.nodes}},
            parents={node.value: node.parent for node in self.nodes if node.parent is not None},
        )


def _after(nodes: Sequence[Node], at: int) -> int:
    """The place behind a node and everything below it."""
    below = {nodes[at].value}
    end = at + 1
    while end < len(nodes) and nodes[end].parent in below:
        below.add(nodes[end].value)
        end += 1
    return end


def _place(nodes: Sequence[Node], parent: str | None) -> int:
    return next((at + 1 for at, node in enumerate(nodes) if node.value == parent), len(nodes))


def flat(declared: DimensionDeclared, codes: Iterable[str], words: Mapping[str, Words]) -> Direction:
    """A direction without a tree: the fixed words, or those that occur in the order of their names."""
    found = set(codes)
    labels = {**{code: Words(code, code) for code in found}, **words, **declared.values, NOT_STATED: _NOT_STATED}
    if declared.values:
        order = [*declared.values, *([NOT_STATED] if NOT_STATED in found else [])]
    else:
        order = sorted(found, key=lambda code: (code == NOT_STATED, labels[code].en, code))
    nodes = tuple(Node(_safe(code), labels[code], frozenset({code})) for code in order)
    return Direction(declared.name, declared.label, nodes, declared.merge)


def _safe(code: str) -> str:
    # The word of the total is taken: a kind that bears it must not stand for the sum.
    return f"{code}:" if code in (TOTAL, OTHER) else code


def tree(label: Words, units: Sequence[Unit], used: Iterable[str], least_headcount: int) -> Direction:
    """The tree of units, in the order of their names; units of few people stand together.

    A unit that is not in `units` (it is gone, but facts name it) stands at the top under its code. A unit with units
    below it has a row for itself where facts name it. A single unit at the top is the total.
    """
    found = set(used)
    known = {unit.code: unit for unit in units}
    below: dict[str | None, list[Unit]] = {}
    for unit in [*units, *(Unit(code, code) for code in sorted(found - known.keys()))]:
        below.setdefault(unit.parent if unit.parent in known else None, []).append(unit)
    nodes: list[Node] = []

    def itself_counts(unit: Unit) -> bool:
        return unit.code in found or bool(unit.headcount)

    def cover(unit: Unit) -> frozenset[str]:
        own = frozenset({unit.code}) if itself_counts(unit) or not below.get(unit.code) else frozenset[str]()
        return own.union(*(cover(one) for one in below.get(unit.code, ())))

    def walk(parent: str | None, unit: Unit) -> None:
        under = sorted(below.get(unit.code, ()), key=lambda one: (one.name, one.code))
        nodes.append(Node(_safe(unit.code), Words(unit.name, unit.name), cover(unit), parent))
        itself(unit, under, _safe(unit.code))
        for one in under:
            walk(_safe(unit.code), one)

    def itself(unit: Unit, under: Sequence[Unit], parent: str | None) -> None:
        if under and itself_counts(unit):
            words = Words(f"{unit.name}, itself", f"{unit.name}, hors unités rattachées")
            nodes.append(Node(f"{unit.code}:itself", words, frozenset({unit.code}), parent))

    tops = sorted(below.get(None, ()), key=lambda one: (one.name, one.code))
    if len(tops) == 1 and below.get(tops[0].code):
        under = sorted(below[tops[0].code], key=lambda one: (one.name, one.code))
        itself(tops[0], under, None)
        for one in under:
            walk(None, one)
    else:
        for one in tops:
            walk(None, one)
    return _few_people(Direction(UNIT, label, tuple(nodes), True), known, least_headcount)


def _few_people(direction: Direction, units: Mapping[str, Unit], least: int) -> Direction:
    """Merge leaves of fewer people than the rule asks with the smallest of their siblings, or into their parent."""

    def people(node: Node) -> int | None:
        numbers = [units[code].headcount if code in units else None for code in node.covers]
        return None if None in numbers else sum(number for number in numbers if number is not None)

    while True:
        few = [node for node in direction.leaves() if (count := people(node)) is not None and count < least]
        if not few:
            return direction
        direction = join_smallest(direction, few[0], lambda node: people(node) or 0)


def join_smallest(direction: Direction, node: Node, size: Callable[[Node], int]) -> Direction:
    """Merge a leaf with its smallest sibling that is a leaf; with too few siblings the whole branch goes."""
    leaves = {one.value for one in direction.leaves()}
    siblings = direction.children(node.parent)
    others = [one for one in siblings if one.value != node.value]
    mates = [one for one in others if one.value in leaves]
    if len(siblings) <= 2 or not mates:
        if len(others) > len(mates):
            # A branch beside it would stay alone and tell it by subtraction: first make the branch a leaf.
            branch = next(one for one in others if one.value not in leaves)
            return direction.without(_deepest(direction, branch.value))
        return direction.without(node.parent)
    rests = [one for one in mates if one.rest]
    mate = rests[0] if rests and not node.rest else min(mates, key=lambda one: (size(one), one.value))
    return direction.merged([node.value, mate.value])


def _deepest(direction: Direction, value: str) -> str:
    inner = {one.parent for one in direction.nodes}
    for child in direction.children(value):
        if child.value in inner:
            return _deepest(direction, child.value)
    return value
