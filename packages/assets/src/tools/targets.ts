/** Browsers as lightningcss wants them: `{ chrome: 95 << 16 }`. */
export type Targets = Readonly<Record<string, number>>;

/** Names of browserslist that lightningcss has under another name, or (`undefined`) does not know. */
const names: Readonly<Record<string, string | undefined>> = {
  and_chr: "chrome",
  and_ff: "firefox",
  ie_mob: "ie",
  op_mob: "opera",
  chrome: "chrome",
  firefox: "firefox",
  ie: "ie",
  opera: "opera",
  edge: "edge",
  safari: "safari",
  ios_saf: "ios_saf",
  android: "android",
  samsung: "samsung",
};

/** The oldest version of each browser of a browserslist answer: `["chrome 95", "ios_saf 15.2-15.3"]`. */
export function toTargets(browsers: readonly string[]): Targets {
  const targets: Record<string, number> = {};
  for (const browser of browsers) {
    const [name = "", version = ""] = browser.split(" ");
    const known = names[name];
    const number = parseVersion(version);
    if (known === undefined || number === undefined) continue;
    targets[known] = Math.min(targets[known] ?? number, number);
  }
  return targets;
}

function parseVersion(text: string): number | undefined {
  if (!/^\d/.test(text)) return undefined;
  const [major = Number.NaN, minor = 0, patch = 0] = (text.split("-")[0] ?? "").split(".").map(Number);
  const number = (major << 16) | (minor << 8) | patch;
  return [major, minor, patch].every(Number.isInteger) ? number : undefined;
}
