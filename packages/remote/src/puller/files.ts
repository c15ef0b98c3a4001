import { checkCount, checkWord } from "../check.ts";
import { quote } from "../quote.ts";
import { scripts } from "../scripts.gen.ts";

/** What one machine that deploys itself is told once, at its birth. No secret is in it. */
export interface PullerSettings {
  readonly app: string;
  readonly environment: string;
  /** `https://…` or `file:///…`, below which `pointer`, `parcels/` and `status/` lie. */
  readonly store: string;
  /** The lowest serial that the machine believes: that of the pointer when this was made. */
  readonly floor: number;
  /** Its name in status keys. */
  readonly host: string;
  /** Of a bucket that is read as the role of an EC2 instance; undefined where the address may be read by all who reach it. */
  readonly roleRegion?: string | undefined;
  /** Where the instance's metadata are, if elsewhere than on EC2. */
  readonly imds?: string | undefined;
}

/** The files below `<deploy-to>/.deploy/puller`, by path; `publicKey` is PEM. A pass is `sh agent/puller.sh <deploy-to>`. */
export function pullerFiles(settings: PullerSettings, publicKey: string): ReadonlyMap<string, string> {
  const agent = agentScripts.map(([name, text]) => [`agent/${name}`, text] as const);
  return new Map([["settings", settingsText(settings)], ["key.pem", publicKey], ...agent]);
}

const agentScripts = [
  ["puller.sh", scripts.puller],
  ["receive.sh", scripts.receive],
  ["flip.sh", scripts.flip],
  ["finish.sh", scripts.finish],
] as const;

/** All that deploys on a machine as one script, which writes it where it is run; lies in the store as `agent/<its SHA-256>`. */
export function pullerAgent(): string {
  const lines = agentScripts.map(
    ([name, text]) => `printf %s ${quote(text)} >${name}.new && mv -f ${name}.new ${name}`,
  );
  return `#!/bin/sh\nset -e\n${lines.join("\n")}\n`;
}

function settingsText(settings: PullerSettings): string {
  const { app, environment, store, floor, host, roleRegion, imds } = settings;
  return [
    `app ${checkWord("an app", app)}`,
    `environment ${checkWord("an environment", environment)}`,
    `store ${checkWord("a store", store)}`,
    `floor ${checkCount("a serial", floor)}`,
    `host ${checkWord("a host", host)}`,
    ...(roleRegion === undefined ? [] : [`role-region ${checkWord("a region", roleRegion)}`]),
    ...(imds === undefined ? [] : [`imds ${checkWord("an address", imds)}`]),
    "",
  ].join("\n");
}
