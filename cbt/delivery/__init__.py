"""One candidate meets one form: paper, attempt, journal, timing, recorder, receipts."""
