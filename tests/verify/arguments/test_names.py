"""The names that help and usage errors know without loading anything are those of the tables."""

from constructions.computation.built_in_learners import LEARNERS
from constructions.computation.formats.files import WRITERS
from constructions.learning.gradient_learners import DESCENT_LEARNERS
from constructions.networks.network_file import SUFFIX
from constructions.networks.queries import SETTINGS
from constructions.strip.given_away import ROUNDED
from constructions.theorems.choices import ORACLES, PROBLEMS
from constructions.theorems.options import FORMS
from constructions.theorems.pipeline import EXTRACTS, WAYS
from constructions.training.adversaries import NAMED
from constructions.training.by_fractions import ENGINES, RATIONALS
from constructions.training.exactness import FLOATS, INTEGERS
from constructions.training.run import EVERY
from verify.arguments import names
from verify.arguments.training import NUMBERS
from verify.arguments.values import SETTING_WORDS, setting_named
from verify.commands.compile import FAILS


def test_the_names_of_the_command_line_are_those_of_the_tables() -> None:
    assert tuple(LEARNERS) == names.LEARNERS
    assert tuple(DESCENT_LEARNERS) == names.DESCENTS
    assert tuple(PROBLEMS) == names.PROBLEMS
    assert tuple(ORACLES) == names.ORACLES
    assert names.EXTRACTS == EXTRACTS and names.WAYS == WAYS
    assert names.FORMS == FORMS
    assert tuple(ROUNDED) == names.ROUNDED
    assert tuple(NAMED) == names.ADVERSARIES
    assert tuple(ENGINES) == names.ENGINES
    assert tuple(WRITERS) == names.CIRCUITS
    assert (names.NETWORK, names.BETWEEN_CHECKPOINTS) == (SUFFIX, EVERY)


def test_settings_and_number_systems_are_found_where_the_command_line_says() -> None:
    assert [setting_named(word).name for word in SETTING_WORDS] == list(SETTINGS)
    assert [getattr(*place) for place in NUMBERS.values()] == [FLOATS, INTEGERS, RATIONALS]
    assert set(FAILS) <= set(SETTINGS)
