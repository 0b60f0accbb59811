"""Writes the weekdays on which the New York Stock Exchange is closed, as exchange_calendars knows them.

    python tools/closures.py > reportgen/closures.txt

Run it when a newer exchange_calendars tells of other days; a test compares the two.
"""

from __future__ import annotations

import exchange_calendars
import numpy as np

from reportgen.calendar import BLOCK, EXCHANGE


def main() -> None:
    first, last = (np.datetime64(f"{year}-{day}", "D") for year, day in zip(BLOCK, ("01-01", "12-31"), strict=True))
    calendar = exchange_calendars.get_calendar(EXCHANGE, start=str(first), end=str(last))
    sessions = calendar.sessions.to_numpy().astype("datetime64[D]")
    days = np.arange(first, last + 1)
    weekdays = days[np.is_busday(days)]
    print(f"# Weekdays without a session, {first} to {last}, by exchange_calendars {exchange_calendars.__version__}.")
    print("\n".join(np.setdiff1d(weekdays, sessions).astype(str)))


if __name__ == "__main__":
    main()
