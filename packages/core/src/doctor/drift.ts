import type { Expected, HostReading } from "./reading.ts";
import { judge, type Remark } from "./remark.ts";
import { lineOf } from "./rows/asked.ts";

/** What hosts of one app should have in common, and do not; and two names of one server. */
export function driftRemarks(
  readings: readonly HostReading[],
  expected: (host: string) => Pick<Expected, "questions">,
): readonly Remark[] {
  const known = readings.flatMap(({ facts, examined }) =>
    facts.reached && examined !== undefined ? [{ facts, examined, host: facts.host }] : [],
  );
  if (known.length === 0) return [];
  const things = new Map<string, Map<string, string[]>>();
  const note = (thing: string, value: string, host: string) => {
    const values = things.get(thing) ?? new Map<string, string[]>();
    values.set(value, [...(values.get(value) ?? []), host]);
    things.set(thing, values);
  };
  for (const { host, facts, examined } of known) {
    if (examined.system !== "") note("system", examined.system, host);
    if (facts.current.kind === "release") note("live release", facts.current.release, host);
    expected(host).questions.forEach(({ about }, index) => {
      const value = lineOf(examined.checks[index]?.said ?? "", "alike");
      if (value !== undefined) note(about, value, host);
    });
  }
  const apart = [...things]
    .filter(([, values]) => values.size > 1)
    .map(([thing, values]) => differ(thing, values));
  const all = [...things.keys()].join(", ");
  const alike: Remark = { level: "ok", about: "drift", text: `the same on every server: ${all}` };
  return [...(apart.length > 0 || all === "" ? apart : [alike]), ...twins(known)];
}

/** Digests are for telling apart; only what people can read is shown. */
function differ(thing: string, values: ReadonlyMap<string, readonly string[]>): Remark {
  const digests = [...values.keys()].some((value) => /^\d+ \d+$/.test(value));
  const listed = [...values].map(([value, hosts]) => `${hosts.join(", ")}${digests ? "" : `: ${value}`}`);
  const text = `servers differ in their ${thing} (${listed.join(digests ? " | " : "; ")})`;
  const remark: Remark = {
    level: "warn",
    about: "drift",
    text,
    fix: `make ${thing} the same on all of them`,
  };
  if (thing !== "live release") return remark;
  return { ...remark, fix: "deploy reconcile", inAction: "Run the action `reconcile`." };
}

function twins(known: readonly { readonly host: string; readonly facts: { readonly folder?: string } }[]) {
  return known.flatMap(({ host, facts: { folder } }, index): readonly Remark[] => {
    const twin = known.slice(0, index).find(({ facts }) => folder !== undefined && facts.folder === folder);
    if (twin === undefined) return [];
    const text = `its deploy-to is one and the same folder as on ${twin.host}`;
    return [judge(true, { level: "stop", about: "folders", host, text, fix: "name each server once" }, "")];
  });
}
