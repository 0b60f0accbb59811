"""reportgen writes the article an analyst would write when asked "fund A or fund B?", from data, by rules."""

__version__ = "0.1.0"
