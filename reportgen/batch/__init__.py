"""Many articles at once: a list of comparisons, read and measured once, made by several processes or machines.

Local and cluster runs share all of it but one object, the `Crew`, which offers the standard executor interface.
"""

from reportgen.batch._cluster import ClusterCrew as ClusterCrew
from reportgen.batch._crew import Crew as Crew
from reportgen.batch._crew import LocalCrew as LocalCrew
from reportgen.batch._done import Done as Done
from reportgen.batch._done import Progress as Progress
from reportgen.batch._done import Summary as Summary
from reportgen.batch._drive import drive as drive
from reportgen.batch._order import Order as Order
from reportgen.batch._pairs import Pair as Pair
from reportgen.batch._pairs import read_pairs as read_pairs
from reportgen.batch._stock import stock as stock
