"""The small faults that mutate.py puts into a module.

    for fault in faults("def f(a): return a < 3"): print(fault)
        # line 1: a < 3 -> a <= 3
        # line 1: a < 3 -> not a < 3, ...

Docstrings, annotations, imports and the words of messages are left alone: no test should hold them.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARE = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
            ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot,
            ast.IsNot: ast.Is}  # fmt: skip
_ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
               ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd,
               ast.BitAnd: ast.BitOr, ast.Pow: ast.Mult}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """A module with one thing changed."""

    line: int
    before: str
    after: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"line {self.line}: {self.before} -> {self.after}"


def faults(source: str) -> Iterator[Fault]:
    """Every fault of a module, in the order of its lines."""
    tree = ast.parse(source)
    places = list(_places(tree, ()))
    for place in places:
        node = _at(tree, place)
        for other in _changes(node):
            changed = copy.deepcopy(tree)
            _put(changed, place, other)
            ast.fix_missing_locations(changed)
            yield Fault(node.lineno, _short(node), _short(other), changed)


def _places(node: ast.AST, here: tuple) -> Iterator[tuple]:
    """The way to every expression and statement that may be changed."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params") or isinstance(node, ast.Raise):
            continue
        if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom):
            continue
        for number, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST) or _is_docstring(child):
                continue
            place = (*here, (name, number if isinstance(value, list) else None))
            if isinstance(child, ast.expr | ast.stmt):
                yield place
            yield from _places(child, place)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in the place of a node, one fault each."""
    new = copy.deepcopy(node)
    match node:
        case ast.Compare():
            for number, op in enumerate(node.ops):
                if type(op) in _COMPARE:
                    other = copy.deepcopy(node)
                    other.ops[number] = _COMPARE[type(op)]()
                    yield other
        case ast.BoolOp():
            new.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
            yield new
        case ast.UnaryOp(op=ast.Not()):
            yield new.operand
        case ast.UnaryOp(op=ast.USub()):
            yield new.operand
        case ast.BinOp() if type(node.op) in _ARITHMETIC:
            new.op = _ARITHMETIC[type(node.op)]()
            yield new
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.Constant(value=str() as value):
            yield ast.Constant("XX" + value)
        case ast.IfExp() | ast.If() | ast.While():
            new.test = ast.UnaryOp(ast.Not(), new.test)
            yield new
        case ast.Return() if node.value is not None and not _is_none(node.value):
            yield ast.Return(ast.Constant(None))
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
            yield ast.Pass()
        case ast.AugAssign() | ast.Raise():
            yield ast.Pass()


def _at(tree: ast.AST, place: tuple) -> ast.AST:
    for name, number in place:
        tree = getattr(tree, name) if number is None else getattr(tree, name)[number]
    return tree


def _put(tree: ast.AST, place: tuple, other: ast.AST) -> None:
    parent, (name, number) = _at(tree, place[:-1]), place[-1]
    if number is None:
        setattr(parent, name, other)
    else:
        getattr(parent, name)[number] = other


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _short(node: ast.AST) -> str:
    return ast.unparse(node).partition("\n")[0][:90]
