"""Any text is shown printable and kept injectively, and stays as it is wherever it can."""

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest
import z3
from hypothesis import example, given
from hypothesis import strategies as st

from constructions.foundations.spelling import (
    SMT_WORDS,
    SURROGATE,
    XML,
    from_json_text,
    json_text,
    printable,
    read_name,
    smt_name,
    spelled,
    unspelled,
)

PARTS = [
    "\\",
    "{41}",
    "{10ffff}",
    "{110000}",
    "{",
    "{dce9}",
    "\udce9",
    "\ud800",
    "\x1b",
    "\n",
    "\r",
    " ",
    "(",
    "\u202e",
    "😀",
    "\ufffe",
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(PARTS)).map("".join), st.text(st.characters(codec=None, exclude_categories=()))
)
FORBIDDEN = {"json": SURROGATE, "xml": XML, "bench": rf"[\s(),=#]|{SURROGATE}", "aiger": rf"[\n\r]|{SURROGATE}"}


@given(TEXTS)
def test_a_text_is_printed_on_one_line_that_can_be_printed(text: str) -> None:
    assert printable(text).isprintable() and printable(printable(text)) == printable(text)
    assert printable(text) == text or not text.isprintable()


@pytest.mark.parametrize("but", FORBIDDEN.values(), ids=FORBIDDEN)
@given(text=TEXTS)
@example(text="\\\udce9")
@example(text="\\\\\\{e9}\\")
def test_a_text_is_spelled_without_what_is_forbidden_and_read_back(but: str, text: str) -> None:
    found = spelled(text, but=but)
    assert not re.search(but, found) and unspelled(found) == read_name(found, but=but) == text


@given(st.text(st.sampled_from("a\\ n\"'é😀<&")))
def test_a_text_that_a_format_can_hold_stays_as_it_is(text: str) -> None:
    assert spelled(text) == spelled(text, but=XML) == text


@given(TEXTS)
def test_what_is_spelled_for_xml_survives_an_element_and_an_attribute(text: str) -> None:
    element = ElementTree.Element("a", {"b": spelled(text, but=XML)})
    element.text = spelled(text, but=XML)
    read = ElementTree.fromstring(ElementTree.tostring(element))
    assert unspelled(read.get("b") or "") == unspelled(read.text or "") == text


@given(
    st.recursive(TEXTS | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)),
    st.booleans(),
)
def test_json_is_utf_8_or_ascii_without_lone_surrogates_and_read_back(value: object, ascii: bool) -> None:
    text = json_text(value, ascii=ascii)
    text.encode("ascii" if ascii else "utf-8")
    assert not re.search(SURROGATE, json.dumps(json.loads(text), ensure_ascii=False)) and from_json_text(text) == value


def test_json_with_ordinary_texts_is_what_json_makes_of_it() -> None:
    value = {"a\\b": ["é", "\x1b", 1, None], "C:\\xy": {}}
    assert json_text(value, indent=2) == json.dumps(value, indent=2, ensure_ascii=False)
    assert json_text(value, ascii=True, sort_keys=True) == json.dumps(value, sort_keys=True)


def test_many_backslashes_take_no_more_than_a_moment() -> None:
    for text in ("\\" * 10**6, "\\" * 10**6 + "\udce9", "\\{1}" * 10**5, "\\\udce9" * 10**5):
        assert unspelled(spelled(text)) == text


@given(TEXTS, TEXTS)
def test_variables_of_different_names_are_different_in_smt_lib(one: str, other: str) -> None:
    assert (smt_name(one) == smt_name(other)) == (one == other)
    assert smt_name(one).isprintable() and not set(smt_name(one)) & set("|\\")


@pytest.mark.parametrize(
    "name", [*SMT_WORDS.split(), "", "1", ".a", "@a", "a b", "a|b", "a\\b", "\x1b", "\udce9", "א", ";", '"', "%"]
)
def test_a_variable_can_be_declared_and_read_by_any_name(name: str) -> None:
    solver = z3.Solver()
    solver.add(z3.Real(smt_name(name)) > 0)
    (read,) = z3.parse_smt2_string(solver.to_smt2())
    assert z3.eq(read, z3.Real(smt_name(name)) > 0)
