"""The mail store: subscribers, issues and who was sent what, in SQLite or PostgreSQL.

Nothing above this package writes SQL. `open_store` opens or upgrades a store; functions of the modules `subscribers`,
`suppression`, `issues` and `outbox` are given one of its transactions.
"""

from reportgen.delivery.store._open import Store, open_store
from reportgen.delivery.store.tables import VERSION

__all__ = ["VERSION", "Store", "open_store"]
