"""How a follow-up is called, on the screen and in a message."""

from crm.followups.models import FollowUp


def called(follow_up: FollowUp, company: str) -> str:
    """`Call back, Bakkerij Zonneschijn`; an empty name for no company."""
    return ", ".join(filter(None, (follow_up.kind.label, company)))


def in_words(what: str, company: str | None, town: str | None) -> str:
    """`Call back: Bakkerij Zonneschijn, Dordrecht`"""
    about = ", ".join(part for part in (company, town) if part)
    return f"{what}: {about}" if about else what
