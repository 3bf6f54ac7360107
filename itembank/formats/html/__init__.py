"""Items to HTML: native controls in the places that the body marks, opaque names, no key."""
