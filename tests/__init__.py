"""The tests, by what they need: unit, property, integration, browser, faults, architecture."""
