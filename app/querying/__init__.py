"""Queries while somebody writes them: colours, completion, what is missing, conditions.

Everything here is pure: text and a vocabulary in, values out.
"""
