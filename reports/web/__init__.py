"""The candidate's result, the sheet as PDF, the public check, and the results for staff."""
