"""What a log may say about an error."""

import traceback


def describe(error: BaseException) -> dict[str, object]:
    """Its kind and where it came from, without its text: that of a database error repeats what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return {
        "error": type(error).__name__,
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
