"""A program that feeds the readers of bank files what grows their coverage (`python -m tests.faults.fuzz_readers`).

It needs atheris, which is no part of the locked requirements, and takes libFuzzer's options: `-max_total_time=60`,
a folder of samples to begin from. It ends with a crash when a reader raises anything.
"""

import sys

import atheris

with atheris.instrument_imports(include=["itembank"]):
    from itembank.formats.bank_file import parse_bank
    from itembank.formats.qti.assessment import parse_assessment
    from itembank.formats.qti.item import parse_scoring


def read(payload: bytes) -> None:
    """Give one payload to every reader that takes a file by itself."""
    parse_bank(payload)
    parse_scoring(payload)
    parse_assessment(payload)


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
