"""The query graphs of Definition 2, as mended, meet `is_memory`; Q' as printed does not.

Proved here: ``memory.meets``, condition by condition, for every precision rho and resting weight of a setting.
"""

from collections.abc import Callable
from dataclasses import replace

from constructions.networks.memory import (
    conditions,
)
from constructions.networks.queries import MINIMAL, PRINTED, STRONG, Setting, query_graph
from verify.claims.networks.memory.active import register
from verify.claims.networks.queries.copies import CopyOfSetting, general_copy, names
from verify.obligations.case import Case
from verify.obligations.verdict import Verdict


def meets(subject: tuple[CopyOfSetting, int], case: Case) -> None:
    """For every precision rho and every resting weight that its setting allows, the query graph meets each condition of
    the predicate `is_memory`."""
    made, bits = subject
    for condition in conditions(made.graph, made.rho, bits, rate=int(made.setting.rate), offset=made.setting.offset):
        case.show(f"{condition.group}: {condition.name}", condition.holds)


def _template(
    setting: Setting, prime: bool, bits: int, *, closed: bool = False
) -> Callable[[Case], tuple[CopyOfSetting, int]]:
    """A query graph with so many digits, at every rho below its setting's bound (or up to it: the twin's)."""
    build = general_copy(setting, prime, closed=closed)

    def rebuild(case: Case) -> tuple[CopyOfSetting, int]:
        made = build(case)
        graph = query_graph(made.setting, rho=made.rho, bits=bits, prime=prime)
        case.assume(2**bits * made.rho >= 1 if bits else True)
        return replace(made, graph=graph), bits

    return rebuild


for _setting in (MINIMAL, STRONG):
    for _prime in (False, True):
        register(
            f"memory.meets.{names(_setting, _prime)}",
            meets,
            of=_template(_setting, _prime, 0),
            twin=_template(_setting, _prime, 0, closed=True),
        )
        register(
            f"memory.meets.{names(_setting, _prime)}.digits",
            meets,
            of=_template(_setting, _prime, 4),
            finite="4 digits",
            expect=Verdict.CHECKED,
            twin=_template(_setting, _prime, 4, closed=True),
            needs=("lemma11.digits.built", "memory.deviation"),
        )


register("memory.meets.printed.q'", meets, of=_template(PRINTED, True, 0), expect=Verdict.REFUTED, erratum="E03")
