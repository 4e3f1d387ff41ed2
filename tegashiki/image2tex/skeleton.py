"""Lines of one pixel and how they meet: the graph of a thinned picture.

    graph = skeleton_graph(ink.mask, ink.pen)
    for edge in graph.edges: print(edge.start, edge.end, edge.path.shape)      # nodes; (points, 2)

Nodes are ends and junctions, edges the lines between them. Two pixels are neighbours if they touch
by a side, or by a corner without a third pixel that touches both by a side; so a staircase is a
line, and only where three lines meet a pixel has three neighbours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

SPUR = 1.2       # of the pen: a shorter line that ends blind is a bump of the outline
LOOP = 2.5       # of the pen: a shorter line from a junction to itself is a hole of a blot


@dataclass(eq=False)
class Edge:
    """A line between two nodes."""

    start: int
    end: int
    path: np.ndarray          # float32 (points, 2), x and y in pixels, from start to end

    @property
    def length(self) -> float:
        """Pixels along the line."""
        return float(np.hypot(*np.diff(self.path, axis=0).T).sum())


@dataclass(eq=False)
class Graph:
    """Nodes by number with their places, and the edges between them."""

    places: dict[int, np.ndarray] = field(default_factory=dict)     # float32 (2,)
    edges: list[Edge] = field(default_factory=list)

    def at(self, node: int) -> list[tuple[Edge, bool]]:
        """The edges that meet at a node, and whether each begins there (a loop stands twice)."""
        return [(edge, first) for edge in self.edges for first in (True, False)
                if (edge.start if first else edge.end) == node]


def skeleton_graph(mask: np.ndarray, pen: float) -> Graph:
    """The graph of the ink in `mask`, bool (rows, columns); lines shorter than bumps are left out.

    A closed line without a junction begins and ends at one node, its highest point; a dot is an
    edge whose path has one point.
    """
    from skimage.morphology import skeletonize  # of the extra `images`

    graph = _graph(skeletonize(np.pad(mask, 1)))
    for edge in graph.edges:
        edge.path -= 1                                   # the padding
    graph.places = {node: place - 1 for node, place in graph.places.items()}
    return tidy(graph, pen)


def _graph(thin: np.ndarray) -> Graph:
    rows, columns = np.nonzero(thin)
    neighbours = _neighbours(thin, rows, columns)
    degree = [len(found) for found in neighbours]
    points = np.stack([columns, rows], axis=1).astype(np.float32)       # (pixels, 2)
    graph, node_of = Graph(), {}
    for pixel in (p for p, d in enumerate(degree) if d >= 3):           # junctions, as clusters
        if pixel in node_of:
            continue
        node, waiting, cluster = len(graph.places), [pixel], []
        node_of[pixel] = node
        while waiting:
            here = waiting.pop()
            cluster.append(here)
            for other in neighbours[here]:
                if degree[other] >= 3 and other not in node_of:
                    node_of[other] = node
                    waiting.append(other)
        graph.places[node] = points[cluster].mean(axis=0)
    for pixel in (p for p, d in enumerate(degree) if d <= 1):
        node_of[pixel] = len(graph.places)
        graph.places[node_of[pixel]] = points[pixel]
    walked = [False] * len(degree)
    for pixel, node in list(node_of.items()):
        if degree[pixel] == 0:
            graph.edges.append(Edge(node, node, points[[pixel]]))
        for step in neighbours[pixel]:
            _walk(graph, node_of, neighbours, points, walked, pixel, step)
    for pixel, d in enumerate(degree):                                  # closed lines: what is left
        if d == 2 and not walked[pixel]:
            node = len(graph.places)
            node_of[pixel] = node
            graph.places[node] = points[pixel]
            _walk(graph, node_of, neighbours, points, walked, pixel, neighbours[pixel][0])
            walked[pixel] = True
    return graph


def _walk(graph: Graph, node_of: dict[int, int], neighbours: Sequence[Sequence[int]],
          points: np.ndarray, walked: list[bool], pixel: int, step: int) -> None:
    """Follow a line from a node's pixel to the next node, and add it once."""
    line, former = [], pixel
    while step not in node_of:
        if walked[step]:
            return
        walked[step] = True
        line.append(step)
        following = [n for n in neighbours[step] if n != former]
        if not following:
            return
        former, step = step, following[0]
    start, end = node_of[pixel], node_of[step]
    if not line and start >= end:           # side by side: seen from both, added from one
        return
    path = np.concatenate([graph.places[start][None], points[line], graph.places[end][None]])
    graph.edges.append(Edge(start, end, path))


def _neighbours(thin: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> list[list[int]]:
    """For each pixel of the line the numbers of those that it is joined to."""
    number = np.full(thin.shape, -1, np.int32)
    number[rows, columns] = np.arange(len(rows))
    found: list[list[int]] = [[] for _ in range(len(rows))]
    for dy, dx in ((0, 1), (1, 0), (1, 1), (1, -1)):
        other = number[rows + dy, columns + dx]
        joined = other >= 0
        if dy and dx:
            joined &= ~(thin[rows + dy, columns] | thin[rows, columns + dx])
        for one, two in zip(np.flatnonzero(joined).tolist(), other[joined].tolist(), strict=True):
            found[one].append(two)
            found[two].append(one)
    return found


def tidy(graph: Graph, pen: float) -> Graph:
    """Without bumps and holes of blots; what then has two lines is no node any more."""
    while True:
        ends = _ends(graph)
        gone = [edge for edge in graph.edges if len(edge.path) > 1 and (
            (edge.start == edge.end and edge.length < LOOP * pen and ends[edge.start] > 2)
            or (edge.start != edge.end and edge.length < SPUR * pen
                and sorted((ends[edge.start], ends[edge.end]))[0] == 1
                and max(ends[edge.start], ends[edge.end]) > 2))]
        if not gone:
            return graph
        lost = {id(edge) for edge in gone}
        graph.edges = [edge for edge in graph.edges if id(edge) not in lost]
        join_through(graph)


def _ends(graph: Graph) -> dict[int, int]:
    count = dict.fromkeys(graph.places, 0)
    for edge in graph.edges:
        count[edge.start] += 1
        count[edge.end] += 1
    return count


def join_through(graph: Graph) -> None:
    """Make one line of two that meet alone at a node."""
    meeting: dict[int, list[Edge]] = {}
    for edge in graph.edges:
        meeting.setdefault(edge.start, []).append(edge)
        meeting.setdefault(edge.end, []).append(edge)
    for node, edges in meeting.items():
        if len(edges) != 2 or edges[0] is edges[1]:
            continue
        one, two = edges
        first = one.path if one.end == node else one.path[::-1]
        second = two.path if two.start == node else two.path[::-1]
        joined = Edge(one.start if one.end == node else one.end,
                      two.end if two.start == node else two.start,
                      np.concatenate([first, second[1:]]))
        graph.edges = [edge for edge in graph.edges if edge is not one and edge is not two]
        graph.edges.append(joined)
        for end in (joined.start, joined.end):
            meeting[end] = [joined if edge in (one, two) else edge for edge in meeting[end]]
