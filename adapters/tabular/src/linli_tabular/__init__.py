"""Spreadsheets for linli: xlsx, xls, ods and csv in, xlsx and csv out."""
