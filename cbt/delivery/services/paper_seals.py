"""Papers and their seals: written sealed, opened for those who may, sealed anew for another centre.

A paper is kept under the release code of the centre where its candidate sits. One that was made before there were
seals lies there plain, until a browser asks for it.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.release import ReleaseCode
from cbt.delivery.core.sealing import (
    NONCE_BYTES,
    asset_key,
    is_sealed,
    open_paper,
    paper_key,
    seal_paper,
)
from cbt.delivery.services.sealing import release_code_in
from cbt.delivery.store import attempts, papers
from cbt.kernel import canonical
from cbt.kernel.keys import Keyring
from cbt.kernel.runtime import Runtime, Transaction
from cbt.scheduling.core.places import CentreId
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.services.registrations import get_registration_in
from itembank.core.records import AssetFacts
from itembank.services.forms import assets_shown_in, get_form_in

_ASSETS: Final = "assets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wax:
    """What the papers of one sitting at one centre are sealed with."""

    sitting_secret: bytes
    centre_id: CentreId
    code: ReleaseCode


def sealed_paper(
    paper: dict[str, Any], wax: Wax, attempt_id: UUID, form_digest: bytes, assets: Iterable[AssetFacts]
) -> papers.StoredPaper:
    """Return the paper as it is kept; it gets the key of its pictures and their types."""
    facts = {one.sha256: one for one in assets}
    whole = paper | {
        "asset_key": canonical.base64url(asset_key(wax.sitting_secret)),
        _ASSETS: {sha256: one.media_type for sha256, one in facts.items()},
    }
    key = paper_key(wax.code, attempt_id)
    return papers.StoredPaper(
        document=seal_paper(key, os.urandom(NONCE_BYTES), canonical.encode(whole), attempt_id, form_digest),
        sealed_for=wax.centre_id,
        assets=canonical.encode({sha256: one.size for sha256, one in facts.items()}),
    )


def seal_for_in(tx: Transaction, keys: Keyring, facts: RegistrationFacts, attempt: Attempt) -> None:
    """Seal the paper for the centre where its candidate sits now, unless it is; the caller holds the attempt's row.

    Raises SealMissing, SealForeign, SealBroken.
    """
    stored = papers.get_paper(tx, attempt.id)
    if stored.sealed_for == facts.centre.id:
        return
    paper = canonical.decode(_opened_in(tx, keys, facts, attempt, stored))
    code = release_code_in(tx, keys, facts.sitting.id, facts.centre.id)
    wax = Wax(sitting_secret=facts.sitting.secret, centre_id=facts.centre.id, code=code)
    form = get_form_in(tx, attempts.get_filed(tx, attempt.id).form_id).form
    shown = assets_shown_in(tx, (slot.item_version_id for slot in form.slots)).values()
    anew = sealed_paper(paper, wax, attempt.id, attempt.form_digest, (one for some in shown for one in some))
    papers.replace_paper(tx, attempt.id, anew)


def plain_paper_in(tx: Transaction, keys: Keyring, attempt: Attempt) -> bytes:
    """Return the paper's canonical JSON; raises AttemptMissing, SealMissing, SealForeign, SealBroken."""
    facts = get_registration_in(tx, attempts.get_filed(tx, attempt.id).registration_id)
    return _opened_in(tx, keys, facts, attempt, papers.get_paper(tx, attempt.id))


def paper_of(rt: Runtime, attempt_id: UUID) -> bytes:
    """Return the paper's canonical JSON; raises as `plain_paper_in`."""
    with rt.reading() as tx:
        return plain_paper_in(tx, rt.keys, attempts.get_attempt(tx, attempt_id))


def paper_key_in(tx: Transaction, keys: Keyring, facts: RegistrationFacts, attempt_id: UUID) -> bytes:
    """Return the key of an attempt's paper; raises SealMissing, SealForeign."""
    sealed_for = papers.sealed_for(tx, [attempt_id]).get(attempt_id) or facts.centre.id
    return paper_key(release_code_in(tx, keys, facts.sitting.id, sealed_for), attempt_id)


def _opened_in(
    tx: Transaction, keys: Keyring, facts: RegistrationFacts, attempt: Attempt, stored: papers.StoredPaper
) -> bytes:
    if stored.sealed_for is None or not is_sealed(stored.document):
        return stored.document
    key = paper_key(release_code_in(tx, keys, facts.sitting.id, stored.sealed_for), attempt.id)
    return open_paper(key, stored.document, attempt.id, attempt.form_digest)
