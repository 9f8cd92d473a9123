"""Which code words the source can write into the trail: read from the calls themselves, so that none is forgotten.

The word stands in the third place of `uow.record(actor, now, WORD, ...)`, or is `what=` of `trail.record`
and `trail.Line`. A helper that is handed the word is followed to its callers, a name to where it is set;
`f"{kind}.read"` stands for every kind.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import trim

ROOT = Path(trim.__file__).parent
#: What can stand in `{...}` of a word: the kinds of subject that have such an entry.
ANY = "*"


@dataclass(frozen=True, slots=True)
class Written:
    """One word as the source writes it (`*` for what is only known when it runs), and where."""

    word: str
    file: str
    line: int
    #: The kind of chain, where the call says it outright; "" where it is handed in.
    chain: str
    #: Whether the call may name further subjects.
    names: bool


@dataclass(frozen=True, slots=True)
class _Scope:
    #: Every file of the source by its module, and the module and function that a name is looked up in.
    trees: Mapping[str, ast.Module]
    module: str
    function: ast.FunctionDef | None

    @property
    def tree(self) -> ast.Module:
        return self.trees[self.module]


@cache
def words_written(root: Path = ROOT) -> tuple[Written, ...]:
    """Every word of every call; a word that cannot be made out raises AssertionError with its place."""
    trees = _trees(root)
    return tuple(found for module in trees for found in _of_file(module, trees))


def _trees(root: Path) -> dict[str, ast.Module]:
    return {
        ".".join(path.relative_to(root.parent).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.py"))
    }


@cache
def pages_written(root: Path = ROOT) -> frozenset[str]:
    """Every value of the code `page` (`*` for what is only known when it runs), and none that cannot be made out."""
    trees = _trees(root)
    found: set[str] = set()
    for module in trees:
        for function, call in _calls(trees[module]):
            if _word_of(call) is None:
                continue
            codes = _keyword(call, "codes")
            for name, value in zip(codes.keys, codes.values, strict=True) if isinstance(codes, ast.Dict) else ():
                if isinstance(name, ast.Constant) and name.value == "page":
                    written = set(_resolved(value, _Scope(trees, module, function)))
                    assert written, f"{module}:{call.lineno}: which page is written here cannot be made out"
                    found |= written
    return frozenset(found)


def _of_file(module: str, trees: Mapping[str, ast.Module]) -> Iterator[Written]:
    where = module.replace(".", "/") + ".py"
    for function, call in _calls(trees[module]):
        word = _word_of(call)
        if word is None or where in {"trim/usecases/unit_of_work.py", "trim/audit/trail.py"}:
            continue
        found = list(_resolved(word, _Scope(trees, module, function)))
        assert found, f"{where}:{call.lineno}: which word is written here cannot be made out"
        names = _keyword(call, "also") is not None
        yield from (Written(one, where, call.lineno, _chain_of(call), names) for one in found)


@cache
def _calls(tree: ast.Module) -> tuple[tuple[ast.FunctionDef | None, ast.Call], ...]:
    def walk(node: ast.AST, inside: ast.FunctionDef | None) -> Iterator[tuple[ast.FunctionDef | None, ast.Call]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                yield inside, child
            yield from walk(child, child if isinstance(child, ast.FunctionDef) else inside)

    return tuple(walk(tree, None))


def _word_of(call: ast.Call) -> ast.expr | None:
    """The expression of the word, if the call writes an entry."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in ("record", "Line")):
        return None
    owner = call.func.value
    named = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    if named == "uow":
        return call.args[2] if len(call.args) > 2 else _keyword(call, "what")
    return _keyword(call, "what") if named == "trail" else None


def _chain_of(call: ast.Call) -> str:
    chain = _keyword(call, "chain")
    if isinstance(chain, ast.JoinedStr) and isinstance(chain.values[0], ast.Constant):
        return str(chain.values[0].value).partition(":")[0]
    if isinstance(chain, ast.Attribute) and chain.attr == "ORGANISATION":
        return "organisation"
    made = chain.func if isinstance(chain, ast.Call) else None
    called = made.attr if isinstance(made, ast.Attribute) else made.id if isinstance(made, ast.Name) else ""
    return "account" if called == "account_chain" else ""


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def _resolved(node: ast.expr, scope: _Scope) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _resolved(node.body, scope)
        yield from _resolved(node.orelse, scope)
    elif isinstance(node, ast.JoinedStr):
        parts = [str(one.value) if isinstance(one, ast.Constant) else ANY for one in node.values]
        yield "".join(parts)
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        yield from _resolved(node.value, scope)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _resolved(value, scope)
    elif isinstance(node, ast.Name):
        yield from _named(node.id, scope)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield from _returned(node.func.id, scope)


def _returned(name: str, scope: _Scope) -> Iterator[str]:
    for function in scope.tree.body:
        if isinstance(function, ast.FunctionDef) and function.name == name:
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value is not None:
                    yield from _resolved(node.value, _Scope(scope.trees, scope.module, function))


def _named(name: str, scope: _Scope) -> Iterator[str]:
    function = scope.function
    arguments = function.args if function is not None else None
    places = [one.arg for one in (*arguments.posonlyargs, *arguments.args)] if arguments is not None else []
    named = [one.arg for one in arguments.kwonlyargs] if arguments is not None else []
    if function is not None and name in (*places, *named):
        yield from _handed_in(name, function, places, scope)
        return
    for node in ast.walk(function or scope.tree):
        yield from _set_to(name, node, scope)
    if function is not None:
        for node in scope.tree.body:
            yield from _set_to(name, node, scope)


def _set_to(name: str, node: ast.AST, scope: _Scope) -> Iterator[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        pairs: list[tuple[ast.expr, ast.expr]] = [(one, node.value) for one in targets]
        for target, value in list(pairs):
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs += zip(target.elts, value.elts, strict=True)
        for target, value in pairs:
            if isinstance(target, ast.Name) and target.id == name:
                yield from _resolved(value, scope)
    elif isinstance(node, ast.For):
        yield from _looped(name, node, scope)


def _looped(name: str, node: ast.For, scope: _Scope) -> Iterator[str]:
    """What a loop gives the name: the values of a table, since keys are what they stand beside."""
    if not any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(node.target)):
        return
    source = node.iter
    if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute):
        source = source.func.value
    yield from _resolved(source, scope)


@cache
def _imports(tree: ast.Module) -> frozenset[tuple[str | None, str]]:
    found = (one for one in ast.walk(tree) if isinstance(one, ast.ImportFrom))
    return frozenset((one.module, alias.name) for one in found for alias in one.names)


def _callers(function: ast.FunctionDef, scope: _Scope) -> Iterator[tuple[str, ast.FunctionDef | None, ast.Call]]:
    """Calls in the helper's own file, and in those that import it by its name."""
    for module, tree in scope.trees.items():
        if module == scope.module or (scope.module, function.name) in _imports(tree):
            yield from ((module, inside, call) for inside, call in _calls(tree))


def _handed_in(name: str, function: ast.FunctionDef, places: list[str], scope: _Scope) -> Iterator[str]:
    for module, inside, call in _callers(function, scope):
        called = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if called != function.name or inside is function:
            continue
        given = _keyword(call, name)
        if given is None and name in places and len(call.args) > places.index(name):
            given = call.args[places.index(name)]
        if given is not None:
            yield from _resolved(given, _Scope(scope.trees, module, inside))
