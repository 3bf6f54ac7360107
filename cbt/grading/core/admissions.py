"""Proposals to let answers count that came late: one person proposes with a reason, another one decides."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cbt.kernel.errors import Conflict, Forbidden, InvalidInput
from cbt.people.core.actors import Actor

LONGEST_REASON = 500


class OwnProposal(Forbidden):
    """Somebody else must decide: who proposes an admission never approves it."""

    code = "own-proposal"


class ProposalDecided(Conflict):
    """Somebody has decided about this proposal in the meantime."""

    code = "proposal-decided"


class ReasonWanted(InvalidInput):
    """Write down why these answers shall count."""

    code = "reason-wanted"


class NothingChosen(InvalidInput):
    """Choose the answers that shall count."""

    code = "nothing-chosen"


class AdmissionState(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    ADMITTED = "admitted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Rows of one attempt's journal that shall count, and who said so."""

    id: UUID
    attempt_id: UUID
    numbers: tuple[int, ...]
    overriding: bool
    reason: str
    state: AdmissionState
    proposed_at: datetime
    proposed_by: UUID
    proposed_name: str
    decided_at: datetime | None = None
    decided_name: str | None = None


def require_second(proposal: Proposal, by: Actor) -> None:
    """Raise ProposalDecided or OwnProposal unless `by` may decide about it."""
    if proposal.state is not AdmissionState.OPEN:
        raise ProposalDecided(proposal=proposal.id)
    if by.id is None or by.id == proposal.proposed_by:
        raise OwnProposal(proposal=proposal.id)
