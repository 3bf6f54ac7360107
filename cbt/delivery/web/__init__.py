"""The candidate's pages: sign-in, details, notice, waiting, the exam screen and what it loads."""
