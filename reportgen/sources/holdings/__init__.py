"""Holdings files of the issuers. Each reader says from a file's content whether it is the right one."""

from reportgen.sources.holdings._lines import HoldingsFile as HoldingsFile
from reportgen.sources.holdings._read import read_holdings as read_holdings
