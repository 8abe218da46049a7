"""The page of the shop, which is there if the database is."""

import os
import socket
from urllib.parse import urlsplit

from flask import Flask

DATABASE = urlsplit(os.environ["DATABASE_URL"])
app = Flask(__name__)


@app.get("/")
def catalogue() -> str:
    """Return what the shop sells."""
    place = (DATABASE.hostname, DATABASE.port or 5432)
    with socket.create_connection(place, timeout=2):
        return "one teapot\n"


app.run(host="0.0.0.0", port=8000)
