r"""Layout statistics of an average writer, for banks that bring no aligned ink of their own.

    statistics = LayoutStatistics({}, {})            # nothing measured: every key is found here
    mean, spread = PRIORS["^ mid"]                   # of a superscript on a digit or capital

Means and standard deviations over the writers of CROHME train, as `layout_measurement` gives them;
what the keys and their numbers mean stands there. Draws are normal around the mean, where measured
statistics draw real deviations. The shares of stroke orders (`stroke_order`) stand here as well.
"""

_TABLE = r"""
gap ?               : 0.60 | 0.36
gap ?B              : 0.71 | 0.40
gap ?F              : 0.66 | 0.37
gap ?R              : 0.55 | 0.26
gap ?b              : 0.68 | 0.31
gap ?c              : 0.25 | 0.20
gap ?d              : 0.56 | 0.32
gap ?e              : 0.72 | 0.26
gap ?f              : 0.78 | 0.29
gap ?l              : 0.54 | 0.31
gap ?o              : 0.71 | 0.29
gap ?p              : 0.41 | 0.23
gap ?r              : 1.01 | 0.38
gap ?s              : 0.46 | 0.20
gap dd              : 0.38 | 0.18
gap ll              : 0.36 | 0.19
gap dl              : 0.41 | 0.19
gap fl              : 0.65 | 0.19
gap rd              : 0.96 | 0.34
gap rl              : 1.13 | 0.36
gap b?              : 0.28 | 0.22
gap x?              : 0.62 | 0.35
gap p?              : 0.67 | 0.20
^ low               : -0.48 -0.99 0.19 | 0.04 0.16 0.16
^ mid               : -0.48 -1.28 0.27 | 0.04 0.19 0.15
^ tall              : -0.49 0.41 0.30 | 0.06 0.21 0.14
^ ?                 : -0.48 -1.03 0.23 | 0.04 0.37 0.17
^ \int              : -0.44 0.34 0.33 | 0.04 0.23 0.16
_ mid               : -0.49 0.41 0.22 | 0.04 0.16 0.15
_ close             : -0.50 1.16 0.34 | 0.02 0.16 0.10
_ tall              : -0.46 -0.68 0.32 | 0.04 0.35 0.22
_ ?                 : -0.49 0.43 0.21 | 0.04 0.21 0.17
_ \int              : -0.46 0.28 -0.00 | 0.04 0.20 0.25
_ \log              : -0.54 0.87 0.37 | 0.04 0.21 0.12
over                : -0.47 0.32 0.08 | 0.05 0.15 0.25
under               : -0.48 0.37 0.06 | 0.07 0.20 0.27
stacked \int        : 0.08 | 0.24
stacked \int\limits : 0.76 | 0.38
stacked \lim        : 0.95 | 0.20
stacked \sum        : 0.95 | 0.18
stacked ?           : 0.73 | 0.40
fraction short      : -0.23 -0.26 0.39 0.44 0.33 0.30 0.47 | 0.05 0.05 0.16 0.15 0.24 0.31 0.18
fraction long       : -0.23 -0.25 0.42 0.50 0.32 0.33 0.44 | 0.05 0.05 0.19 0.19 0.38 0.60 0.11
fraction ?          : -0.23 -0.25 0.41 0.47 0.33 0.32 0.46 | 0.05 0.05 0.17 0.18 0.32 0.47 0.15
root flat           : -0.19 0.03 0.58 0.70 0.44 0.07 | 0.06 0.17 0.27 0.21 0.46 0.25
root tall           : -0.21 -0.05 0.45 0.55 0.40 -0.45 | 0.06 0.24 0.35 0.18 0.51 0.39
root ?              : -0.19 0.02 0.57 0.69 0.44 0.03 | 0.06 0.18 0.29 0.22 0.47 0.29
degree              : -0.64 -0.48 1.06 | 0.06 0.21 0.31
bracket 0           : 0.68 0.31 0.71 0.41 | 0.23 0.18 0.23 0.21
bracket 1           : 0.33 0.17 0.40 0.25 | 0.25 0.29 0.23 0.28
bracket 2           : 0.11 -0.09 0.21 -0.03 | 0.27 0.35 0.24 0.33
bracket 3           : -0.02 -0.26 0.02 -0.14 | 0.31 0.46 0.28 0.44
bracket 4           : -1.02 -0.24 -1.10 -0.08 | 0.67 0.57 0.60 0.73
bracket ?           : 0.34 0.11 0.40 0.19 | 0.33 0.34 0.31 0.33
grow \int 1         : 1.03 0.96 | 0.42 0.40
grow \int 2         : 0.83 0.63 | 0.46 0.48
grow \int 3         : 0.35 0.08 | 0.45 0.46
grow \int 4         : -0.42 -0.71 | 0.63 0.43
grow \sum 0         : 0.75 0.35 | 0.29 0.26
grow \sum 1         : 0.36 0.22 | 0.31 0.30
grow \sum 2         : 0.06 -0.20 | 0.34 0.38
grow \sum 3         : -0.56 -0.82 | 0.38 0.40
grow \sum 4         : -1.21 -1.35 | 0.31 0.40
accent ?            : 0.25 0.03 -0.10 | 0.18 0.15 0.30
accent \overline    : 0.25 0.03 0.10 | 0.15 0.15 0.22
accent \underline   : 0.30 0.02 0.08 | 0.18 0.15 0.22
accent \vec         : 0.22 0.05 0.02 | 0.15 0.15 0.25
accent \dot         : 0.25 0.05 -1.00 | 0.15 0.14 0.30
accent \ddot        : 0.25 0.03 -0.35 | 0.15 0.14 0.30
matrix size         : -0.05 | 0.08
matrix rows         : 0.75 | 0.30
matrix columns      : 1.30 | 0.50
matrix place        : 0.45 | 0.22
matrix drop         : 0.00 | 0.14
matrix axis         : 0.00 | 0.25
bracket M           : 0.15 0.15 0.15 0.15 | 0.30 0.30 0.30 0.30
grow ?              : 0.39 0.17 | 0.56 0.57
"""


def _row(line: str) -> tuple[str, tuple[tuple[float, ...], tuple[float, ...]]]:
    key, _, numbers = line.partition(":")
    mean, spread = (tuple(map(float, part.split())) for part in numbers.split("|"))
    return key.strip(), (mean, spread)


PRIORS = dict(map(_row, _TABLE.strip().splitlines()))

# 0.77: so often the upper row is written first, then the bar, then the lower row; and so on.
ORDER_PRIORS: dict[str, tuple[float, ...]] = {
    "order fraction": (0.770, 0.074, 0.074, 0.070, 0.007, 0.005),
    "order root": (0.84, 0.16),
    "order degree": (0.37, 0.30, 0.19, 0.14),
    "order scripts": (0.72, 0.28),
    "order limits": (0.71, 0.29),
    "order bracket": (0.95, 0.05),
    "order accent": (0.88, 0.12),
    "order matrix": (0.96, 0.04),
    "order late": (0.956, 0.044),
}
