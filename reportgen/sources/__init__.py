"""Stage 1: a request becomes a snapshot. Importing this package loads neither numpy's friends nor any reader."""

from reportgen.sources._base import PriceBasis as PriceBasis
from reportgen.sources._base import Progress as Progress
from reportgen.sources._base import Source as Source
from reportgen.sources._base import SourceName as SourceName
from reportgen.sources._base import checked_tickers as checked_tickers
from reportgen.sources._base import normalised_ticker as normalised_ticker
from reportgen.sources._base import open_source as open_source
from reportgen.sources._choice import sourced as sourced
