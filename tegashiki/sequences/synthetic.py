"""Made-up counterparts of the public texts and series, so that every notebook runs anywhere.

    rng = np.random.default_rng(0)
    reviews(rng, 3); tagged_files(rng, 1); load(rng, days=7)

They keep what makes the real ones hard: reviews repeat each other, words have several tags, use of
electricity has days, weeks, weather and noise. Running text is the documentation that comes with
Python itself, because text with invented grammar has no surprises.
"""

import numpy as np

QUARTERS = 96   # values a day

_FILMS = ("the last tram", "paper moon rising", "a quiet harbour", "nine lanterns", "iron orchard")
_GOOD = ("wonderful", "awesome", "lovely", "brilliant", "moving", "funny")
_BAD = ("terrible", "boring", "awful", "dull", "stupid", "clumsy")
_SAYS = {1: ("i love {f}", "i really like {f}", "{f} is {g}", "{f} was so {g}", "what a {g} film",
             "{f} is not {b} at all", "i thought it would be {b} but {f} is {g}"),
         0: ("i hate {f}", "{f} sucks", "{f} is {b}", "{f} was so {b}", "what a {b} film",
             "{f} is not {g} at all", "i thought it would be {g} but {f} is {b}")}
_WHO = ("", "", "", "my sister says ", "honestly , ", "as everyone knows , ", "well , ")
_ENDS = (" .", " !", "", " ...", " , if you ask me .")


def topics_text(rng: np.random.Generator) -> str:
    """Python's own documentation topics, about 600,000 characters, in random order."""
    from pydoc_data.topics import topics

    names = sorted(topics)
    return "\n".join(topics[name] for name in rng.permutation(names))


def reviews(rng: np.random.Generator, count: int) -> list[tuple[int, str]]:
    """`count` of (liked, sentence): short praise and abuse of invented films, which repeats.

    One in fifty has the wrong label, as where people label.
    """
    made = []
    for _ in range(count):
        liked = int(rng.random() < 0.56)
        # Like what people write about famous films, few patterns and films make up most of it.
        says = _SAYS[liked][min(int(rng.geometric(0.3)) - 1, len(_SAYS[liked]) - 1)]
        film = _FILMS[min(int(rng.geometric(0.4)) - 1, len(_FILMS) - 1)]
        words = says.format(f=film, g=rng.choice(_GOOD), b=rng.choice(_BAD))
        label = 1 - liked if rng.random() < 0.02 else liked
        made.append((label, f"{rng.choice(_WHO)}{words}{rng.choice(_ENDS)}"))
    return made


# Words that can be two things stand under both; which it is follows from the words around.
_CLOSED = {"DT": ("the", "a", "this", "every", "that"), "PRP": ("she", "he", "they", "we"),
           "MD": ("will", "can", "may", "must"), "IN": ("in", "of", "with", "on", "that", "like"),
           "CC": ("and", "or", "but"), "TO": ("to",), ".": (".", "?"), ",": (",",)}
_OPEN = {"NN": ("can", "run", "light", "watch", "play", "book", "tram", "garden", "plan", "fish"),
         "VB": ("run", "light", "watch", "play", "book", "plan", "fish", "like", "open", "find"),
         "JJ": ("light", "open", "old", "quiet", "like-minded", "late", "second")}
_ENDINGS = {"NN": ("ment", "tion", "er"), "VB": ("ify", "ize"), "JJ": ("ful", "ous", "ish"),
            "RB": ("ly",), "NNS": ("ments", "tions", "ers"), "VBG": ("ifying", "izing"),
            "VBD": ("ified", "ized"), "NNP": ("burg", "ton", "sen")}
_PHRASES = (("DT", "NN"), ("DT", "JJ", "NN"), ("NNP",), ("PRP",), ("DT", "NNS"), ("NNP", "NNP"),
            ("DT", "NN", "IN", "DT", "NN"))
_VERBS = (("MD", "VB"), ("VBD",), ("MD", "RB", "VB"), ("VBD", "TO", "VB"), ("MD", "VB", "VBG"))


def tagged_files(rng: np.random.Generator, count: int) -> dict[str, list[list[tuple[str, str]]]]:
    """`count` files of 20 sentences of (word, tag), with words that have several tags.

    Each file has names and technical terms of its own, as newspaper articles have.
    """
    return {f"made_{number:04d}": _article(rng) for number in range(count)}


def _article(rng: np.random.Generator) -> list[list[tuple[str, str]]]:
    own = {tag: [_coin(rng, tag) for _ in range(6)] for tag in _ENDINGS}
    return [_sentence(rng, own) for _ in range(20)]


def _sentence(rng: np.random.Generator, own: dict[str, list[str]]) -> list[tuple[str, str]]:
    pick = lambda options: options[rng.integers(len(options))]   # noqa: E731
    tags = [*pick(_PHRASES), *pick(_VERBS), *pick(_PHRASES)]
    if rng.random() < 0.4:
        tags += [",", "CC", *pick(_PHRASES), *pick(_VERBS)]
    words = []
    for tag in [*tags, "."]:
        common = _CLOSED.get(tag) or _OPEN.get(tag)
        known = common and (tag in _CLOSED or rng.random() < 0.6)
        words.append((pick(common if known else own[tag]), tag))
    first, tag = words[0]
    return [(first[0].upper() + first[1:], tag), *words[1:]]


def _coin(rng: np.random.Generator, tag: str) -> str:
    """A new word whose ending suits the tag."""
    stem = "".join(rng.choice(list("bdfglmnprst")) + rng.choice(list("aeiou"))
                   for _ in range(rng.integers(1, 3)))
    word = stem + str(rng.choice(list("lmnrst"))) + str(rng.choice(_ENDINGS[tag]))
    return word.capitalize() if tag == "NNP" else word


def load(rng: np.random.Generator, days: int) -> np.ndarray:
    """Electricity use of an invented office, kW, float64 (96 * days,).

    Two humps a day, less at weekends, weather that drifts for days, and noise that lasts an hour.
    """
    t = np.arange(days * QUARTERS) / QUARTERS                        # days
    hour = 24 * (t % 1)
    humps = np.exp(-((hour - 11) / 3) ** 2) + 0.8 * np.exp(-((hour - 18) / 2) ** 2)
    weekend = np.where(t.astype(int) % 7 >= 5, 0.45, 1.0)
    weather = _smooth(rng, len(t), 2 * QUARTERS) * 6
    noise = _smooth(rng, len(t), 4) * 3
    return 40 + 55 * humps * weekend + weather + noise


def _smooth(rng: np.random.Generator, n: int, steps: float) -> np.ndarray:
    """An autoregression of order 1 and variance 1 that forgets within `steps` values."""
    keep = np.exp(-1 / steps)
    shocks = rng.normal(0, np.sqrt(1 - keep**2), n)
    values = np.zeros(n)
    for i in range(1, n):
        values[i] = keep * values[i - 1] + shocks[i]
    return values
