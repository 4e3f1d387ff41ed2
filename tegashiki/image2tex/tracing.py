"""From lines that meet to strokes: which line goes on as which where they cross.

    strokes = trace(graph, pen)            # float32 (points, 2) each, in no order yet

A pen goes on straight: at a junction the two lines whose directions agree best are one stroke, then
the next two; what bends more than `BEND` begins a stroke of its own. Two junctions with a short
line between are one crossing if the lines behind them agree through it. A line that ends blind and
that both others of its junction continue was drawn there and back.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tegashiki.image2tex.skeleton import Edge, Graph

BEND = 75.0          # degrees by which a stroke may turn in a junction
ONE_NODE = 1.2       # of the pen: junctions nearer than this are one
SHARED = 4.0         # of the pen: the longest line that two crossing strokes share
TURN = 60.0          # degrees by which a line may bend at most where a pen turned back on it
AGREE = 35.0         # degrees by which each of them may bend there
NEAR, FAR = 0.4, 2.5     # of the pen: where along a line its direction at the junction is taken


@dataclass(frozen=True, eq=False)
class _End:
    """One end of an edge at a node."""

    edge: Edge
    first: bool           # whether the edge begins here
    away: np.ndarray      # unit vector (2,) along the line, away from the node

    @property
    def other(self) -> int:
        """The node at the other end of the edge."""
        return self.edge.end if self.first else self.edge.start

    @property
    def outward(self) -> np.ndarray:
        """The edge's path (points, 2) from the node on."""
        return self.edge.path if self.first else self.edge.path[::-1]


def trace(graph: Graph, pen: float) -> list[np.ndarray]:
    """Strokes of a graph, float32 (points, 2), each drawn once, smoothed over the pen's width."""
    contract(graph, pen)
    turn_back(graph, pen)
    partner: dict[tuple[int, bool], _End] = {}
    for node in graph.places:
        for one, two in pairs(_ends_at(graph, node, pen)):
            partner[id(one.edge), one.first] = two
            partner[id(two.edge), two.first] = one
    return [smooth(path, pen) for path in _chains(graph, partner)]


def pairs(ends: list[_End]) -> list[tuple[_End, _End]]:
    """Which ends at one node are one stroke: those that bend least, each end at most once."""
    bends = sorted((bend(one.away, two.away), i, j) for (i, one), (j, two)
                   in combinations(enumerate(ends), 2))
    if len(ends) == 4:           # a crossing: the best of the three ways to make two pairs of four
        angle = {(i, j): b for b, i, j in bends}
        ways = [((0, 1), (2, 3)), ((0, 2), (1, 3)), ((0, 3), (1, 2))]
        best = min(ways, key=lambda way: angle[way[0]] + angle[way[1]])
        if max(angle[pair] for pair in best) < BEND:
            return [(ends[i], ends[j]) for i, j in best]
    found, taken = [], set()
    for angle_, i, j in bends:
        if angle_ < BEND and not {i, j} & taken:
            taken |= {i, j}
            found.append((ends[i], ends[j]))
    return found


def bend(one: np.ndarray, two: np.ndarray) -> float:
    """Degrees by which a pen turns that comes in by one line and leaves by the other."""
    return float(np.degrees(np.arccos(np.clip(-(one @ two), -1.0, 1.0))))


def contract(graph: Graph, pen: float) -> None:
    """Make one crossing of two junctions that thinning has pulled apart."""
    short = [edge for edge in graph.edges
             if edge.start != edge.end and 1 < len(edge.path) <= 2 + SHARED * pen]
    for edge in sorted(short, key=lambda one: len(one.path)):
        if edge.start == edge.end:           # its junctions became one by another line
            continue
        behind = [[end for end in _ends_at(graph, node, pen) if end.edge is not edge]
                  for node in (edge.start, edge.end)]
        if min(map(len, behind)) >= 2 and (edge.length < ONE_NODE * pen or _cross(*behind)):
            _merge(graph, edge)


def turn_back(graph: Graph, pen: float) -> None:
    """Draw a line there and back where a pen turned at its blind end: the stem of n, the tip of 1.

    So it is where both other lines of a junction go on from it without a bend.
    """
    for node in list(graph.places):
        ends = _ends_at(graph, node, pen)
        if len(ends) != 3 or len({id(end.edge) for end in ends}) != 3:
            continue
        blind = [end for end in ends if _degree(graph, end.other) == 1]
        scored = [(max(bend(end.away, other.away) for other in ends if other is not end),
                   end.edge.length, index) for index, end in enumerate(blind)]
        if not scored or min(scored)[0] > TURN:
            continue
        stem = blind[min(scored)[2]]
        one, two = (end for end in ends if end is not stem)
        there = stem.outward
        path = np.concatenate([one.outward[::-1], there[1:], there[-2::-1], two.outward[1:]])
        gone = {id(end.edge) for end in ends}
        graph.edges = [edge for edge in graph.edges if id(edge) not in gone]
        graph.edges.append(Edge(one.other, two.other, path))


def _cross(one: list[_End], two: list[_End]) -> bool:
    """Whether two lines on one side go on as the two on the other."""
    if len(one) != 2 or len(two) != 2:
        return False
    ways = [max(bend(one[0].away, two[i].away), bend(one[1].away, two[1 - i].away)) for i in (0, 1)]
    return min(ways) < AGREE


def _merge(graph: Graph, edge: Edge) -> None:
    kept, lost = edge.start, edge.end
    place = (graph.places[kept] + graph.places[lost]) / 2
    graph.edges = [other for other in graph.edges if other is not edge]
    graph.places[kept] = place
    del graph.places[lost]
    for other in graph.edges:
        for first in (True, False):
            if (other.start if first else other.end) in (kept, lost):
                if first:
                    other.start = kept
                else:
                    other.end = kept
                other.path = other.path.copy()
                other.path[0 if first else -1] = place


def _ends_at(graph: Graph, node: int, pen: float) -> list[_End]:
    return [_End(edge, first, direction(edge.path if first else edge.path[::-1], pen))
            for edge, first in graph.at(node) if len(edge.path) > 1]


def _degree(graph: Graph, node: int) -> int:
    return sum((edge.start == node) + (edge.end == node) for edge in graph.edges)


def direction(path: np.ndarray, pen: float) -> np.ndarray:
    """The unit vector (2,) in which a line leaves its first point, beyond the pen's own width."""
    last = len(path) - 1
    far = min(round(FAR * pen), last)                # a step from pixel to pixel is about 1
    step = path[far] - path[min(round(NEAR * pen), far // 3)]
    return step / max(float(np.hypot(*step)), 1e-6)


def _chains(graph: Graph, partner: dict[tuple[int, bool], _End]) -> list[np.ndarray]:
    """Edges joined where they are partners."""
    done: set[int] = set()
    strokes = []
    # begin at ends that go on nowhere; what is left after them are closed strokes
    starts = [(edge, first) for edge in graph.edges for first in (True, False)
              if (id(edge), first) not in partner]
    for edge, first in [*starts, *((edge, True) for edge in graph.edges)]:
        if id(edge) in done:
            continue
        parts, here = [], (edge, first)
        while here is not None and id(here[0]) not in done:
            done.add(id(here[0]))
            parts.append(here[0].path if here[1] else here[0].path[::-1])
            following = partner.get((id(here[0]), not here[1]))
            here = (following.edge, following.first) if following is not None else None
        strokes.append(np.concatenate([parts[0], *(part[1:] for part in parts[1:])]))
    return strokes


def smooth(path: np.ndarray, pen: float) -> np.ndarray:
    """The path without the stairs of its pixels: a mean over about a pen's width, ends kept."""
    reach = max(round(pen / 2), 1)
    if len(path) < 3:
        return path.astype(np.float32)
    padded = np.concatenate([2 * path[0] - path[reach:0:-1], path,
                             2 * path[-1] - path[-2:-2 - reach:-1]])
    if len(padded) < len(path) + 2 * reach:         # shorter than the reach: stairs do not show
        return path.astype(np.float32)
    sums = np.cumsum(np.concatenate([np.zeros((1, 2)), padded]), axis=0)
    width = 2 * reach + 1
    return ((sums[width:] - sums[:-width]) / width).astype(np.float32)
