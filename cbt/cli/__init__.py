"""The shell: `cbt` with the commands that keep the system running, and one group for each package."""
