"""Reports made of the brief: text, JSON, a spreadsheet, a printed page; and other people's forms filled in."""
