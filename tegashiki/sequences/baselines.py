"""What a network has to beat: forecasts, text models and taggers without any network.

    ngram = NGram(order=5); ngram.learn(train); print(ngram.bits(test))     # bits a character
    tagger = MostFrequentTag(sentences); tagger("watch")
    line = Autoregression(series, lags=2); line.forecast(series, 100)

numpy and the standard library only; each takes seconds where its network takes minutes.
"""

import gzip
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np


class Autoregression:
    """The next value as a linear function of the `lags` last ones, by ridge regression."""

    def __init__(self, series: np.ndarray, lags: int | Sequence[int], ridge: float = 1e-9) -> None:
        """`lags`: how many, or which, 1 is the last value. `ridge`: relative to the variance."""
        self.lags = np.arange(1, lags + 1) if np.isscalar(lags) else np.array(lags)
        x, y = self._rows(series), series[self.lags.max():]
        centre, level = x.mean(0), y.mean()
        x, y = x - centre, y - level
        penalty = ridge * np.var(series) * len(y) * np.eye(len(self.lags))
        # w = (X'X + penalty)^-1 X'y, for values that have their mean taken off
        self.weights = np.linalg.solve(x.T @ x + penalty, x.T @ y)
        self.intercept = float(level - centre @ self.weights)

    def one_step(self, series: np.ndarray) -> np.ndarray:
        """Forecasts of series[max(lags):], each from the true values before it."""
        return self.intercept + self._rows(series) @ self.weights

    def forecast(self, history: np.ndarray, steps: int) -> np.ndarray:
        """`steps` values after the history, each from forecasts before it."""
        values = list(history)
        for _ in range(steps):
            recent = np.array([values[-lag] for lag in self.lags])
            values.append(self.intercept + float(recent @ self.weights))
        return np.array(values[len(history):])

    def _rows(self, series: np.ndarray) -> np.ndarray:
        longest = self.lags.max()
        return np.stack([series[longest - lag: len(series) - lag] for lag in self.lags], axis=1)


class NGram:
    """Characters by the ones before, all orders mixed after Witten and Bell (1991).

    P_k(c | h) = (n(h c) + d(h) P_{k-1}(c | shorter h)) / (n(h) + d(h)), where d(h) counts the
    distinct characters seen after h; below order 0 all characters are equally likely.
    """

    def __init__(self, order: int, alphabet: int = 256) -> None:
        """`order`: how many characters before; `alphabet`: how many there are."""
        self.order, self.alphabet = order, alphabet
        self._after: dict[str, Counter[str]] = defaultdict(Counter)

    def learn(self, text: str) -> None:
        """Count the text."""
        for k in range(self.order + 1):
            for i in range(k, len(text)):
                self._after[text[i - k: i]][text[i]] += 1

    def bits(self, text: str, before: str = "") -> float:
        """Bits a character of `text` that follows `before`, with counts as they were learned.

        >>> ngram = NGram(order=1, alphabet=2); ngram.learn("abababab")
        >>> round(ngram.bits("abab", before="b"), 3)
        0.172
        """
        both, total = before + text, 0.0
        for i in range(len(before), len(both)):
            p = 1 / self.alphabet
            for k in range(min(self.order, i) + 1):
                seen = self._after.get(both[i - k: i])
                if seen is None:
                    break
                distinct = len(seen)
                p = (seen[both[i]] + distinct * p) / (seen.total() + distinct)
            total -= np.log2(p)
        return float(total) / len(text)


def compressed_bits(train: str, test: str, method: str) -> float:
    """Bits a character that `gzip` or `xz` adds for `test` after it has compressed `train`."""
    def size(text: str) -> int:
        content = text.encode()
        if method == "gzip":
            return len(gzip.compress(content, 9, mtime=0))
        return len(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))

    return 8 * (size(train + test) - size(train)) / len(test)


class LogisticRegression:
    """Which of two classes, from the words that occur: no order, no repetition."""

    def __init__(self, sentences: Sequence[Sequence[str]], labels: Sequence[int],
                 penalty: float = 1e-3, steps: int = 300) -> None:
        """Fit by Adam on all examples at once; `penalty` on the squared weights."""
        words = Counter(word for sentence in sentences for word in set(sentence))
        self.index = {word: i for i, word in enumerate(sorted(words))}
        x, y = self._bags(sentences), np.array(labels, np.float32)
        self.weights, self.bias = np.zeros(len(self.index), np.float32), 0.0
        first, second = np.zeros(len(self.index) + 1), np.zeros(len(self.index) + 1)
        for step in range(1, steps + 1):
            wrong = self._probability(x) - y                          # (n,)
            slope = np.append(x.T @ wrong / len(y) + penalty * self.weights, wrong.mean())
            first += 0.1 * (slope - first)
            second += 0.01 * (slope**2 - second)
            move = 0.1 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
            self.weights -= move[:-1].astype(np.float32)
            self.bias -= float(move[-1])

    def predict(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """0 or 1 for each sentence, int (n,). Words that it never met do not count."""
        return (self._probability(self._bags(sentences)) > 0.5).astype(int)

    def _bags(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        bags = np.zeros((len(sentences), len(self.index)), np.float32)
        for row, sentence in enumerate(sentences):
            bags[row, [self.index[word] for word in sentence if word in self.index]] = 1
        return bags

    def _probability(self, bags: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-np.clip(bags @ self.weights + self.bias, -30, 30)))


class MostFrequentTag:
    """The tag that a word had most often; an unknown one gets its ending's, or the commonest."""

    def __init__(self, sentences: Iterable[Sequence[tuple[str, str]]], endings: int = 0) -> None:
        """`endings`: up to how many last letters say what an unknown word may be; 0: none do."""
        self.endings = endings
        words: dict[str, Counter[str]] = defaultdict(Counter)
        ends: dict[str, Counter[str]] = defaultdict(Counter)
        for sentence in sentences:
            for word, tag in sentence:
                words[word][tag] += 1
                for n in range(endings + 1):
                    ends[word[-n:] if n else ""][tag] += 1
        self._words = {word: tags.most_common(1)[0][0] for word, tags in words.items()}
        self._ends = {end: tags.most_common(1)[0][0] for end, tags in ends.items()}

    def __call__(self, word: str) -> str:
        """The tag of a word.

        >>> MostFrequentTag([[("a", "DT"), ("walking", "VBG")]], endings=3)("running")
        'VBG'
        """
        if word in self._words:
            return self._words[word]
        ends = (word[-n:] if n else "" for n in range(self.endings, -1, -1))
        return next(self._ends[end] for end in ends if end in self._ends)
