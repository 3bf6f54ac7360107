"""Use cases of scheduling: places, exams, sittings, registrations, attendance."""
