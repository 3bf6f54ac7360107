"""The plain entry point, for a pool that serves people only: `gunicorn wsgi:app`."""

import os

from cbt.app import create_app
from cbt.kernel.settings import Settings

app = create_app(Settings.from_env(os.environ))
