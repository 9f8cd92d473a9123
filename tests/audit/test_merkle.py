"""The Merkle tree: known roots, proofs that prove, and nothing else that does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim.audit import merkle

#: The eight leaves of the Certificate Transparency reference tests, and the roots of their first n.
LEAVES = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]

sizes = st.integers(1, 70)


def leaves_of(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize("size", range(1, 9))
def test_known_roots(size):
    assert merkle.root_of(HASHES[:size]).hex() == ROOTS[size - 1]


def test_an_empty_tree_has_the_hash_of_nothing():
    assert merkle.Frontier().root() == merkle.EMPTY


@given(sizes, st.data())
def test_a_frontier_goes_on_where_it_was_stored(size, data):
    leaves = leaves_of(size)
    cut = data.draw(st.integers(0, size))
    first = merkle.Frontier()
    for leaf in leaves[:cut]:
        first.append(leaf)
    again = merkle.Frontier(first.size, first.roots)
    for leaf in leaves[cut:]:
        again.append(leaf)
    assert again.root() == merkle.root_of(leaves)


def test_a_frontier_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="full subtrees"):
        merkle.Frontier(3, [b"x" * 32])


@given(sizes, st.data())
def test_inclusion_proves_its_leaf_and_no_other(size, data):
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(leaves, index)
    root = merkle.root_of(leaves)
    assert merkle.is_included(leaves[index], index, size, proof, root)
    assert not merkle.is_included(b"x" * 32, index, size, proof, root)
    assert not merkle.is_included(leaves[index], index, size, [*proof, b"x" * 32], root)
    for other in set(range(size)) - {index}:
        assert not merkle.is_included(leaves[index], other, size, proof, root)


@given(sizes, st.data())
def test_consistency_proves_a_beginning_and_no_other(size, data):
    leaves = leaves_of(size)
    earlier = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(leaves, earlier)
    before, root = merkle.root_of(leaves[:earlier]), merkle.root_of(leaves)
    assert merkle.is_consistent(earlier, before, size, root, proof)
    assert not merkle.is_consistent(earlier, b"x" * 32, size, root, proof)
    changed = [*leaves[: earlier - 1], b"y" * 32]
    if earlier < size:
        assert not merkle.is_consistent(earlier, merkle.root_of(changed), size, root, proof)


def test_questions_outside_the_tree():
    with pytest.raises(IndexError):
        merkle.inclusion_proof(HASHES, 8)
    with pytest.raises(IndexError):
        merkle.consistency_proof(HASHES, 9)
    assert not merkle.is_included(HASHES[0], 8, 8, [], HASHES[0])
    assert not merkle.is_consistent(0, b"", 8, b"", [])
    assert not merkle.is_consistent(3, b"", 8, b"", [])
    assert not merkle.is_consistent(4, HASHES[0], 8, HASHES[0], [HASHES[1]] * 9)
