// npm run bench:downtime [-- --rounds 3]
// What visitors notice of a deploy: four hosts behind two HAProxys that ask for health each 100 ms, an application that is restarted
// rudely and needs its time to start, eight people who order without a pause. The same by Capistrano and by a script.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Front, startLoad } from "../../test/pool/load.ts";
import { openRig, type Rig } from "../../test/pool/rig.ts";
import { capistrano, commit, type Ground, script } from "./peers.ts";

interface Row {
  readonly name: string;
  readonly fronts?: readonly Front[];
  deploy(number: number): Promise<unknown>;
}

const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" } } });
const work = mkdtempSync(join(tmpdir(), "deploy-downtime-"));
const rig = await openRig();
try {
  writeFileSync(join(work, "known_hosts"), rig.fleet.knownHosts());
  writeFileSync(join(work, "key"), rig.fleet.keys.private, { mode: 0o600 });
  const ground = { rig, work };
  let number = 0;
  commit(ground, number);
  const table: string[] = [];
  for (const row of [...ours(rig), ...peers(ground)]) {
    await row.deploy(++number); // the first of each brings more than the others
    let [sent, failed, longest, seconds] = [0, 0, 0, 0];
    for (let round = 0; round < Number(values.rounds); round++) {
      commit(ground, ++number);
      const load = startLoad(row.fronts ?? rig.fronts.haproxy);
      const begun = performance.now();
      await row.deploy(number);
      seconds += (performance.now() - begun) / 1000 / Number(values.rounds);
      const ended = await load.end(0);
      sent += ended.sent;
      failed += ended.failed.length;
      longest = Math.max(longest, ended.longest);
    }
    table.push(line(row.name, seconds.toFixed(1), String(sent), String(failed), longest.toFixed(0)));
    console.log(table.at(-1));
  }
  console.log(`\n${line("", "deploy s", "requests", "failed", "longest ms")}\n${table.join("\n")}`);
} finally {
  await rig.close();
  rmSync(work, { recursive: true, force: true });
}

function ours(rig: Rig): readonly Row[] {
  const balancers = rig.balancers.map(({ name, username }) => `${username}@${name}`);
  const haproxy = { kind: "haproxy", balancers, socket: rig.socket, backend: "shop" };
  const file = {
    kind: "file",
    path: "drain",
    settle: "2s",
    "in-flight": "curl -s http://127.0.0.1:8080/open",
  };
  const deploy = async (activate: Readonly<Record<string, unknown>>) => {
    const report = await rig.deploy(activate);
    if (report.result !== "deployed") throw new Error(report.headline);
  };
  const strategy = "rolling";
  return [
    { name: "all", deploy: () => deploy({ strategy: "all" }) },
    { name: "rolling", deploy: () => deploy({ strategy }) },
    { name: "rolling, file", deploy: () => deploy({ strategy, pool: file }) },
    { name: "rolling, haproxy", deploy: () => deploy({ strategy, pool: haproxy }) },
    {
      name: "rolling, file, plain nginx",
      fronts: rig.fronts.plain,
      deploy: () => deploy({ strategy, pool: file }),
    },
    {
      name: "rolling, file, nginx by 503",
      fronts: rig.fronts.nginx,
      deploy: () => deploy({ strategy, pool: file }),
    },
  ];
}

function peers(ground: Ground): readonly Row[] {
  return [
    { name: "Capistrano", deploy: () => capistrano(ground, "parallel") },
    { name: "Capistrano, in sequence", deploy: () => capistrano(ground, "sequence") },
    { name: "script", deploy: (number) => script(ground, number) },
  ];
}

function line(name: string, ...cells: readonly string[]): string {
  return name.padEnd(28) + cells.map((cell) => cell.padStart(11)).join("");
}
