"""Stage 2: a snapshot becomes facts (every number, or the reason it is missing) and series (every curve)."""

from reportgen.metrics._assemble import measure as measure
from reportgen.metrics._catalogue import catalogue as catalogue
from reportgen.metrics._catalogue import with_differences as with_differences
from reportgen.metrics._shelf import Shelf as Shelf
