"""Files that other systems send about registrations."""
