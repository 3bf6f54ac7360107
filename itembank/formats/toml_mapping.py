"""A mapping of columns as a TOML file, for the shell: the same document that the mapping page keeps."""

import tomllib

from itembank.core.mapping import ColumnMapping, NotAMapping, mapping_from


def parse_mapping(payload: bytes) -> ColumnMapping:
    """Return the mapping; raises NotAMapping."""
    try:
        document = tomllib.loads(payload.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise NotAMapping(f"this is not TOML: {str(error)[:150]}") from error
    return mapping_from(document)
