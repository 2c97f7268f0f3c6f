"""The bytes of images and audios, many at once."""

from collections.abc import Iterator

from fastapi import APIRouter

from server.blob_uris import BlobUri, read_blob_uri
from server.codec import encode_pairs
from server.deps import WorkspaceDep
from server.responses import STREAM_RESPONSES, BinaryStream
from store.errors import NotFoundError
from store.workspace import Workspace

router = APIRouter(prefix="/runs", tags=["search"])


@router.post("/images/get-batch", response_class=BinaryStream, responses=STREAM_RESPONSES)
def images_batch(uris: list[str], workspace: WorkspaceDep) -> BinaryStream:
    """The bytes behind `blob_uri`s of images."""
    return BinaryStream(encode_pairs(_blobs(workspace, uris)))


@router.post("/audios/get-batch", response_class=BinaryStream, responses=STREAM_RESPONSES)
def audios_batch(uris: list[str], workspace: WorkspaceDep) -> BinaryStream:
    """The bytes behind `blob_uri`s of audios."""
    return BinaryStream(encode_pairs(_blobs(workspace, uris)))


def _blobs(workspace: Workspace, uris: list[str]) -> Iterator[tuple[str, bytes]]:
    """Address and bytes in the order asked for; empty where the bytes are not there.

    An address asked for twice is answered once: the web UI's decoder gives up on two equal
    paths in a row, and the web UI does ask twice.
    """
    for text in dict.fromkeys(uris):
        uri = read_blob_uri(text)
        if uri is not None:
            yield text, _read(workspace, uri)


def _read(workspace: Workspace, uri: BlobUri) -> bytes:
    try:
        if uri.digest is None:
            with workspace.artifacts.open(uri.run_hash, uri.path) as source:
                return source.read()
        # A digest alone opens nothing: the bytes must belong to a run that the caller sees.
        with workspace.artifacts.open_version(uri.run_hash, uri.digest) as source:
            return source.read()
    except NotFoundError:
        return b""
