"""A gadget to play with: what the page needs to walk over Q, Q' or any fragment with rationals, and to say which
claims and which conditions of Lemma 11 hold.

The weights of Q, the conditions and the facts of the claims are handed over as terms, written by the constructions and
the claims themselves for variables. So the page evaluates their formulas and has none of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.activation import Activation
from constructions.foundations.network import Fragment
from constructions.foundations.terms import REAL, TruthTerm, variable
from constructions.networks.controls import activator
from constructions.networks.memory import Condition, conditions
from constructions.networks.queries import SETTINGS, Setting, levels_of, query_graph, too_few
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation
from verify.pages.lights import ANY_SETTING, RHO, light_of_digits, lights_of_lemma_11, written
from verify.pages.playing import Playable, start_of
from verify.pages.written_terms import TermWriter

MOST_DIGITS = 8
RATES = (1, 2)
LABELS = ((0, 1), (-1, 1))
SHAPE = "shape"
"""The group of conditions that hold of every graph that is built here."""
GAIN = variable("gain here", REAL)
EITHER = replace(ANY_SETTING, gain=GAIN, gain_prime=GAIN)
"""Q and Q' at once: the gain is that of v3 -> v4 in the graph in use."""


def gadget_data(
    fragments: Mapping[str, Playable], obligations: Mapping[str, Obligation] | None = None
) -> dict[str, Any]:
    """What the script is given, as JSON values.

    Parameters
    ----------
    fragments : further graphs to play with, by the name under which the page offers them.
    obligations : whose claims the lights are, by id; None for those of the paper.

    >>> data = gadget_data({})
    >>> data["settings"][0]["name"], len(data["graphs"]), sorted(data)
    ('as printed', 8, ['digits', 'fragments', 'graphs', 'held', 'lights', 'more', 'nodes', 'settings', 'sigma'])
    """
    terms, known = TermWriter(), paper_obligations() if obligations is None else obligations
    graphs = [query_graph(EITHER, rho=RHO, bits=bits) for bits in range(1, MOST_DIGITS + 1)]
    both = (False, True)
    return {
        "sigma": pieces_of(graphs[0].sigma),
        "settings": [_setting(each, terms) for each in SETTINGS.values()],
        "more": [terms.place(too_few(levels_of(bits), RHO)) for bits in range(MOST_DIGITS)],
        "graphs": [_graph(graph, bits, terms) for bits, graph in enumerate(graphs, 1)],
        "held": [terms.place(EITHER.pre_activation(RHO, prime=prime)) for prime in both],
        "lights": [
            [[written(each, terms) for each in lights_of_lemma_11(known, prime=q, labels=two)] for two in LABELS]
            for q in both
        ],
        "digits": [
            [written(light_of_digits(known, prime=q, bits=bits), terms) for bits in range(1, MOST_DIGITS + 1)]
            for q in both
        ],
        "fragments": [playable_data(name, each, terms) for name, each in fragments.items()],
        "nodes": terms.nodes,
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


def playable_data(name: str, made: Playable, terms: TermWriter) -> dict[str, Any]:
    """A graph to play with as JSON values, under a name; its weights and all else stand among the ``terms``.

    >>> terms = TermWriter()
    >>> data = playable_data("vc", Playable(fragment=activator(SETTINGS["strong"])), terms)
    >>> data["order"], [[u, v, terms.nodes[place]] for u, v, place in data["edges"]]
    (['bit', 'one', 'vc'], [['bit', 'vc', '7/8'], ['one', 'vc', '5/4']])
    """
    fragment = made.fragment
    kinds = {
        name: "truth" if isinstance(term, TruthTerm) else str(term.data[1]) for name, term in made.variables.items()
    }
    return {
        "name": name,
        "inputs": [[v, terms.place(made.inputs[v]) if v in made.inputs else None] for v in fragment.inputs],
        "outside": [[v, terms.place(value)] for v, value in made.outside.items()],
        "variables": [[v, kinds[v], start_of(v, term, made.starts)] for v, term in made.variables.items()],
        "light": written(made.light, terms) if made.light else None,
        "outputs": list(fragment.outputs),
        "constant": fragment.constant,
        "order": list(fragment.order),
        "edges": [[u, v, terms.place(weight)] for (u, v), weight in fragment.edges.items()],
        "sigma": pieces_of(fragment.sigma),
    }


def _setting(setting: Setting, terms: TermWriter) -> dict[str, Any]:
    return {
        "name": setting.name,
        "a": str(setting.resting),
        "gains": [str(setting.gain), str(setting.gain_prime)],
        "offset": str(setting.offset),
        "rate": str(setting.rate),
        "below": str(setting.rho_below),
        "share": str(setting.share / setting.resting),
        "control": list(map(str, setting.control)),
        "vc": playable_data(f"vc, {setting.name}", Playable(fragment=activator(setting)), terms),
    }


def _graph(graph: Fragment, bits: int, terms: TermWriter) -> dict[str, Any]:
    return {
        "order": list(graph.order),
        "edges": [[u, v, terms.place(weight)] for (u, v), weight in graph.edges.items()],
        "conditions": {
            rate: [
                _condition(each, terms)
                for each in conditions(graph, RHO, bits, rate=rate, offset=EITHER.offset)
                if each.group != SHAPE
            ]
            for rate in RATES
        },
    }


def _condition(condition: Condition, terms: TermWriter) -> list[Any]:
    bounds = [[relation, terms.place(bound)] for relation, bound in condition.bounds]
    return [condition.group, condition.name, condition.term, terms.place(condition.value), bounds]
