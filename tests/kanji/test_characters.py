"""The list of characters."""

from tegashiki.kanji import characters as c


def test_the_list_is_that_of_etl9():
    assert (len(c.HIRAGANA), len(c.KANJI), len(c.ETL9)) == (71, 2965, 3036)
    assert (c.KANJI[0], c.KANJI[-1]) == ("亜", "腕")
    assert (c.HIRAGANA[0], c.HIRAGANA[-1]) == ("あ", "ん")
    assert len(set(c.CHARACTERS)) == len(c.CHARACTERS) == 3036 + 75


def test_every_code_comes_back():
    for character in c.ETL9:
        high, low = character.encode("euc_jp")
        assert c.from_jis((high & 0x7F) << 8 | (low & 0x7F)) == character


def test_a_small_kana_stands_for_the_large_one():
    assert {c.canonical(small) for small in c.SMALL} <= set(c.CHARACTERS)
    assert len(c.HIRAGANA46) == 46


def test_look_alikes_are_one_group():
    assert c.group("ロ") == c.group("口") != c.group("回")
    assert c.group("ッ") == c.group("ツ")
    for first, second in c.LOOK_ALIKES:
        assert c.group(first) == c.group(second)
