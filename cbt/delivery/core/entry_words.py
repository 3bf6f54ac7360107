"""The words of which journal rows mostly consist, in one text that every row is deflated against where it is stored.

Never changed: what was stored with it can only be read with it. The commonest words stand last.
"""

from typing import Final

ENTRY_WORDS: Final = (
    b'"answered":[],"by":"","code":"","counts":true,"counts":false,"device":"","extra_s":,"grace_s":10,"numbers":[],'
    b'"overriding":false,"part":,"reason":"","received":"","rule":"","time_allowed_s":9000,"way":"late","words":""'
    b'"kind":"voided"}"kind":"terminated","kind":"expired"}"kind":"moved","lease":"kind":"started","kind":"extended",'
    b'"kind":"resumed"}"kind":"paused","kind":"part-left","kind":"part-entered","kind":"recovered","kind":"refused",'
    b'"kind":"hand-lowered","kind":"hand-raised","kind":"submitted","sent":{"kind":"flagged","on":true,"on":false,'
    b'{"at":"2027-{"at":"2026-01-01T10:11:12.000000Z","kind":"answered","responses":{"RESPONSE":["ABCD"]},'
    b'"sent":{"at":"2026-01-01T10:11:12.000000Z","digest":"","lease":1,"number":12},"slot":3}'
)
