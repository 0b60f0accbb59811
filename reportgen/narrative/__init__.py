"""Stage 3: rules turn facts into typed statements, each with its evidence and verdict."""

from reportgen.narrative.comment import comment as comment
from reportgen.narrative.conditions import occurs as occurs
from reportgen.narrative.examples import check_examples as check_examples
from reportgen.narrative.explain import explain as explain
from reportgen.narrative.problems import Problem as Problem
from reportgen.narrative.rulebook import Rulebook as Rulebook
from reportgen.narrative.rulebook import rulebook as rulebook
from reportgen.narrative.rules import Rule as Rule
from reportgen.narrative.rules import load_rules as load_rules
from reportgen.narrative.rules import read_rules as read_rules
from reportgen.narrative.words import Words as Words
from reportgen.narrative.words import load_words as load_words
