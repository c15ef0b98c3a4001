import type { ExecResult } from "@deploy/remote";
import { expect, test } from "@jest/globals";
import { rsyncFailure } from "../../src/rsync/failure.ts";

const hex = (text: string) => Buffer.from(text).toString("hex");
const host = (code: number, before = ""): ExecResult => ({
  ...{ status: "exited", code: 74, stdout: "", dropped: 0 },
  stderr: `${before}\n--deploy-begin--\nerror rsync-failed ${hex(`rsync on this host ended ${code}`)}\n--deploy-end-- 74\n`,
});
const told = (code: number | null, stderr: string, server: ExecResult) => {
  const client = { code, reason: code === null ? "SIGKILL" : "", stdout: "", stderr };
  const { problem } = rsyncFailure({ host: "web1", client, server });
  return [problem.code, problem.message, problem.hint];
};
const again = "Run it again: it goes on from what arrived.";
const closed =
  "rsync: connection unexpectedly closed (9 bytes received so far) [sender]\nrsync error: x (code 12) at io.c(1)\n";

test.each([
  [
    "a file of the runner",
    told(
      23,
      `rsync: [sender] send_files failed to open "/t/x": Permission denied (13)\nrsync error: y\n`,
      host(0),
    ),
    [
      "rsync-failed",
      'rsync ended 23, some files could not be transferred: rsync: [sender] send_files failed to open "/t/x": Permission denied (13)',
      "Mend what it says of the first file, then run it again.",
    ],
  ],
  [
    "the host's code where ours only says that it is gone",
    told(12, closed, host(137)),
    [
      "rsync-failed",
      "rsync ended 137, it was ended by signal 9",
      "Look for an out-of-memory kill (dmesg, journalctl -k) and at ulimits, then run it again.",
    ],
  ],
  [
    "nothing but a lost end",
    told(12, closed, host(12)),
    ["rsync-failed", "rsync ended 12, the other end stopped in the middle", again],
  ],
  ["ours was killed", told(null, "", host(12)), ["rsync-failed", "rsync was ended by SIGKILL", again]],
  [
    "the host's shell was killed",
    told(12, closed, { status: "signalled", signal: "KILL", stdout: "", stderr: "", dropped: 0 }),
    [
      "rsync-failed",
      "rsync ended 12, the other end stopped in the middle: the host's end was ended by KILL",
      again,
    ],
  ],
])("%s", (_, seen, expected) => {
  expect(seen).toEqual(expected);
});

test.each([
  ['rsync: [receiver] write failed on "/s/x": No space left on device (28)', 11, "disk-full"],
  ['rsync: [generator] recv_generator: mkdir "/s" failed: Disk quota exceeded (122)', 23, "disk-full"],
  ['rsync: mkstemp "/s/.x.a" failed: Read-only file system (30)', 23, "write-failed"],
  ["rsync: [generator] chgrp failed: Operation not permitted (1)", 23, "write-failed"],
  ['file has vanished: "/t/x"', 24, "rsync-failed"],
])("%s", (line, code, expected) => {
  expect(told(code, `${line}\nrsync error: z\n`, host(code))[0]).toBe(expected);
});

test("what a host prints is data", () => {
  const [, message] = told(12, "", host(12, "\u001b[2J::add-mask::x\n"));
  expect(message).toBe("rsync ended 12, the other end stopped in the middle: : :add-mask::x");
});
