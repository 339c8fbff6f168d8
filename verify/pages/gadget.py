"""A gadget to play with: what the page needs to walk over Q, Q' or any fragment with rationals, and to say which
conditions of Lemma 11 hold.

The weights of Q and the conditions are handed over as terms, written by the constructions themselves for variable
precision, resting weight, gain and offset. So the page evaluates the formulas of the constructions and has none of its
own.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from constructions.foundations.activation import Activation
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, implies, select, within
from constructions.foundations.network import Fragment
from constructions.foundations.terms import REAL, variable
from constructions.networks.controls import activator
from constructions.networks.memory import Condition, absolute, conditions, contribution, path_gain
from constructions.networks.queries import SETTINGS, Setting, levels_of, query_graph, too_few
from verify.pages.written_terms import TermWriter

MOST_DIGITS = 8
RATES = (1, 2)
SHAPE = "shape"
"""The group of conditions that hold of every graph that is built here."""


def gadget_data(fragments: Mapping[str, Fragment]) -> dict[str, Any]:
    """What the script is given, as JSON values.

    Parameters
    ----------
    fragments : further graphs to play with, with rational weights, by the name under which the page offers them.

    >>> data = gadget_data({})
    >>> data["settings"][0]["name"], len(data["graphs"]), sorted(data)
    ('as printed', 8, ['facts', 'fragments', 'graphs', 'held', 'more', 'nodes', 'settings', 'sigma'])
    """
    written, any_setting = TermWriter(), _any_setting()
    rho = variable("rho", REAL)
    graphs = [query_graph(any_setting, rho=rho, bits=bits) for bits in range(1, MOST_DIGITS + 1)]
    return {
        "sigma": pieces_of(graphs[0].sigma),
        "settings": [_setting(each) for each in SETTINGS.values()],
        "more": [written.place(too_few(levels_of(bits), rho)) for bits in range(MOST_DIGITS)],
        "graphs": [_graph(graph, bits, written) for bits, graph in enumerate(graphs, 1)],
        "held": [written.place(any_setting.pre_activation(rho, prime=prime)) for prime in (False, True)],
        "facts": [[id, said, written.place(fact)] for id, said, fact in _facts(graphs[0])],
        "fragments": [fragment_data(name, each) for name, each in fragments.items()],
        "nodes": written.nodes,
    }


def pieces_of(sigma: Activation, *, written: Callable[[Fraction], str | float] = str) -> list[list[str | float | None]]:
    """Each piece of an activation from left to right: its end (None: no end), slope, intercept and name; numbers are
    ``written`` as texts, or as floating-point numbers.

    >>> from constructions.foundations.activation import RELU
    >>> pieces_of(RELU)
    [['0', '0', '0', '(-oo, 0)'], [None, '1', '0', '(0, oo)']]
    """
    return [
        [None if each.high is None else written(each.high), written(each.slope), written(each.intercept), str(each)]
        for each in sigma.pieces
    ]


def fragment_data(name: str, fragment: Fragment) -> dict[str, Any]:
    """A fragment with rational weights as JSON values, under a name.

    >>> made = fragment_data("vc", activator(SETTINGS["strong"]))
    >>> made["order"], made["edges"]
    (['bit', 'one', 'vc'], [['bit', 'vc', '7/8'], ['one', 'vc', '5/4']])
    """
    return {
        "name": name,
        "inputs": list(fragment.inputs),
        "outputs": list(fragment.outputs),
        "constant": fragment.constant,
        "order": list(fragment.order),
        "edges": [[u, v, str(weight)] for (u, v), weight in fragment.edges.items()],
        "sigma": pieces_of(fragment.sigma),
    }


def _any_setting() -> Setting:
    """Q with variables for its numbers; the gain is that of v3 -> v4 in the graph in use, Q or Q'."""
    gain, offset, resting = (variable(name, REAL) for name in ("gain", "offset", "a"))
    return Setting(
        name="any",
        resting=resting,
        gain=gain,
        gain_prime=gain,
        offset=offset,
        rate=variable("rate", REAL),
        share=Fraction(0),
        control=(Fraction(0), Fraction(0)),
        rho_below=Fraction(1),
    )


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "a": str(setting.resting),
        "gains": [str(setting.gain), str(setting.gain_prime)],
        "offset": str(setting.offset),
        "rate": str(setting.rate),
        "below": str(setting.rho_below),
        "share": str(setting.share / setting.resting),
        "vc": fragment_data(f"vc, {setting.name}", activator(setting)),
    }


def _graph(graph: Fragment, bits: int, written: TermWriter) -> dict[str, Any]:
    rho, offset = variable("rho", REAL), variable("offset", REAL)
    return {
        "order": list(graph.order),
        "edges": [[u, v, written.place(weight)] for (u, v), weight in graph.edges.items()],
        "conditions": {
            rate: [
                _condition(each, written)
                for each in conditions(graph, rho, bits, rate=rate, offset=offset)
                if each.group != SHAPE
            ]
            for rate in RATES
        },
    }


def _condition(condition: Condition, written: TermWriter) -> list[Any]:
    bounds = [[relation, written.place(bound)] for relation, bound in condition.bounds]
    return [condition.group, condition.name, condition.term, written.place(condition.value), bounds]


def _facts(graph: Fragment) -> list[tuple[str, str, Formula]]:
    """What Lemma 11 says, of what the script has found: the id of the claim, the sentence, and the formula."""
    names = ("rho", "rate", "offset", "a", "fm", "ft", "m", "read", "levels", "share", "kinks", "largest")
    rho, rate, offset, a, fm, ft, m, read, levels, share, kinks, largest = (variable(v, REAL) for v in names)
    idle, live, active, after, still = (variable(v, REAL) for v in ("idle", "live", "active", "after", "still"))
    gain, on_grid = absolute(path_gain(graph)), m * rho - rate * absolute(path_gain(graph)) * fm
    near: Number = rate * (offset * gain * ft + Fraction(3, 4)) * rho
    printed = within(read - fm / rho - 2 * ft, Fraction(3, 2))
    return [
        ("lemma3b.vc", "vc is strictly flat, whichever bit drives it", variable("driven", REAL) == 0),
        ("lemma11.idle", "an idle copy adds nothing to the output", idle == 0),
        ("lemma11.idle", "no edge of an idle copy has a gradient", live == 0),
        ("lemma11.active", "an active copy adds what its weights say", active == contribution(graph)),
        ("lemma3b.held", "what it adds is the share that its canceller takes off", absolute(active) == share * a),
        ("lemma11.active", "the loss has a derivative", kinks == 0),
        ("lemma11.active", "no sample's gradient of v0 → v1 is clipped", largest <= 1),
        ("lemma11.labels", "the weight of v0 → v1 does not fall", m >= 0),
        ("lemma11.record", "the record is not too low", on_grid >= -3 * rate * rho / 4),
        ("lemma11.record", "the record is not too high", on_grid <= near),
        ("lemma11.clock", "if the whole batch was active, the record is at least 1", implies(ft == 1, m >= 1)),
        ("lemma11.after", "after the step the idle copy is strictly flat", still == 0),
        ("lemma11.after", "after the step it adds nothing", after == 0),
        ("lemma11.digits", "the digits read the record, or all ones", read == select(m < levels, m, levels - 1)),
        (
            "lemma11.within",
            "as printed (false, E05): they read fm/ρ + 2 ft within 3/2",
            printed,
        ),
    ]
