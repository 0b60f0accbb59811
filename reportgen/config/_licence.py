"""[licence]: the right to publish a provider's figures that the publisher has obtained, by provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from reportgen.config._checks import Key, text
from reportgen.model import LICENCES, RESTRICTED, Rights


@dataclass(frozen=True, slots=True)
class OwnLicences:
    """What the publisher has agreed with each provider, such as "contract no. 12"; None where nothing."""

    yahoo: str | None = None
    stooq: str | None = None
    alpha_vantage: str | None = None
    ishares: str | None = None
    invesco: str | None = None
    ssga: str | None = None
    cboe: str | None = None
    ice: str | None = None

    @property
    def rights(self) -> Rights:
        """Those that are stated, by provider."""
        return {provider: right for provider, right in asdict(self).items() if right is not None}


LICENCE_KEYS: Mapping[str, Key] = {
    provider: Key(
        f"licence.{provider}", text, f"your own right to publish {LICENCES[provider].provider} data: contract, date"
    )
    for provider in RESTRICTED
}
