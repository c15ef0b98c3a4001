import { until } from "@deploy/testkit";
import type { Ran, Rig } from "./rig.ts";

/**
 * The global oracle of the fault catalogue, after a run that was to go through: what of it does not hold, in words.
 * (a) the report is a success (b) the same release everywhere, and the app answers from it (c) nothing half-made is left
 * (d) the lock is free (f) no key material in the output; and one migration per release.
 */
export async function findFaults(rig: Rig, ran: Ran): Promise<readonly string[]> {
  const { report } = ran;
  if (report?.result !== "deployed") return [`(a) ${report?.result}: ${ran.output.slice(0, 2_000)}`];
  const live = await rig.ask('basename "$(readlink "$1/shop/current")"');
  const served = await rig.ask("curl -s http://127.0.0.1:8080/up");
  const left = await rig.ask(
    'cd "$1/shop" && ls -A .deploy/staging .deploy/trash | grep -v : | grep . ; ls -A | grep -vE "^(current|releases|shared|.deploy)$"; ls -d shared/drain .deploy/drained 2>/dev/null; true',
  );
  const lock = await rig.ask('cut -d" " -f4 "$1/shop/.deploy/lock/state" 2>/dev/null || echo -');
  const [migrations = ""] = await rig.ask('cat "$1/migrations" 2>/dev/null || true');
  const runs = migrations.split("\n").filter((line) => line !== "");
  return [
    ...live.filter((release) => release !== report.release).map((release) => `(b) a host serves ${release}`),
    ...served.filter((text) => !text.includes(report.release)).map((text) => `(b) an app answers ${text}`),
    ...left.filter((text) => text !== "").map((text) => `(c) left behind: ${text}`),
    ...(lock[0] === "-" ? [] : [`(d) the lock is held by ${lock[0]}`]),
    ...(ran.output.includes("PRIVATE KEY") ? ["(f) a key in the output"] : []),
    ...(new Set(runs).size === runs.length ? [] : [`a migration ran twice: ${runs.join(" ")}`]),
    ...(runs.includes(report.release) ? [] : ["the migration of the live release did not run"]),
  ];
}

/** Right after a kill: no more hosts are away than may be, and each says whose doing it is. */
export async function findAway(rig: Rig, most: number): Promise<readonly string[]> {
  const states = await rig.ask(
    'cd "$1/shop" && if [ -e shared/drain ]; then if [ -e .deploy/drained ]; then echo ours; else echo nobody; fi; else echo in; fi',
  );
  const away = states.filter((state) => state !== "in");
  return [
    ...(away.length > most ? [`${away.length} hosts are out of the pool`] : []),
    ...(away.includes("nobody") ? ["a host is out, and nothing says by whom"] : []),
  ];
}

/**
 * When leases are over: who is well on the release that its link names is in the pool, by itself, and who is not is out, and says why.
 * Nobody is in who is not well, at any time.
 */
export async function findAlone(rig: Rig): Promise<readonly string[]> {
  let states: readonly string[] = [];
  const look = async () => {
    states = await rig.ask(`cd "$1/shop"
is() { if [ -e "$2" ]; then echo "$1"; else echo "not $1"; fi; }
out=$(is out shared/drain)
if curl -s http://127.0.0.1:8080/up | grep -qF "$(basename "$(readlink current)")"; then well=well; else well="not well"; fi
echo "$out, $well, $(is told .deploy/watched)"`);
    return states.every((state) => state === "not out, well, not told" || state === "out, not well, told");
  };
  return until("those that are left alone", look).then(
    () => [],
    () => states,
  );
}

/** Right after a kill: every host serves the old release or the new one, whole. */
export async function findTorn(rig: Rig, old: string): Promise<readonly string[]> {
  const states = await rig.ask(
    'cd "$1/shop" && r=$(basename "$(readlink current)") && echo "$r $(cat current/index.html) $(test -e current/REVISION && echo whole)"',
  );
  return states.filter((state) => state !== `${old} one whole` && !/^\S+ two whole$/.test(state));
}
