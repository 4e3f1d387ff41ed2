"""A page as layout leaves it: which sample goes where, in lists of plain numbers.

    page = Page()
    page.add(sample=17, token=0, sx=1.0, sy=1.0, tx=0.0, ty=0.0)
    page.shift(0, 1, dx=2.5, dy=0.0)
"""

from tegashiki.synthesis.glyph import Box


class Page:
    """The symbols set so far: sample number, token, and where to: x = tx + sx * x', y likewise.

    `knee` and `bar` are for roots: beyond sample x = knee the scale is `bar` instead of sx.
    """

    __slots__ = ("bar", "filled", "knee", "samples", "sx", "sy", "tokens", "tx", "ty")

    def __init__(self) -> None:
        self.samples: list[int] = []
        self.tokens: list[int] = []
        self.sx: list[float] = []
        self.sy: list[float] = []
        self.tx: list[float] = []
        self.ty: list[float] = []
        self.knee: dict[int, float] = {}       # position in the lists -> sample x
        self.bar: dict[int, float] = {}
        self.filled: dict[int, int] = {}       # token of a hole -> position in the lists

    def add(self, sample: int, token: int, sx: float, sy: float, tx: float, ty: float) -> None:
        """One more symbol."""
        self.samples.append(sample)
        self.tokens.append(token)
        self.sx.append(sx)
        self.sy.append(sy)
        self.tx.append(tx)
        self.ty.append(ty)

    def shift(self, first: int, last: int, dx: float, dy: float) -> None:
        """Moves the symbols [first, last)."""
        tx, ty = self.tx, self.ty
        for i in range(first, last):
            tx[i] += dx
            ty[i] += dy


def around(a: Box, b: Box) -> Box:
    """The smallest box that holds two."""
    return (a[0] if a[0] < b[0] else b[0], a[1] if a[1] < b[1] else b[1],
            a[2] if a[2] > b[2] else b[2], a[3] if a[3] > b[3] else b[3])


def moved(box: Box, dx: float, dy: float) -> Box:
    """A box somewhere else."""
    return box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy
