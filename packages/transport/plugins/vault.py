#!/usr/bin/env python3
"""Gives Ansible the vault's password out of deploy's memory."""
import os
import shutil
import socket
import sys

with socket.socket(socket.AF_UNIX) as wire:
    wire.connect(os.environ["DEPLOY_SOCKET"])
    wire.sendall(b'{"secret":"vault"}\n')
    wire.shutdown(socket.SHUT_WR)
    with wire.makefile("rb") as answer:
        shutil.copyfileobj(answer, sys.stdout.buffer)
