"""Who: staff with their roles and sign-in, candidates, and the audit trail of every staff act."""
