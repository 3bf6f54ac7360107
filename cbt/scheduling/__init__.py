"""When and where: centres, rooms, seats, exams, sittings, registrations, accommodations."""
