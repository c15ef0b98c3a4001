import type { Expected, HostReading } from "./reading.ts";
import type { Remark } from "./remark.ts";
import { asked } from "./rows/asked.ts";
import { clock } from "./rows/clock.ts";
import { disk } from "./rows/disk.ts";
import { fileSystem, folders } from "./rows/folders.ts";
import { health } from "./rows/health.ts";
import { pool } from "./rows/pool.ts";
import { port } from "./rows/port.ts";
import type { Row } from "./rows/row.ts";
import { settings } from "./rows/settings.ts";
import { shared } from "./rows/shared.ts";
import { shell } from "./rows/shell.ts";
import { tools } from "./rows/tools.ts";

const rows: readonly Row[] = [
  shell,
  clock,
  disk,
  folders,
  fileSystem,
  tools,
  shared,
  settings,
  port,
  health,
  pool,
  asked,
];

/** shadow(5): what `useradd` leaves is `!`; nobody but root can see it, and sshd says no more than "refused". */
const locked =
  "Where the key is there, the account may be locked, which an sshd without PAM refuses: sudo usermod -p '*' with its name.";

/** The lines about one host. Pure. */
export function hostRemarks(reading: HostReading, expected: Expected): readonly Remark[] {
  const { facts, examined } = reading;
  const { host } = facts;
  if (!facts.reached) {
    const { code, message, hint } = facts.problem;
    const fix = code === "auth-refused" ? `${hint} ${locked}` : hint;
    return [{ level: "stop", about: "ssh", host, text: message, fix }];
  }
  const logged: Remark = { level: "ok", about: "ssh", host, text: `logged in as ${facts.user}` };
  if (examined === undefined)
    return [logged, { level: "unknown", about: "server", host, text: "it did not answer what doctor asks" }];
  return [logged, ...rows.flatMap((row) => row({ host, facts, examined, reading, expected }))];
}
