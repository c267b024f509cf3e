"""The few words that Streamlit shows of its own accord, for the browser to put in the reader's language."""

import json

from markupsafe import Markup

from crm.core.i18n import N_, _

# Exactly as Streamlit writes them: web/static/words.js looks them up.
WORDS = (
    N_("Upload"),
    N_("per file"),
    N_("Press Enter to apply"),
    N_("Press Ctrl+Enter to apply"),
    N_("Press Enter to submit form"),
    N_("Press Ctrl+Enter to submit form"),
    N_("No results"),
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


def words_tag() -> str:
    """What words.js reads; empty where Streamlit speaks the reader's language already."""
    words = {word: _(word) for word in WORDS if _(word) != word}
    return Markup('<meta name="words" content="{}" />').format(json.dumps(words, ensure_ascii=False))
