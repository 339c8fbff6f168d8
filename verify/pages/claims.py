"""One claim on the page: a line that can be opened, with what it says, what became of it, and what it rests on."""

import re
import urllib.parse
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from constructions.errors import ConstructionError
from verify.discharge.result import Result
from verify.discharge.seen import never_seen_to_fail
from verify.drawing.by_layers import by_layers
from verify.drawing.fragment import ShownFragment
from verify.drawing.view import View
from verify.obligations.errata import erratum_named
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import Verdict
from verify.pages.markup import Markup, Piece, anchor, element, joined, place
from verify.pages.mathml import said
from verify.pages.packed import Packed
from verify.pages.pictures import picture
from verify.pages.verdicts import badge
from verify.provers.outcome import Examination
from verify.replay.witness import replay_of
from verify.reports.table import values
from verify.reports.tree import in_words
from verify.reports.troubles import place_of

LONGEST = 600
MOST_FACTS = 60
MOST_BROKEN = 12
NOT_EXPECTED = "(not as expected)"
MOST_DRAWN = 40
"""A gadget with more vertices is not drawn on the page."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that the page may speak of: the ``results`` and the ``obligations``, by id.

    ``scores`` has, by item, how many mutants are noticed, in words; ``notes`` the paths of the notes on the page;
    ``source`` is an address under which the files of the project can be read, if there is one.
    ``home`` gives, for an id, a context in which its claim can be stated: there a user's file finds its own modules.
    """

    results: Mapping[str, Result]
    obligations: Mapping[str, Obligation] = field(default_factory=dict)
    home: Callable[[str], AbstractContextManager[None]] = lambda id: nullcontext()
    scores: Mapping[str, str] = field(default_factory=dict)
    notes: Collection[str] = ()
    source: str = ""

    def link(self, id: str) -> Piece:
        """An id, as a link if the page has the claim.

        >>> Known({}).link("a.b")
        'a.b'
        """
        return element("a", id, href=anchor("o", id)) if id in self.results else id

    def place(self, path: str, line: int = 0) -> Piece:
        """A place, a ``line`` of the file at a ``path`` or all of it, as a link if files can be read somewhere.

        >>> Known({}, source="https://a.b/tree/").place("c.py", 7)
        Markup('<a href="https://a.b/tree/c.py#L7">c.py:7</a>')
        >>> Known({}).place("c.py")
        Markup('<code>c.py</code>')
        """
        shown, at = (f"{path}:{line}", f"#L{line}") if line else (path, "")
        if not self.source or path.startswith(("/", "..")):
            return element("code", shown)
        return element("a", shown, href=f"{self.source.rstrip('/')}/{urllib.parse.quote(path)}{at}")


def claim_of(result: Result, known: Known, packed: Packed | None = None) -> Markup:
    """The part of the page about a claim.

    Parameters
    ----------
    result : what became of it. known : what else the page has. packed : where all but its first line is packed, if it
        is.

    >>> from fractions import Fraction
    >>> refuted = Examination(verdict=Verdict.REFUTED, counterexample={"x": Fraction(1, 2)}, failing=("low",))
    >>> found = Result(id="mine.low", paper="mine", statement="x < y.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...                claim=refuted)
    >>> made = claim_of(found, Known({"mine.low": found}))
    >>> 'id="o-mine.low"' in made, "x &lt; y" in made, "x=1/2" in made
    (True, True, True)
    """
    good = result.as_expected
    sign = badge(result.word, good=good, seen=not never_seen_to_fail(result))
    words = statement_of(result.statement, packed)
    odd: Piece = "" if good else joined([" ", element("strong", NOT_EXPECTED)])
    head = element("summary", sign, " ", element("code", result.id), odd, " ", words)
    rows = [row for row in _rows(result, known) if row]
    body = element("dl", *rows)
    shown = body if packed is None else packed.put(body)
    return element("details", head, shown, class_="claim" if good else "claim odd", id=place("o", result.id))


def statement_of(text: str, packed: Packed | None = None) -> Markup:
    """A ``text`` with its formulas typeset; if they are ``packed``, it stands as it was typed until then.

    >>> statement_of("It is `y`.")
    Markup('<span class="said">It is <code>y</code>.</span>')
    >>> statement_of("If x < y.", Packed())
    Markup('<span class="said" data-packed="0">If x &lt; y.</span>')
    """
    words = said(text)
    if packed is not None and "<math" in words:
        return packed.within(words, instead=text.replace("`", ""), class_="said")
    return element("span", words, class_="said")


def _rows(result: Result, known: Known) -> list[Markup]:
    expected = "" if result.verdict is result.due else f" (expected {result.due.name})"
    path, line = place_of(known.obligations[result.id].claim) if result.id in known.obligations else ("", 0)
    return [
        _row("expected", expected and result.due.name),
        _row("error", result.error.said if result.error else ""),
        _row("paper", result.paper),
        _row("errata", _erratum(result)),
        _row("proved by", f"{result.prover}, {result.seconds:.1f} s"),
        _row("finite case", result.finite or ""),
        _row("given", ", ".join(result.given)),
        _row("uses", _uses(result, known)),
        _row("rests in prose on", joined(map(known.link, result.needs), ", ") if result.needs else ""),
        _row("facts", facts_of(result)),
        _row("holds at", _cut(values(result.claim.witness)) if result.claim and result.claim.witness else ""),
        *counterexample_of(result, known),
        _row("broken twin", _twin(result)),
        _row("stated in", known.place(path, line) if path else ""),
    ]


def _row(name: str, value: Piece) -> Markup:
    return joined([element("dt", name), element("dd", value)]) if value else Markup("")


def _erratum(result: Result) -> Piece:
    id = result.erratum or ""
    return element("a", id, href=anchor("e", id)) if erratum_named(id) is not None else id


def _uses(result: Result, known: Known) -> Piece:
    uses = () if result.claim is None else result.claim.uses
    lines = [element("li", known.link(use.id), _cut(in_words(use).removeprefix(use.id))) for use in uses]
    return element("ul", *lines) if lines else ""


def facts_of(result: Result) -> Piece:
    """The facts of a claim by what became of them.

    >>> from verify.provers.outcome import FactFinding
    >>> facts = (FactFinding("low", Verdict.PROVED), FactFinding("high", Verdict.PROVED))
    >>> made = facts_of(Result(id="a.b", paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED,
    ...                        needs=(), claim=Examination(verdict=Verdict.PROVED, facts=facts)))
    >>> made
    Markup('<span class="v PROVED">✔ PROVED</span> low; high<br>never seen to fail: low; high')
    """
    groups: dict[str, list[str]] = {}
    for fact in result.facts[:MOST_FACTS]:
        groups.setdefault(fact.verdict.name, []).append(f"{fact.label} ({fact.reason})" if fact.reason else fact.label)
    lines = [joined([badge(word), " ", joined(map(said, labels), "; ")]) for word, labels in groups.items()]
    unseen = never_seen_to_fail(result)
    if unseen:
        more_unseen = f" and {len(unseen) - MOST_FACTS} more" if len(unseen) > MOST_FACTS else ""
        lines.append(joined(["never seen to fail: ", joined(map(said, unseen[:MOST_FACTS]), "; "), more_unseen]))
    more = len(result.facts) - MOST_FACTS
    return joined([*lines, *([f"and {more} more"] if more > 0 else [])], "<br>") if lines else ""


def counterexample_of(result: Result, known: Known) -> list[Markup]:
    """Where a claim fails, and the gadget there with the first vertex that leaves its piece; nothing if it does not
    fail.

    >>> counterexample_of(Result(id="a.b", paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED,
    ...                          needs=()), Known({}))
    []
    """
    claim = result.claim
    if claim is None or claim.counterexample is None:
        return []
    return [*failing_of(claim), _row("drawn there", drawn_of(result, known))]


def failing_of(claim: Examination) -> list[Markup]:
    """Where a claim fails and what fails there, in words.

    >>> found = Examination(verdict=Verdict.REFUTED, counterexample={"x": 2}, failing=("low",))
    >>> failing_of(found)[0]
    Markup('<dt>fails at</dt><dd>x=2</dd>')
    """
    leaves = f"{claim.leaves} in the walk {claim.leaves.walk!r}" if claim.leaves else ""
    return [
        _row("fails at", _cut(values(claim.counterexample or {}))),
        _row("what fails", joined(map(said, claim.failing), "; ")),
        _row("first vertex off its piece", leaves),
    ]


def drawn_of(result: Result, known: Known) -> Piece:
    """The walk with the vertex that leaves its piece; if none does, the one of which the first failing fact speaks,
    with the vertices that it names. Nothing if the claim does not fail, or walks over no graph that is small enough.

    >>> drawn_of(Result(id="a.b", paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED, needs=()),
    ...          Known({}))
    ''
    """
    claim, obligation = result.claim, known.obligations.get(result.id)
    if obligation is None or claim is None or claim.counterexample is None:
        return ""
    try:
        with known.home(result.id):
            scenes = replay_of(obligation, obligation.of, claim.counterexample).scenes
    except (ArithmeticError, ConstructionError):
        return ""
    fits = [scene for scene in scenes if len(scene.run.fragment.order) <= MOST_DRAWN]
    leaves, first = claim.leaves, (claim.failing or ("",))[0]
    if leaves is not None:
        fits = [scene for scene in fits if scene.label == leaves.walk]
    else:
        fits.sort(key=lambda scene: not first.startswith((f"{scene.label}:", f"{scene.label},")))
    if not fits:
        return ""
    view = marked_where(
        ShownFragment(title="", fragment=fits[0].run.fragment, run=fits[0].run).view, claim, fits[0].label
    )
    off = f"; {leaves.vertex} is off its piece" if leaves is not None else ""
    return picture(view, by_layers(view), label=f"the walk {fits[0].label} of {result.id} at its counterexample{off}")


def marked_where(view: View, claim: Examination, walk: str) -> View:
    """A view of a walk in which the first vertex that leaves its piece there stands out (ink ``fails``); if no vertex
    of any walk does, the vertices that the first failing fact of the walk names (ink ``named``).

    Parameters
    ----------
    view : of the walk. claim : what was found of the claim. walk : the label of the walk.

    >>> from verify.drawing.view import Vertex
    >>> view = View(title="", vertices=(Vertex(name="v3"), Vertex(name="v3'")), wires=())
    >>> found = Examination(verdict=Verdict.REFUTED, failing=("on: v3' adds its share",))
    >>> [vertex.lines for vertex in marked_where(view, found, "on").vertices]
    [(), ('IN WHAT FAILS',)]
    """
    if claim.leaves is not None:
        named = {claim.leaves.vertex} if claim.leaves.walk == walk else set()
        line, ink = "FAILS HERE", "fails"
    else:
        facts = [fact for fact in claim.failing if fact.startswith((f"{walk}:", f"{walk},"))] or [*claim.failing, ""]
        named = set(re.findall(r"[\w.\[\]]+'*", facts[0].removeprefix(walk)))
        line, ink = "IN WHAT FAILS", "named"
    vertices = (
        replace(each, lines=(*each.lines, line), ink=ink) if each.name in named else each for each in view.vertices
    )
    return replace(view, vertices=tuple(vertices))


def _twin(result: Result) -> Piece:
    twin = result.twin
    if twin is None:
        return ""
    at = f" at {_cut(values(twin.counterexample))}" if twin.counterexample else ""
    failing = joined(map(said, twin.failing[:MOST_BROKEN]), "; ")
    more = f" and {len(twin.failing) - MOST_BROKEN} more" if len(twin.failing) > MOST_BROKEN else ""
    if twin.verdict is not Verdict.REFUTED:
        return joined([element("strong", f"{twin.verdict.name}, and not REFUTED: "), "the check may be empty."])
    return joined([badge(twin.verdict.name), at, ": " if failing else "", failing, more])


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


def tree_of(id: str, known: Known, shown: set[str] | None = None) -> Markup:
    """What a claim rests on, down to the leaves, as nested lists; what was shown before is named only.

    Parameters
    ----------
    id : the claim. known : what the page has. shown : the claims that were shown in full before.

    >>> found = Result(id="a.b", paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...                claim=Examination(verdict=Verdict.PROVED), given=("markov",))
    >>> "a.b" in tree_of("a.b", Known({"a.b": found})), "<ul>" in tree_of("a.b", Known({"a.b": found}))
    (True, False)
    """
    shown = set() if shown is None else shown
    result = known.results.get(id)
    if result is None:
        return joined([id, " (not examined)"])
    by = f" {result.prover}, {result.seconds:.1f} s"
    line = joined([badge(result.word, good=result.as_expected), " ", known.link(id), by])
    if id in shown:
        return joined([line, " (as above)"])
    shown.add(id)
    below: Sequence[Markup] = [element("li", tree_of(use, known, shown)) for use in result.uses]
    ends = [element("li", f"given {name}") for name in result.principles]
    ends += [element("li", "in prose: ", known.link(need)) for need in result.needs]
    return joined([line, element("ul", *below, *ends)]) if below or ends else line
