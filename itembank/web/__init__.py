"""The authors' pages: banks, their items, loads, blueprints."""
