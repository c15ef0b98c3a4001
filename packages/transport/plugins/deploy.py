"""Ansible's way to a host: the connection that deploy has open. Speaks wire.ts's protocol over a Unix socket."""

DOCUMENTATION = """
name: deploy
short_description: through the connections that deploy has open
description: [asks deploy, which started this playbook, to run things on the host]
options:
  host:
    description: the host's name in deploy's config
    vars: [{name: inventory_hostname}]
"""

import json
import os
import shlex
import socket

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.connection import ConnectionBase

BLOCK = 65536


def chunks(data):
    """Of bytes, or of a file that is open for reading."""
    if hasattr(data, "read"):
        yield from iter(lambda: data.read(BLOCK), b"")
    elif data:
        yield data


class Connection(ConnectionBase):
    transport = "deploy"
    has_pipelining = True

    def _connect(self):
        self._connected = True
        return self

    def close(self):
        self._connected = False

    def exec_command(self, cmd, in_data=None, sudoable=True):
        super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        if isinstance(in_data, str):
            in_data = in_data.encode()
        out, err = [], []
        code = self._ask(cmd, in_data, out.append, err.append)
        return code, b"".join(out), b"".join(err)

    def put_file(self, in_path, out_path):
        super().put_file(in_path, out_path)
        with open(in_path, "rb") as file:
            self._copy("cat > " + shlex.quote(out_path), file, lambda _: None)

    def fetch_file(self, in_path, out_path):
        super().fetch_file(in_path, out_path)
        with open(out_path, "wb") as file:
            self._copy("cat < " + shlex.quote(in_path), None, file.write)

    def _copy(self, cmd, data, take):
        err = []
        if self._ask(cmd, data, take, err.append) != 0:
            raise AnsibleError(b"".join(err).decode(errors="replace").strip() or cmd)

    def _ask(self, cmd, data, out, err):
        with socket.socket(socket.AF_UNIX) as wire:
            try:
                wire.connect(os.environ["DEPLOY_SOCKET"])
                ask = {"host": self.get_option("host"), "run": cmd}
                wire.sendall(json.dumps(ask).encode() + b"\n")
                for chunk in chunks(data):
                    wire.sendall(chunk)
                wire.shutdown(socket.SHUT_WR)
            except BrokenPipeError:
                pass  # a command that does not read all it is given: its code says more
            except OSError as error:
                raise AnsibleConnectionFailure("deploy is gone: %s" % error)
            with wire.makefile("rb") as answer:
                return self._read(answer, out, err)

    def _read(self, answer, out, err):
        takes = {b"o": out, b"e": err}
        while True:
            kind, _, size = answer.readline().strip().partition(b" ")
            if kind == b"x":
                return int(size)
            body = answer.read(int(size)) if kind in (b"o", b"e", b"f") else b""
            if kind in takes:
                takes[kind](body)
            elif kind == b"f":
                raise AnsibleConnectionFailure(body.decode(errors="replace"))
            else:
                raise AnsibleConnectionFailure("the connection was lost")
