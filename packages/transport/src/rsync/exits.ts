/** What an exit code of rsync means, and the next move. Both are whole sentences without their full stop. */
export interface Exit {
  readonly cause: string;
  readonly next: string;
}

const again = "Run it again: it goes on from what arrived";
const versions =
  "Bring the rsync of runner and host to versions that work together, both above 3.2.4 at best";
const report = "Please report it with the log of this run";
const memory = "Look for an out-of-memory kill (dmesg, journalctl -k) and at ulimits, then run it again";

/** All codes that rsync's manual names, the shell's that stand for it, and ssh's. 0 is the only one that is good. */
const exits: Readonly<Record<number, Exit>> = {
  1: { cause: "one end did not understand an option", next: versions },
  2: { cause: "the two ends speak no protocol in common", next: versions },
  3: {
    cause: "a folder could not be chosen as source or target",
    next: "Check the host's deploy-to and its permissions",
  },
  4: { cause: "one end was built without something that the other asks for", next: versions },
  5: {
    cause: "the two ends did not get as far as to begin",
    next: "Remove what the host's login shell prints or reads",
  },
  6: {
    cause: "a log file could not be written",
    next: "Remove `log file` from rsync's settings on the host",
  },
  10: { cause: "reading or writing the connection failed", next: again },
  11: {
    cause: "reading or writing a file failed",
    next: "Check the host's disk: room, quota, inodes, read-only",
  },
  12: { cause: "the other end stopped in the middle", next: again },
  13: { cause: "rsync could not tell what is wrong", next: report },
  14: { cause: "rsync's own processes lost each other", next: memory },
  15: { cause: "a protected program refused", next: report },
  16: { cause: "rsync was stopped by a signal", next: again },
  19: { cause: "rsync was stopped by a signal", next: again },
  20: { cause: "rsync was stopped by a signal", next: again },
  21: { cause: "one of rsync's processes ended, nobody saw how", next: memory },
  22: { cause: "rsync had not enough memory", next: memory },
  23: {
    cause: "some files could not be transferred",
    next: "Mend what it says of the first file, then run it again",
  },
  24: {
    cause: "files vanished on the runner while they were sent",
    next: "Let nothing else write to the runner's temporary folder, then run it again",
  },
  25: {
    cause: "more files would have been deleted than allowed",
    next: "Remove `max delete` from rsync's settings on the host",
  },
  30: { cause: "nothing came for too long", next: again },
  35: { cause: "a daemon was waited for, and did not answer", next: report },
  124: {
    cause: "the command on the host failed",
    next: "Run `rsync --version` on the host as the deploy user",
  },
  125: { cause: "the command on the host was killed", next: memory },
  126: { cause: "the command could not be run", next: "Check that rsync may be executed there by this user" },
  127: { cause: "the command was not found", next: "Install rsync there" },
  255: { cause: "the way to the host broke", next: again },
};

/** Never undefined: a code that nobody named is said to be one; 128 + n is a signal. */
export function exitOf(code: number): Exit {
  const known = exits[code];
  if (known !== undefined) return known;
  if (code > 128 && code < 160) return { cause: `it was ended by signal ${code - 128}`, next: memory };
  return { cause: "rsync's manual does not name this code", next: report };
}
