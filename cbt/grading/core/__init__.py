"""Pure grading: form, key and journal in, result out."""
