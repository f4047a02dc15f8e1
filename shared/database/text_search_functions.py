r"""The functions by which texts become words to search by (`shared/database/text_search.py`), as migrations make them.

They use nothing of the database's locale, which differs from server to server, and nothing of its text search
configuration, whose parser takes `AP-500001` for a negative number. So a word is the same everywhere: in compatibility
decomposition (NFKD), without marks, in small letters. Characters of scripts that put no spaces between words (Han,
kana, Thai) are a word each.
"""

import unicodedata

from alembic import op

_MARKS = r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff"
_MARKS += r"\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f\u00ad\u200b-\u200f\u2060"
_BETWEEN = r"\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u05be\u05c0\u060c\u061b\u061f\u0964"
_BETWEEN += r"\u1680\u2000-\u206f\u20a0-\u20cf\u2100-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3007-\u303f\u30fb\ufe30-\ufe6f"
_ALONE = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Letters that have no decomposition, as those write who have no such key.
_SPELT = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_PLAIN = {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "\u0131": "i", "ŧ": "t", "ς": "\u03c3"}
# Of longer words the beginning is kept.
_WORDS = r"""
CREATE FUNCTION search_words(searched text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    folded text := lower(searched COLLATE "C");
BEGIN
    IF folded ~ '[^\u0001-\u007f]' THEN
        folded := regexp_replace(normalize(folded, NFKD), '[<MARKS>]+', '', 'g');
        folded := translate(lower(folded COLLATE "C"), '<CAPITALS>', '<SMALL>');
        folded := translate(<SPELT>, '<SPECIAL>', '<PLAIN>');
        folded := regexp_replace(folded, '([<ALONE>])', ' \1 ', 'g');
    END IF;
    folded := regexp_replace(folded, '[<BETWEEN>]+', ' ', 'g');
    RETURN ARRAY(
        SELECT DISTINCT left(word, 100) FROM unnest(string_to_array(folded, ' ')) AS word WHERE word <> ''
    );
END
$$"""
# What there is to search in.
_VECTOR = """
CREATE FUNCTION search_vector(VARIADIC searched text[]) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN array_to_tsvector(search_words(array_to_string(searched, ' ')));
END
$$"""
# What is searched for: beginnings of words, all of which must be there. A word holds neither quotes nor backslashes.
_QUERY = """
CREATE FUNCTION search_query(sought text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN (
        SELECT string_agg(format('%L:*', word), ' & ')::tsquery FROM unnest(search_words(sought)) AS word
    );
END
$$"""


def _capitals() -> tuple[str, str]:
    """Return all capitals that are not ASCII and have no decomposition, and their small letters."""
    characters = [chr(point) for point in range(0x80, 0x1F000) if not 0xD800 <= point < 0xE000]
    capitals = [
        each
        for each in characters
        if len(each.lower()) == 1 and each.lower() != each and unicodedata.normalize("NFKD", each) == each
    ]
    return "".join(capitals), "".join(each.lower() for each in capitals)


def create_text_search_functions() -> None:
    """Make the functions; call it in `upgrade` of a revision."""
    capitals, small = _capitals()
    spelt = "folded"
    for character, spelling in _SPELT.items():
        spelt = f"replace({spelt}, '{character}', '{spelling}')"
    parts = {"CAPITALS": capitals, "SMALL": small, "SPELT": spelt, "MARKS": _MARKS, "ALONE": _ALONE}
    parts |= {"SPECIAL": "".join(_PLAIN), "PLAIN": "".join(_PLAIN.values()), "BETWEEN": _BETWEEN}
    words = _WORDS
    for name, part in parts.items():
        words = words.replace(f"<{name}>", part)
    for function in (words, _VECTOR, _QUERY):
        op.get_bind().exec_driver_sql(function)


def create_search_index(name: str, table: str, *columns: str) -> None:
    """Make the index of the words in some columns of a table.

    The server keeps no statistics of it: they would hold words of people who are erased meanwhile.
    """
    op.execute(f"CREATE INDEX {name} ON {table} USING gin (search_vector({', '.join(columns)}))")
    op.execute(f"ALTER INDEX {name} ALTER COLUMN 1 SET STATISTICS 0")
