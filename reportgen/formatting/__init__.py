"""Numbers, dates and phrases as a US reader expects them. Each public function is a Jinja filter.

A filter takes a `Reading` (a fact and its specification) or a `FactList` and gives typed runs that remember the facts.
Nothing here knows a locale. A missing fact is printed as "n/a" with its reason by `value`; every other filter refuses
it, because prose must not speak about what is not known.
"""

from reportgen.formatting.dates import long_date as long_date
from reportgen.formatting.dates import short_date as short_date
from reportgen.formatting.details import as_of as as_of
from reportgen.formatting.details import detail_count as detail_count
from reportgen.formatting.details import detail_counted as detail_counted
from reportgen.formatting.details import detail_day as detail_day
from reportgen.formatting.details import detail_percent as detail_percent
from reportgen.formatting.details import detail_word as detail_word
from reportgen.formatting.details import interval as interval
from reportgen.formatting.details import interval_level as interval_level
from reportgen.formatting.details import interval_size as interval_size
from reportgen.formatting.details import over as over
from reportgen.formatting.details import parameter as parameter
from reportgen.formatting.details import recovery as recovery
from reportgen.formatting.details import span as span
from reportgen.formatting.details import window_end as window_end
from reportgen.formatting.details import window_start as window_start
from reportgen.formatting.lists import against as against
from reportgen.formatting.lists import each as each
from reportgen.formatting.lists import each_bracketed as each_bracketed
from reportgen.formatting.lists import each_over as each_over
from reportgen.formatting.lists import each_share as each_share
from reportgen.formatting.lists import each_yield as each_yield
from reportgen.formatting.lists import joined as joined
from reportgen.formatting.lists import largest as largest
from reportgen.formatting.lists import movers as movers
from reportgen.formatting.lists import names as names
from reportgen.formatting.lists import ranked as ranked
from reportgen.formatting.lists import returns_named as returns_named
from reportgen.formatting.lists import runners_up as runners_up
from reportgen.formatting.numbers import Scale as Scale
from reportgen.formatting.numbers import basis_points as basis_points
from reportgen.formatting.numbers import big_dollars as big_dollars
from reportgen.formatting.numbers import count as count
from reportgen.formatting.numbers import count_size as count_size
from reportgen.formatting.numbers import counted as counted
from reportgen.formatting.numbers import dollars as dollars
from reportgen.formatting.numbers import dollars_size as dollars_size
from reportgen.formatting.numbers import graded as graded
from reportgen.formatting.numbers import label as label
from reportgen.formatting.numbers import observations as observations
from reportgen.formatting.numbers import percent as percent
from reportgen.formatting.numbers import percent_size as percent_size
from reportgen.formatting.numbers import points as points
from reportgen.formatting.numbers import ratio as ratio
from reportgen.formatting.numbers import ratio_size as ratio_size
from reportgen.formatting.numbers import signed_basis_points as signed_basis_points
from reportgen.formatting.numbers import signed_dollars as signed_dollars
from reportgen.formatting.numbers import signed_percent as signed_percent
from reportgen.formatting.numbers import signed_points as signed_points
from reportgen.formatting.numbers import value as value
from reportgen.formatting.numbers import word as word
