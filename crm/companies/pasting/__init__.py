"""Companies from lines that somebody pasted: a web page, a spreadsheet, a mail."""

from crm.companies.pasting.finding import LineMatch, find_lines
from crm.companies.pasting.reading import MOST_LINES, PastedLine, TooManyLines, read_lines

__all__ = ["MOST_LINES", "LineMatch", "PastedLine", "TooManyLines", "find_lines", "read_lines"]
