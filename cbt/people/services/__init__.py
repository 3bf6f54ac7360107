"""Use cases of people: accounts, sessions, candidates, the audit trail."""
