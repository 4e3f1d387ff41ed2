r"""How large each token is written on average: where no aligned ink says so.

    reach(r"\omega")                       # (-1.0, 0.0): from the x-height to the baseline
    WIDTHS[r"\Rightarrow"]                 # 1.7 x-heights; flat symbols are scaled by their width

Drawings of single symbols have no line. A bank scales each to the reach of its token, top and
bottom in x-heights, y down, the baseline at 0. For CROHME's tokens the reach is measured
(`baseline_estimation`); for the others it is what print has, from TeX's Computer Modern.
"""

Reach = tuple[float, float]

SMALL: Reach = (-1.0, 0.0)
TALL: Reach = (-1.6, 0.0)
LOW: Reach = (-1.0, 0.5)
FULL: Reach = (-1.6, 0.5)
BIG: Reach = (-1.9, 0.8)
MIDDLE: Reach = (-0.95, -0.05)          # relations and operators, about the axis at -0.5

_GROUPS: dict[Reach, str] = {
    SMALL: r"\epsilon \omega \nu \tau \upsilon \kappa \iota \imath \varpi a c e m n o r s u v w x z"
           r" \alpha \sigma \pi",
    LOW: r"\eta \chi \rho \varsigma \jmath \varphi g p q y \gamma \mu",
    TALL: r"\delta \ell \partial \vartheta \hbar \Gamma \Lambda \Omega \Phi \Pi \Psi \Sigma"
          r" \Theta \Upsilon \Xi \nabla \aleph \# \& \% ? D J K O Q U W Z \emptyset \top \perp"
          r" \angle \triangle b d f h k l t i \dagger \backslash \Vdash \vdash \models",
    FULL: r"\psi \phi \xi \zeta \beta j | / \| \langle \rangle \lfloor \rfloor \lceil \rceil"
          r" \{ \} [ ] ( ) \uparrow \downarrow",
    BIG: r"\prod \sum \bigcup \bigcap \bigoplus \bigvee \bigwedge",
    (-2.2, 1.0): r"\int \iint \oint",
    MIDDLE: r"\approx \equiv \cong \sim \simeq \propto \ll \gg \subset \supset \subseteq \supseteq"
            r" \subsetneq \sqsubseteq \triangleleft \oplus \ominus \otimes \odot \cup \cap \wedge"
            r" \vee \mp \ni \in \notin \neg \bigcirc",
    (-1.3, 0.1): r"\triangleq",
    (-0.75, -0.25): r"\circ \bullet",
    (-0.9, -0.2): r"\star",
    (-1.6, -0.9): "*",
    (-0.8, 0.0): r"\therefore :",
    (-0.8, 0.3): ";",
    (-1.3, 0.2): r"\vdots \ddots",
    (0.05, 0.15): r"\_",
}
_REACH = {token: size for size, tokens in _GROUPS.items() for token in tokens.split()}

# Flat symbols, in x-heights of width: their height says nothing.
WIDTHS = {token: width for width, tokens in (
    (1.7, r"\rightarrow \leftarrow \leftrightarrow \Rightarrow \mapsto \hookrightarrow"
          r" \rightleftharpoons"),
    (2.3, r"\Leftrightarrow \longrightarrow \iff"),
    (1.1, r"\sim \approx \equiv \simeq \neg \ominus"),
    (1.0, r"\_ \hat \tilde \vec"),
    (1.4, r"\overline \underline"),
    (0.12, r"\dot"),
    (0.5, r"\ddot"),
) for token in tokens.split()}


def reach(token: str) -> Reach:
    r"""Top and bottom of a token on its line, in x-heights.

    >>> reach(r"\mathbb{R}"), reach(r"\omega")
    ((-1.6, 0.0), (-1.0, 0.0))
    """
    return _REACH.get(token, TALL if token[-1] == "}" or token.isupper() else MIDDLE)
