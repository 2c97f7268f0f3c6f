"""The binary stream of searches, batches and logs: writing and reading it.

A body is a plain concatenation of (path, value) pairs; a tree is flattened depth first.
Bytes are exactly those of matyan and Aim, within the limits that the web UI's decoder
sets (see `encode`). Nothing here knows the store or the HTTP framework, so that the
dashboard can read streams of any server with it.

    encode_tree(tree)            chunks of bytes of one tree
    encode_records(records)      chunks of many (key, tree) records, progress included
    decode(chunks)               (path, value) pairs
    decode_records(chunks)       (key, tree) records
    Stencil(tree)                a tree that is written often with other numbers
    number_array(values)         a column of numbers as the tree that stands for it
"""

from server.codec.arrays import number_array, read_number_array
from server.codec.decode import BrokenStreamError, decode, decode_records
from server.codec.encode import Tree, encode_pairs, encode_tree
from server.codec.progress import PROGRESS, Progress, read_progress
from server.codec.records import encode_records
from server.codec.stencil import FLOAT, INT, Stencil

__all__ = [
    "FLOAT",
    "INT",
    "PROGRESS",
    "BrokenStreamError",
    "Progress",
    "Stencil",
    "Tree",
    "decode",
    "decode_records",
    "encode_pairs",
    "encode_records",
    "encode_tree",
    "number_array",
    "read_number_array",
    "read_progress",
]
