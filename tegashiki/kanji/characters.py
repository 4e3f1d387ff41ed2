"""The characters that are told apart, and which of them look alike.

    len(ETL9), len(CHARACTERS)          # 3036, 3111
    INDEX["字"]                          # its place in CHARACTERS
    canonical("っ")                      # "つ": the size of a character is context, not shape

ETL9 holds the 71 hiragana of JIS X 0208 row 4 without the small ones and without ゐ and ゑ, and the
2,965 kanji of JIS level 1 (rows 16 to 47), in the order of the code. The 75 katakana that follow
are not in ETL9; they are here because people write them, and because they are what kanji and
hiragana are mistaken for. The tables come from Python's own codec; nothing is typed off.
"""

SMALL = dict(
    zip(
        "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ",
        "あいうえおつやゆよわアイウエオツヤユヨワカケ",
        strict=True,
    )
)
RARE = "ゐゑ"  # not in ETL9

# Pairs that one writer tells apart by context only: a hook, a size, a place in the line.
LOOK_ALIKES = tuple("へヘ べベ ぺペ りリ 口ロ 二ニ 八ハ 工エ 夕タ 力カ 一ー 卜ト 三ミ 千チ".split())


def from_jis(code: int) -> str:
    """The character of a JIS X 0208 code such as 0x2422. Raises ValueError if there is none.

    >>> from_jis(0x2422), from_jis(0x3021)
    ('あ', '亜')
    """
    high, low = code >> 8, code & 0xFF
    if not (0x21 <= high <= 0x7E and 0x21 <= low <= 0x7E):
        raise ValueError(f"0x{code:04X} is no JIS X 0208 code")
    # EUC-JP is JIS X 0208 with the top bit of each byte set.
    return bytes((high | 0x80, low | 0x80)).decode("euc_jp")


def _rows(first: int, last: int) -> list[str]:
    """Every character of the rows of 94, in order; empty places are left out."""
    found = []
    for row in range(first, last + 1):
        for cell in range(1, 95):
            try:
                found.append(from_jis((row + 0x20) << 8 | (cell + 0x20)))
            except UnicodeDecodeError:
                continue
    return found


HIRAGANA = tuple(c for c in _rows(4, 4) if c not in SMALL and c not in RARE)  # 71
KANJI = tuple(_rows(16, 47))  # 2,965
KATAKANA = (*(c for c in _rows(5, 5) if c not in SMALL), "ー")  # 75
ETL9 = HIRAGANA + KANJI  # 3,036
CHARACTERS = ETL9 + KATAKANA  # 3,111
INDEX = {character: index for index, character in enumerate(CHARACTERS)}
HIRAGANA46 = tuple(
    c for c in HIRAGANA if c not in "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽ"
)


def canonical(character: str) -> str:
    """The character that stands for it here: a small kana is read as its large sister.

    >>> canonical("ッ"), canonical("字")
    ('ツ', '字')
    """
    return SMALL.get(character, character)


def group(character: str) -> str:
    """One name for all that look alike without context.

    >>> group("ロ") == group("口")
    True
    """
    return _GROUPS.get(canonical(character), canonical(character))


_GROUPS = {character: pair[0] for pair in LOOK_ALIKES for character in pair}
