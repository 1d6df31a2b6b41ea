"""Runs a command in a terminal of its own (a pty) and does to it what steps say; prints what came of it as JSON.

    in-terminal.py COLUMNS ROWS STEPS COMMAND…

STEPS is a JSON array of {"wait": TEXT} (until the output since the last step has it), {"resize": [COLUMNS, ROWS]} and
{"type": KEYS}. Standard library only.
"""

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time

columns, rows, steps, *command = sys.argv[1:]
longest_wait = 60


def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


master, slave = pty.openpty()
resize(master, columns, rows)
before = termios.tcgetattr(slave)
child = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
output = b""


def read(seconds):
    """Takes what comes within so long; False when nothing did."""
    global output
    ready, _, _ = select.select([master], [], [], seconds)
    if ready:
        output += os.read(master, 65536)
    return bool(ready)


failure = None
mark = 0
for step in json.loads(steps):
    if "wait" in step:
        end = time.monotonic() + longest_wait
        while step["wait"] not in output[mark:].decode("utf8", "replace"):
            if time.monotonic() > end or (not read(0.2) and child.poll() is not None):
                failure = f"never saw {step['wait']!r}"
                break
    elif "resize" in step:
        resize(master, *step["resize"])
        os.killpg(child.pid, 28)  # SIGWINCH, which a controlling terminal would send
    else:
        os.write(master, step["type"].encode())
    if failure:
        break
    mark = len(output)

end = time.monotonic() + longest_wait
while child.poll() is None and time.monotonic() < end and not failure:
    read(0.2)
if child.poll() is None:
    child.kill()
while read(0.2):
    pass
code = child.wait()
after = termios.tcgetattr(slave)
print(
    json.dumps(
        {
            "output": output.decode("utf8", "replace"),
            "code": code,
            "failure": failure,
            "restored": before == after,
        }
    )
)
