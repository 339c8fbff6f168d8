"""What a pipeline is: named stages with their exact numbers, the simulation that they amount to, and its variants
beside the paper's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from constructions.errors import PremiseError
from constructions.foundations.exact import rational, whole
from constructions.learning.binomial import Strays
from constructions.learning.models import Budget, Method, QueryMethod, SampleMethod, Simulation, State
from constructions.learning.problems import Bits, Source
from constructions.reductions.one_bit import VERSIONS
from constructions.reductions.sample_extract import Extraction

FULL, STEP, NOISY = "full", "step", "noisy"
EXTRACTS = (*VERSIONS, FULL)
WAYS = (*EXTRACTS, STEP, NOISY)
Words = dict[Bits, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class TheoremSetting:
    """The parameters of a theorem.

    Parameters
    ----------
    n : bits of x. b : points in a batch. m : samples of the given method.
    tau : how far an answer may be from its mean. delta : how much loss may be added.
    extract : how samples are extracted, a name among ``WAYS``.
    alternating : whether each round asks about one label only.
    rho : the precision of gradients; None if there are none, or the theorem is to choose it.

    Raises
    ------
    ConstructionError
        For a number out of range.
    PremiseError
        Unless delta > 0, tau >= 0 and rho > 0.

    >>> TheoremSetting(n=8, b=4, m=20, tau=Fraction(1, 16), delta=Fraction(1, 20)).extract
    'prefix'
    """

    n: int
    b: int
    m: int
    tau: Fraction
    delta: Fraction
    extract: str = VERSIONS["prefix"].name
    alternating: bool = False
    rho: Fraction | None = None

    def __post_init__(self) -> None:
        whole(self.n, where="bits")
        whole(self.b, where="batch", least=1)
        whole(self.m, where="samples")
        if rational(self.delta, where="delta") <= 0:
            raise PremiseError(f"need delta > 0, got delta = {self.delta}")
        if rational(self.tau, where="tau") < 0:
            raise PremiseError(f"need tau >= 0, got tau = {self.tau}")
        if self.rho is not None and rational(self.rho, where="rho") <= 0:
            raise PremiseError(f"need rho > 0, got rho = {self.rho}")
        if self.extract not in WAYS:
            raise PremiseError(f"need an extraction among {', '.join(WAYS)}, got {self.extract!r}")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what it does, what it rests on, its numbers by name, and (``because``) how one of them comes about."""

    name: str
    rests: str
    does: str
    numbers: tuple[tuple[str, Fraction | int], ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way, called by a ``name``, to the same end: its budget, the rounds that a sample is expected to take at most,
    and ``delta``, what is given up in error.

    Without a budget the variant cannot be had; ``note`` says why.
    """

    name: str
    budget: Budget | None
    rounds: Fraction | None = None
    delta: Fraction | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Repeated:
    """How Theorem 2d and Lemma 2 ask: each query ``q`` times, or (``by_label``) each of its halves."""

    q: int
    by_label: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A theorem for given parameters: a method A and the method A' that does the same.

    Parameters
    ----------
    item : what the paper calls the theorem. stages : what A' does, step by step, with the numbers of each step.
    simulation : the reduction that makes A' from A. given : A. made : A'.
    variants : the budgets of other ways to the same end, beside the paper's. assumes : what is assumed unproved.
    finished : whether a state of A' asks no more, so that the rounds to come can be left out.
    complete : whether A' got all it wanted when its rounds were over (it had all samples, say).
    exact : the expected rounds of each sample, from the masses of the words of a source; None if A' extracts no
        samples.
    bound : the most that these can be. late : the most that the chance can be that A' runs out of rounds.
    extraction, repeated : what A' does, as plain values, if it extracts samples in fresh batches, or averages answers;
        from these many runs are measured at once.
    strays : how likely it is that the mean of a query over a batch strays, on a source; None if A' draws what A draws.
    counted : whether the batches of A are so large that they are drawn as counts over the points.
    replaces : whether A' learns from a sample of which points are replaced, so that its error is not bounded by A's.
    """

    item: str
    stages: tuple[Stage, ...]
    simulation: Simulation[Method, Method]
    given: Method
    made: Method
    variants: tuple[Variant, ...]
    assumes: tuple[str, ...] = ()
    finished: Callable[[State], bool] = field(default=lambda state: False)
    complete: Callable[[State], bool] = field(default=lambda state: True)
    exact: Callable[[Words], Fraction] | None = None
    bound: Fraction | None = None
    late: Fraction = Fraction(0)
    extraction: Extraction | None = None
    repeated: Repeated | None = None
    strays: Callable[[Source], Strays] | None = None
    counted: bool = False
    replaces: bool = False

    @property
    def oracle_bound(self) -> bool:
        """Whether the error of A depends on who answers its queries, or rounds its gradients."""
        return not isinstance(self.given, SampleMethod)

    @property
    def samples(self) -> int:
        """The samples for each of which rounds are counted: those of A, if A' is to extract them.

        >>> from constructions.theorems.registry import THEOREMS
        >>> setting = TheoremSetting(n=2, b=2, m=3, tau=Fraction(1, 8), delta=Fraction(1, 4))
        >>> THEOREMS["theorem 2a"].pipeline(setting, "parity").samples
        3
        """
        extracts = isinstance(self.made, QueryMethod) and isinstance(self.given, SampleMethod)
        return self.given.budget.m if extracts else 0  # type: ignore[union-attr]


def extraction_of(setting: TheoremSetting, version: str, *, alternating: bool) -> Extraction:
    """The parameters of Theorem 2a, or of Lemma 1 if it is ``alternating``, in one version, with a setting's
    numbers.

    >>> setting = TheoremSetting(n=8, b=4, m=20, tau=Fraction(1, 16), delta=Fraction(1, 20))
    >>> how = extraction_of(setting, "look", alternating=True)
    >>> how.n, how.b, how.version.name, how.alternating
    (8, 4, 'look', True)
    """
    return Extraction(
        n=setting.n,
        b=setting.b,
        tau=setting.tau,
        delta=setting.delta,
        version=VERSIONS[version],
        alternating=alternating,
    )
