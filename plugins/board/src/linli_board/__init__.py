"""The public board: publications as a folder of web pages and Atom feeds."""
