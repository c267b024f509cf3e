"""How a follow-up is called in a message."""


def in_words(what: str, company: str | None, town: str | None) -> str:
    """`Call back: Bakkerij Zonneschijn, Dordrecht`"""
    about = ", ".join(part for part in (company, town) if part)
    return f"{what}: {about}" if about else what
