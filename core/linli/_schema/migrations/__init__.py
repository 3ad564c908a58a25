"""The core's revisions, one file each. Until the first release 0001 is made anew from the tables:

python -m linli._schema.revising core --afresh
"""
