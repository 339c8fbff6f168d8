"""How a text is shown and kept, whatever is in it: names come from files, from the system and from a user's own code.

A text may hold control characters, marks that turn the direction of writing, and lone surrogates (Python's stand-ins
for bytes of a file name that are not UTF-8). *Printable* is what a screen or picture shows: every such character by a
visible escape such as ``\\x1b``. *Spelled* is what a format keeps that cannot hold some characters: these by their
numbers, as ``\\{1b}``, and the backslashes that stand before such an escape, or before something that looks like one,
doubled. So different texts stay different, :func:`unspelled` takes every one back, and a text that the format can hold
and that has no such look stays as it is.
"""

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

SURROGATE = r"[\ud800-\udfff]"
XML = r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""What XML 1.0 cannot hold, and the carriage return, which its readers turn into a newline."""
LOOK = r"\{(?:10[0-9a-f]{4}|[0-9a-f]{1,5})\}"
SMT_WORDS = """
    ! * + - / < <= = => > >= BINARY DECIMAL HEXADECIMAL NUMERAL STRING _ abs and arccos arcsin arctan as assert
    check-sat check-sat-assuming cos declare-const declare-datatype declare-datatypes declare-fun declare-sort
    define-fun define-fun-rec define-funs-rec define-sort distinct div divisible echo exists exit exp false
    forall get-assertions get-assignment get-info get-model get-option get-proof get-unsat-assumptions
    get-unsat-core get-value is_int ite let match mod not or par pi pop push real.pi reset reset-assertions
    root-obj select set-info set-logic set-option sin sqrt store tan to_int to_real true xor arccot arccsc
    arcsec concat cot csc extract fp iand int2bv int_to_bv lambda repeat rotate_left rotate_right sbv_to_int sec
    sign_extend to_fp ubv_to_int zero_extend
"""
"""The words of SMT-LIB and of its theories of numbers, and what solvers add to them."""
_ESCAPE = re.compile(rf"(?<!\\)(\\++)({LOOK})")
_SUSPECT = re.compile(rf"{SURROGATE}|\\\\{LOOK}")


def printable(text: str) -> str:
    """The text on one line of characters that can be printed; what cannot is shown by its escape.

    >>> print(printable("a\\x1b[31m\\tb"), printable("caf\\udce9.py"), printable("\\u05d0\\u202e"))
    a\\x1b[31m\\tb caf\\udce9.py \u05d0\\u202e
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def in_digits(value: Fraction | float, form: str) -> str:
    """A number (``value``) in the decimal form that Python means by ``form``, also where no float is as large or small.

    >>> in_digits(Fraction(1, 3), ".3g"), in_digits(10**400, ".3g"), in_digits(Fraction(4**600, 3), ".4e")
    ('0.333', '1.00e+400', '5.7395e+360')
    """
    try:
        about = float(value)
    except OverflowError:
        about = 0.0
    if about or not value:
        return format(about, form)
    number = Fraction(value)
    return format(Decimal(number.numerator) / Decimal(number.denominator), form)


def spelled(text: str, *, but: str = SURROGATE) -> str:
    """The text without the characters that the regular expression ``but`` matches (default: lone surrogates).

    >>> print(spelled("caf\\udce9"), spelled(r"a\\b \\{}"), spelled(r"a\\{1b}"), spelled("a b", but=" "))
    caf\\{dce9} a\\b \\{} a\\\\{1b} a\\{20}b
    """
    found = re.sub(rf"(?<!\\)(\\++)(?={LOOK}|{but})", r"\1\1", text)
    return re.sub(but, lambda match: _escape(match[0]), found)


def unspelled(text: str) -> str:
    """The text that :func:`spelled` was given.

    >>> [unspelled(spelled(text)) == text for text in ("caf\\udce9", "\\\\{dce9}", "\\\\\\udce9", "\\\\\\\\{41}")]
    [True, True, True, True]
    """
    return _ESCAPE.sub(_plain, text)


def read_name(text: str, *, but: str) -> str:
    """The name for which a file of ours has this text; the text itself if no name of ours is spelled so.

    >>> print(ascii(read_name("caf\\\\{dce9}", but=SURROGATE)), read_name("\\\\{41}", but=SURROGATE))
    'caf\\udce9' \\{41}
    """
    found = unspelled(text)
    return found if spelled(found, but=but) == text else text


def smt_name(name: str) -> str:
    """What a variable is called in SMT-LIB, between bars if need be.

    What not every solver takes in a symbol, the percent sign, the first letter of a word of the language, and a digit,
    dot or @ at the beginning are written by their numbers; different names stay different.

    >>> [smt_name(name) for name in ("rho", "a b", "a|b%", "true", "", "1", "\u05d0")]
    ['rho', 'a b', 'a%7c;b%25;', '%74;rue', '%;', '%31;', '%5d0;']
    """
    found = [char if " " <= char <= "~" and char not in "%|\\" else f"%{ord(char):x};" for char in name]
    if name in SMT_WORDS.split() or name[:1] in set("0123456789.@") or name.startswith("bv"):
        found[0] = f"%{ord(name[0]):x};"
    return "".join(found) or "%;"


def json_text(
    value: Any,
    *,
    ascii: bool = False,
    indent: int | None = None,
    sort_keys: bool = False,
    separators: tuple[str, str] | None = None,
) -> str:
    """A value as JSON text without lone surrogates: texts, keys among them, are spelled.

    Parameters
    ----------
    ascii : whether all other characters are spelled, too. indent, sort_keys, separators : as in ``json.dumps``.

    >>> print(json_text({"caf\\udce9": ["\\u05d0"]}), json_text("\\u05d0", ascii=True))
    {"caf\\\\{dce9}": ["\u05d0"]} "\\u05d0"
    """
    options: dict[str, Any] = {"indent": indent, "sort_keys": sort_keys, "separators": separators}
    text = json.dumps(value, ensure_ascii=False, **options)
    suspect = bool(_SUSPECT.search(text))
    return json.dumps(_within(value, spelled), ensure_ascii=ascii, **options) if ascii or suspect else text


def from_json_text(text: str | bytes) -> Any:
    """The value of which :func:`json_text` made a text.

    >>> text = json_text({"caf\\udce9": 1})
    >>> print(text, ascii(from_json_text(text)))
    {"caf\\\\{dce9}": 1} {'caf\\udce9': 1}
    """
    return _within(json.loads(text), unspelled)


def object_of(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON text from its ``pairs`` of a key and a value: for ``json.loads``, which else takes the last
    of several values of a key without a word.

    Raises
    ------
    ValueError
        For a key that stands there twice.

    >>> json.loads('{"a": 1, "b": 2}', object_pairs_hook=object_of)
    {'a': 1, 'b': 2}
    >>> json.loads('{"a": 1, "a": 2}', object_pairs_hook=object_of)
    Traceback (most recent call last):
    ValueError: a key twice in an object of 2
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"a key twice in an object of {len(pairs)}")
    return found


def _within(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(key) if isinstance(key, str) else key: _within(found, change) for key, found in value.items()}
    return [_within(found, change) for found in value] if isinstance(value, list | tuple) else value


def _escape(char: str) -> str:
    return f"\\{{{ord(char):x}}}"


def _plain(match: re.Match[str]) -> str:
    count, body = len(match[1]), match[2]
    return "\\" * (count // 2) + (chr(int(body[1:-1], 16)) if count % 2 else body)


def one_line(message: object) -> str:
    """A message without line breaks, also of an object that has none.

    >>> one_line("need a file,\\n  got none")
    'need a file, got none'
    """
    try:
        return " ".join(str(message).split())
    except Exception:
        return f"a {type(message).__name__} that has no words for itself"
