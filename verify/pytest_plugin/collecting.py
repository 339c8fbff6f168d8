"""The nodes of pytest's tree: a file with obligations, its claims, their broken twins, and changes to the file.

A claim passes if its verdict is the expected one, so UNKNOWN and VACUOUS fail; its twin passes if it is refuted. Both
read one result, which is found when the first of them is run: from what earlier runs kept, by points at which
Hypothesis finds the claim to fail, or by its prover.

>>> from tempfile import TemporaryDirectory
>>> from unittest.mock import Mock
>>> text = '''
... from verify.obligations.obligation import obligation
... @obligation("my.square", paper="mine", of=lambda case: 0, twin=lambda case: 1)
... def is_no_less(least, case):
...     "A square is at least 0."
...     case.show("square", case.real("x") ** 2 >= least)
... '''
>>> with TemporaryDirectory() as folder:
...     place = Path(folder, "mine.py")
...     _ = place.write_text(text)
...     root = Mock(path=place.parent, nodeid="", config=Mock(rootpath=place.parent))
...     root.session.config = root.config
...     file = ObligationFile.from_parent(root, path=place)
...     square = file.chosen.obligations["my.square"]
...     file.is_kept(square)  # nothing was found of it in this run
...     ClaimItem.about(square, file).nodeid, TwinItem.about(square, file).nodeid
False
('mine.py::my.square', 'mine.py::my.square[twin]')
>>> RefusedItem.about("my.odd", "need a broken twin, got none", file).said
'need a broken twin, got none'
"""

import ast
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.discharge.resting import resting
from verify.discharge.result import Result
from verify.obligations.verdict import DisagreementError, Verdict
from verify.provers.outcome import SECONDS

with loaded_when_used(__name__):
    from verify.arguments import obligations
    from verify.discharge import cache as kept
    from verify.discharge import many
    from verify.mutation import campaign
    from verify.obligations import catalogue, user_file
    from verify.obligations import obligation as registered
    from verify.provers import second
    from verify.pytest_plugin import trying
    from verify.reports import mutation as mutants
    from verify.reports import one_obligation, table

PROPERTY = "querygrad"
"""The property of a report that says what was found, for the summary and for JUnit."""


class ClaimFailedError(Exception):
    """A claim, or its twin, is not what it is meant to be; the text is what a reader sees of it."""


class ObligationFile(pytest.File):
    """A file that registers obligations."""

    @cached_property
    def chosen(self) -> "obligations.Chosen":
        """The obligations of the file, with those of the paper that they need, and what of it is none; nothing at all
        of a file that registers nothing after all.

        Raises
        ------
        pytest.Collector.CollectError
            If the file cannot be loaded.
        """
        try:
            return obligations.choose([str(self.path)])
        except user_file.NoObligationsError:
            return obligations.Chosen()
        except (ConstructionError, DisagreementError) as error:
            raise self.CollectError(str(error)) from error

    @cached_property
    def _found(self) -> dict[str, Result]:
        return {}

    def collect(self) -> Iterator[pytest.Item]:
        """A node for each claim of the file, one for its broken twin, and one for the changes, if some are wanted."""
        for id in self.chosen.order:
            if id in self.chosen.files:
                yield ClaimItem.about(self.chosen.obligations[id], self)
                if self.chosen.obligations[id].twin is not None:
                    yield TwinItem.about(self.chosen.obligations[id], self)
            elif id in self.chosen.errors:
                yield RefusedItem.about(id, _said(self.chosen.errors[id]), self)
        if self.config.getoption("querygrad_mutate"):
            yield MutantsItem.from_parent(self, name="changes")

    def found_of(self, obligation: "registered.Obligation") -> Result:
        """What was found of an obligation and its twin, in this run or in an earlier one; worth no more than what it
        needs, which is examined too."""
        if obligation.id not in self._found:
            needs = catalogue.needed([obligation.id], self.chosen.obligations)
            new = self._examined([self.chosen.obligations[id] for id in needs if id not in self._found])
            known = {**self._found, **{each.id: each for each in new}}
            self._found |= {each.id: each for each in resting(list(known.values()))}
        return self._found[obligation.id]

    def _examined(self, wanted: "Sequence[registered.Obligation]") -> list[Result]:
        options = self.config.option
        solver = options.querygrad_second and second.second_solver(options.querygrad_second, seconds=SECONDS)
        return many.run(
            wanted,
            files=self.chosen.files,
            jobs=1,
            fresh=options.querygrad_fresh,
            seconds=options.querygrad_seconds or SECONDS,
            second=solver or None,
            cache=self._cache,
        )

    @cached_property
    def _cache(self) -> "kept.Cache":
        return kept.Cache.open()

    def is_kept(self, obligation: "registered.Obligation") -> bool:
        """Whether a result of an earlier run is at hand, so that nothing has to be found."""
        if self.config.option.querygrad_fresh or obligation.id in self._found:
            return obligation.id in self._found
        seconds = self.config.option.querygrad_seconds or SECONDS
        key = self._cache.key(obligation, seconds, self.chosen.files[obligation.id])
        return self._cache.get(key, obligation.id) is not None


def _said(result: Result) -> str:
    assert result.error is not None
    return result.error.said


class SaidPlainly(pytest.Item):
    """A node whose failures are said in words, without a traceback."""

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """What a reader sees of a failure, whose exception ``excinfo`` has: the claim in full, with the values at which
        it fails; of an exception of any other kind what pytest shows, in its ``style``."""
        if isinstance(excinfo.value, ClaimFailedError | ConstructionError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


class ObligationItem(SaidPlainly):
    """A node that passes or fails with what was found of one obligation."""

    parent: ObligationFile
    obligation: "registered.Obligation"
    mark, form = "", "{}"

    @classmethod
    def about(cls, obligation: "registered.Obligation", file: ObligationFile) -> Self:
        """The node of an obligation, below its ``file``."""
        node = cls.from_parent(file, name=cls.form.format(obligation.id))
        node.obligation = obligation
        node.add_marker(cls.mark)
        return node

    def runtest(self) -> None:
        """Examine what the node is about.

        Raises
        ------
        ClaimFailedError
            If it is not what it is meant to be.
        """
        self._examine()

    @abstractmethod
    def _examine(self) -> None:
        """Raise ClaimFailedError if the claim, or its twin, is not what it is meant to be."""

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file and the line (from 0) where the claim is stated, and the name of the node."""
        code = getattr(self.obligation.claim, "__code__", None)
        here = code is not None and Path(code.co_filename) == self.path
        line = code.co_firstlineno - 1 if code is not None and here else None
        return self.path, line, f"obligation {self.name}"

    def say(self, word: str, given: tuple[str, ...] = ()) -> None:
        """Put a verdict, one ``word``, and what it is ``given`` where JUnit and the summary find it, with the place.

        >>> from types import SimpleNamespace
        >>> place = Path("mine.py")
        >>> item = SimpleNamespace(path=place, user_properties=[], reportinfo=lambda: (place, 6, "my.square"))
        >>> ObligationItem.say(item, "PROVED")
        >>> dict(item.user_properties)
        {'querygrad': 'PROVED', 'given': '', 'file': 'mine.py', 'line': '7'}
        """
        _, line, _ = self.reportinfo()
        self.user_properties += [
            (PROPERTY, word),
            ("given", ", ".join(given)),
            ("file", str(self.path)),
            ("line", "" if line is None else str(line + 1)),
        ]


class ClaimItem(ObligationItem):
    """A claim, which is to have the verdict that is expected of it."""

    mark = "querygrad_claim"

    def _examine(self) -> None:
        tries = self.config.option.querygrad_tries
        if tries and not self.parent.is_kept(self.obligation):
            with self.parent.chosen.home(self.obligation.id):
                point = trying.point_of_failure(self.obligation, tries)
            if point is not None:
                found = trying.refuted(self.obligation, point)
                self.say(found.word)
                raise ClaimFailedError(f"{self._told(found)}\nFound by Hypothesis, before the solver was asked.")
        found = self.parent.found_of(self.obligation)
        self.say(found.word, found.given)
        if found.error is not None or found.verdict is not found.due:
            raise ClaimFailedError(self._told(found))

    def _told(self, found: Result) -> str:
        with self.parent.chosen.home(self.obligation.id):
            full = one_obligation.describe(self.obligation, found).rstrip("\n")
        return f"{found.word}, and {found.due.name} was expected: {found.statement}\n\n{full}"


class TwinItem(ObligationItem):
    """The broken twin of a claim, which is to be refuted: else the claim says too little."""

    mark, form = "querygrad_twin", "{}[twin]"

    def _examine(self) -> None:
        found = self.parent.found_of(self.obligation)
        self.say("no verdict" if found.twin_verdict is None else f"twin {found.twin_verdict.name}")
        if found.twin_verdict is not Verdict.REFUTED:
            verdict = "no verdict" if found.twin_verdict is None else found.twin_verdict.name
            got = _said(found) if found.error else "\n".join(table.surviving([found]))
            raise ClaimFailedError(got or f"need a twin that is refuted, got {verdict}, at {found.id}")


class RefusedItem(pytest.Item):
    """What was to be an obligation of the file and is none."""

    said = ""

    @classmethod
    def about(cls, name: str, said: str, file: ObligationFile) -> Self:
        """The node of this name, below its ``file``, and what is said of it."""
        node = cls.from_parent(file, name=name)
        node.said = said
        return node

    def runtest(self) -> None:
        """Fail, with what is wrong with it."""
        raise ConstructionError(self.said)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The one line that says what is wrong; ``excinfo`` and ``style`` say no more."""
        return self.said

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file, no line, and the name of the node."""
        return self.path, None, f"obligation {self.name}"


class MutantsItem(SaidPlainly):
    """Small changes to the file, each of which some claim is to notice."""

    def runtest(self) -> None:
        """Try as many changes as were asked for.

        Raises
        ------
        ClaimFailedError
            If no claim notices one of them.
        """
        options = self.config.option
        how = campaign.How(
            most=options.querygrad_mutate,
            jobs=1,
            fresh=options.querygrad_fresh,
            seconds=options.querygrad_seconds or SECONDS,
            quiet=True,
        )
        found = campaign.campaign_of(str(self.path), how)
        if found.score.survived:
            raise ClaimFailedError("\n".join(mutants.survivors(found)))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file, no line, and the name of the node."""
        return self.path, None, f"changes to {self.path.name}"


class TestsBeside(pytest.Module):
    """The tests in the usual sense that stand in a file of obligations. Its claims are handed to no registry: they are
    collected by themselves."""

    def _getobj(self) -> Any:
        with registered.fresh_registry(lenient=True):
            return super()._getobj()  # type: ignore[no-untyped-call]


class Nothing(pytest.Module):
    """Stands for a file of obligations that has no other tests: pytest need not import it as a module."""

    def collect(self) -> list[Any]:
        """Nothing."""
        return []


def has_tests(text: str) -> bool:
    """Whether a module of this text has functions or classes that pytest takes for tests; a text that is no Python has.

    >>> has_tests("def test_it(): pass"), has_tests("def claim(subject, case): pass"), has_tests("class (")
    (True, False, True)
    """
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return True
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(isinstance(each, kinds) and each.name.lower().startswith("test") for each in body)


def kind_beside(text: str) -> type[pytest.Module]:
    """The kind of node that stands for a file of obligations, of this text, beside its claims.

    >>> [kind_beside(text).__name__ for text in ("def test_it(): pass", "def claim(subject, case): pass")]
    ['TestsBeside', 'Nothing']
    """
    return TestsBeside if has_tests(text) else Nothing
