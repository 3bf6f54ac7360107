"""The administrator's pages: today, centres, exams, sittings, registrations, candidates."""
