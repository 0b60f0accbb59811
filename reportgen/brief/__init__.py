"""A weekly brief: several comparisons, one cover over all of them, what changed, and what to watch.

1 gather    every comparison is loaded and measured; one that fails is held, by name and reason
2 write     every comparison becomes an article, whose typed text the gate reads
3 remember  the issue before is found, what changed since then is told, conditions stated earlier are scored
4 compose   cover, articles and one appendix become one model, the kind that every renderer and the gate know
5 render    the brief becomes files
6 check     the gate clears the files or holds them
7 deliver   cleared files replace the former ones; `run.json` is written last
"""

from reportgen.brief.make import STEPS as STEPS
from reportgen.brief.make import BriefJob as BriefJob
from reportgen.brief.make import Outcome as Outcome
from reportgen.brief.make import Telling as Telling
from reportgen.brief.make import run as run
