"""A process of its own that serves a partnership until it is killed: its address, then its port."""

import sys
from threading import Event

from pages.serving import served

if __name__ == "__main__":
    with served(sys.argv[1], port=int(sys.argv[2])) as demo:
        sys.stdout.write(f"{demo.address}\n")
        sys.stdout.flush()
        Event().wait()
