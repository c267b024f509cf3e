"""How often strangers may ask. In the memory of this process and as fingerprints: who asked is kept nowhere."""

from dataclasses import dataclass, field
from math import ceil
from time import monotonic

from crm.core.secrets import keyed_hash

MOST_SUBJECTS = 20_000


@dataclass
class RateLimit:
    """At most `times` for one subject in `seconds`."""

    times: int
    seconds: float
    _seen: dict[str, tuple[float, int]] = field(default_factory=dict)

    def wait(self, subject: str) -> int:
        """Count once more. How many seconds to wait first; 0 for none."""
        moment, key = monotonic(), keyed_hash("rate", subject)
        since, count = self._seen.pop(key, (moment, 0))
        if moment - since >= self.seconds:
            since, count = moment, 0
        self._seen[key] = (since, count + 1)  # at the end: the first ones are those heard of longest ago
        if len(self._seen) > MOST_SUBJECTS:
            del self._seen[next(iter(self._seen))]
        return ceil(since + self.seconds - moment) if count >= self.times else 0
