"""Import of companies from CSV and Excel files.

A file goes through these rooms, a thousand rows at a time:

    reading   lines of cells with their line number in the file
    mapping   which column holds which field
    cleaning  one cell -> a value, or the problem with it
    rows      one line -> a company as the file tells it
    matching  have we got this company already?
    writing   what is new into the database
    report    what came of every row
"""
