"""The few words that the browser shows of its own accord, in the reader's language."""

import json

from markupsafe import Markup

from crm.core.i18n import N_, _

# Exactly as Streamlit writes them, with {} for what differs: web/static/words.js looks them up.
WORDS = (
    N_("Upload"),
    N_("{} per file"),
    N_("Press Enter to apply"),
    N_("Press Ctrl+Enter to apply"),
    N_("Press Enter to submit form"),
    N_("Press Ctrl+Enter to submit form"),
    N_("No results"),
    N_("Select all"),
    N_("Select {} matches"),
    N_("Add: {}"),
    N_("Choose an option"),
    N_("Skip to main content"),
    N_("System"),
    N_("Light"),
    N_("Dark"),
    N_("Print"),
    N_("Theme"),
    N_("Main menu"),
    N_("Sidebar"),
    N_("App pages"),
    N_("Navigate to home page"),
    N_("Collapse sidebar"),
    N_("Expand sidebar"),
    N_("Close"),
    N_("Dismiss"),
    N_("Clear all"),
    N_("Clear value"),
    N_("Choose date"),
    N_("day, {}"),
    N_("month, {}"),
    N_("year, {}"),
    N_("hour, {}"),
    N_("minute, {}"),
    N_("yyyy"),
    N_("Empty"),
    N_("{} – January"),
    N_("{} – February"),
    N_("{} – March"),
    N_("{} – April"),
    N_("{} – May"),
    N_("{} – June"),
    N_("{} – July"),
    N_("{} – August"),
    N_("{} – September"),
    N_("{} – October"),
    N_("{} – November"),
    N_("{} – December"),
    N_("Previous month"),
    N_("Next month"),
    N_("Show password"),
    N_("Hide password"),
    N_("Increment"),
    N_("Decrement"),
    N_("Search"),
    N_("Fullscreen"),
    N_("Close fullscreen"),
    N_("Show data"),
    N_("Show chart"),
    N_("Show/hide columns"),
    N_("Download as CSV"),
    N_("Download as PNG"),
)


# What web/static/leaving.js asks.
LEAVE = N_("What you filled in is not saved. Leave this page all the same?")


def words_tag() -> str:
    """What words.js reads; empty where Streamlit speaks the reader's language already."""
    words = {word: _(word) for word in (*WORDS, LEAVE) if _(word) != word}
    return Markup('<meta name="words" content="{}" />').format(json.dumps(words, ensure_ascii=False))
