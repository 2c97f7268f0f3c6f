"""The REST surface of matyan and Aim under `/api/v1/rest`: one module for each resource.

A route parses, makes one call to the store and returns; rules of the domain are the store's.
"""
