"""Formulas in plain text: which are found, what they become, and that no word of a text is lost."""

import re
from itertools import chain

import pytest

from tests.verify.pages.test_notes import NOTES
from tests.verify.pages.test_page import Reader as PageReader
from verify.obligations.errata import ERRATA
from verify.pages.formulas import FormulaReader
from verify.pages.markup import escaped
from verify.pages.mathml import typeset
from verify.pages.notes import notes_in
from verify.pages.prose import prose

SHOWN = re.compile(r"<math><semantics>.*?<annotation[^>]*>(.*?)</annotation></semantics></math>", re.DOTALL)


def found_in(text: str) -> list[str]:
    """What is taken for a formula."""
    return [text[start:end] for start, end, _ in FormulaReader(text).formulas()]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Let rho < 1/8, or b rho^2 = log n.", ["rho < 1/8", "b rho^2 = log n"]),
        ("the edges v0 -> v1 and v2' -> v3 (vc = 2)", ["v0 -> v1", "v2' -> v3", "vc = 2"]),
        ("(4^k - 1)/3 exp(-m tau^2/32) <= delta", ["(4^k - 1)/3 exp(-m tau^2/32) <= delta"]),
        ("k = ceil(log2(1/rho)) digits, x1, ..., xn", ["k = ceil(log2(1/rho))", "x1, ..., xn"]),
        ("in [-1, 1] or [0, 2^(i+1))", ["[-1, 1]", "[0, 2^(i+1))"]),
        ("adds 2 a g to v4 and -2 a g in Q'", ["2 a g", "v4", "-2 a g", "Q'"]),
        ("a step, a/2 of a 0/1 query, and/or, e.g. k-query x.py", ["a/2"]),
        ("Lemma 11 (a rho of 1/8) and Theorems 2a, 1d, E03, S7, 3.11", ["rho", "1/8"]),
        ("Theorem 2 - x is what it is - see I/O.", ["x"]),
        ("|g| >= 1, f(x) + 1 and G_(b+1) = G_b", ["|g| >= 1", "f(x) + 1", "G_(b+1) = G_b"]),
        ("a formula (2^k and more", ["2^k"]),
        ("x's place, Definition 2's n, c17.bench by z3", ["n"]),
        ("premises (c) and (l), at most f(x)", ["f(x)"]),
        ("c17", []),
        ("within 3/2 rho (1 rho), in 4 (k + 1) parts", ["3/2 rho", "1 rho", "4 (k + 1)"]),
    ],
)
def test_formulas_are_found_and_prose_is_left(text: str, found: list[str]) -> None:
    assert [each for each in found_in(text) if len(each) > 1 or each in "xn"] == found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "3 rho/(8g)",
            "<mn>3</mn><mo>&#8290;</mo><mfrac><mi>ρ</mi><mrow><mn>8</mn><mo>&#8290;</mo><mi>g</mi></mrow></mfrac>",
        ),
        ("-2^-k", "<mo>−</mo><msup><mn>2</mn><mrow><mo>−</mo><mi>k</mi></mrow></msup>"),
        ("v2'", "<msubsup><mi>v</mi><mn>2</mn><mo>′</mo></msubsup>"),
        ("floor(x/2)", '<mo stretchy="false">⌊</mo><mfrac><mi>x</mi><mn>2</mn></mfrac><mo stretchy="false">⌋</mo>'),
        ("sqrt(m)", "<msqrt><mi>m</mi></msqrt>"),
        ("fm <= ft", "<msub><mi>f</mi><mi>m</mi></msub><mo>≤</mo><msub><mi>f</mi><mi>t</mi></msub>"),
    ],
)
def test_formulas_are_set_as_they_are_meant(text: str, shown: str) -> None:
    assert shown in typeset(text) and typeset(text).endswith("</math>")


def test_no_word_of_the_notes_is_lost_and_thousands_of_formulas_are_found() -> None:
    errata = chain.from_iterable((each.wrong, each.repair) for each in ERRATA.values())
    texts = [*errata, *chain.from_iterable(text.splitlines() for text in notes_in(NOTES).values())]
    made = [typeset(text) for text in texts]
    assert [SHOWN.sub(r"\1", each) for each in made] == list(map(escaped, texts))
    assert sum(each.count("<math>") for each in made) > 3000
    assert not PageReader("".join(each for each in made)).open


def test_code_is_no_formula_and_markup_stays_text() -> None:
    made = prose("# On 2^k\n\n| a < b |\n|---|\n| `v0 -> v1`, <b> and *2^k* |\n")
    assert made.count("<math>") == 3 and "<code>v0 -&gt; v1</code>" in made and "&lt;b&gt;" in made
