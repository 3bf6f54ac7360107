"""An exam engine for test centres; this package is the server, and the map of the whole system.

From top to bottom (a line imports only lines below it):

    cbt.door, cbt.cli      the ASGI door for the paths that machines hammer; the shell
    cbt.app                the Flask application: the only module that knows all packages
    proctor, reports       the room watched live; result sheets and their public check
    cbt.grading            journal + key + rule -> result
    cbt.delivery           one candidate meets one form: paper, journal, clock, receipts
    cbt.scheduling         when and where: centres, rooms, exams, sittings, registrations
    itembank               items, keys, blueprints, forms, the draw, exchange formats
    cbt.jobs               long work, outside of any request
    cbt.people             who: staff, roles, candidates, the audit trail
    cbt.kernel             identity, time, chance, numbers, storage, web glue
"""
