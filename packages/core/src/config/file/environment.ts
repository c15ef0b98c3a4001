import type { Wrong } from "../hosts/line.ts";
import { isName, namePhrase } from "../values/name.ts";
import { didYouMean } from "../values/suggest.ts";
import { show } from "../values/text.ts";

/** The environment that is meant: the one asked for, the only one there is, or `production` where none is. */
export function pickEnvironment(
  asked: string | undefined,
  names: readonly string[],
): { readonly name: string } | Wrong {
  const wanted = asked?.trim() ?? "";
  const list = names.join(", ");
  if (wanted === "") {
    const [only = "production", second] = names;
    if (second === undefined) return { name: only };
    const message = `expected an environment to be named (one of ${list}), got nothing`;
    return { code: "config-environment", message };
  }
  if (names.includes(wanted)) return { name: wanted };
  if (names.length === 0) {
    if (isName(wanted)) return { name: wanted };
    return { code: "config-environment", message: `expected ${namePhrase}, got ${show(wanted)}` };
  }
  const hint = didYouMean(wanted, names);
  const message = `expected one of ${list}, got ${show(wanted)}`;
  return { code: "config-environment", message, ...(hint === undefined ? {} : { hint }) };
}
