"""Formulas as MathML, which browsers draw as they draw text: nothing is fetched, and what was typed stays beside it.

>>> typeset("if x < y")
Markup('if <math><semantics><mrow><mi>x</mi><mo>&lt;</mo><mi>y</mi></mrow>\
<annotation encoding="text/plain">x &lt; y</annotation></semantics></math>')
"""

from verify.pages.formula_parts import APPLIED, TIMES, Formula
from verify.pages.formulas import FormulaReader
from verify.pages.markup import Markup, element, escaped, joined

SIGNS = {"-": "−", TIMES: Markup("&#8290;"), APPLIED: Markup("&#8289;")}
"""How operators are written; those that are not seen are written by number."""


def typeset(text: str) -> Markup:
    """A text as HTML, with its formulas as MathML.

    >>> typeset("no formula & nothing else")
    Markup('no formula &amp; nothing else')
    """
    pieces, place = [], 0
    for start, end, formula in FormulaReader(text).formulas():
        pieces += [escaped(text[place:start]), math(formula, text[start:end])]
        place = end
    return joined([*pieces, escaped(text[place:])])


def said(text: str) -> Markup:
    """A sentence as HTML: what stands between backticks is code, and formulas elsewhere are typeset.

    >>> said("`a < b` if x")
    Markup('<code>a &lt; b</code> if <math><semantics><mi>x</mi>\
<annotation encoding="text/plain">x</annotation></semantics></math>')
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return typeset(text)
    return joined(element("code", part) if i % 2 else typeset(part) for i, part in enumerate(parts))


def math(formula: Formula, typed: str) -> Markup:
    """A formula as an element that has what was ``typed`` as its annotation: it is found by a search for it.

    >>> math(Formula("number", "2"), "2")
    Markup('<math><semantics><mn>2</mn><annotation encoding="text/plain">2</annotation></semantics></math>')
    """
    shown = element("semantics", written(formula), element("annotation", typed, encoding="text/plain"))
    return element("math", shown)


def written(formula: Formula) -> Markup:
    """A formula or a part of one in MathML.

    >>> written(Formula("power", "", (Formula("number", "2"), Formula("name", "k"))))
    Markup('<msup><mn>2</mn><mi>k</mi></msup>')
    """
    parts = [written(part) for part in formula.parts]
    match formula.kind:
        case "number":
            return element("mn", formula.text)
        case "name":
            return _name(formula)
        case "function":
            return element("mi", formula.text)
        case "operator" | "dots":
            return element("mo", SIGNS.get(formula.text, formula.text))
        case "group":
            fences = [element("mo", fence, stretchy="false") for fence in formula.text]
            return element("mrow", fences[0], *parts, fences[1])
        case "fraction":
            return element("mfrac", *parts)
        case "power":
            return element("msup", *parts)
        case "root":
            return element("msqrt", *parts)
    return element("mrow", *parts)


def _name(formula: Formula) -> Markup:
    letter = element("mi", formula.text)
    if not formula.parts:
        return letter
    index, primes = formula.parts
    if not primes.text:
        return element("msub", letter, written(index))
    mark = element("mo", primes.text)
    if index.text or index.parts:
        return element("msubsup", letter, written(index), mark)
    return element("msup", letter, mark)
