import { commandReader, formsOf } from "@deploy/testkit";

/** Where secrets may be found, by name: logs, summaries, outputs, files. */
export type Places = Readonly<Record<string, string>>;

/** `SECRET in PLACE` for every secret that a place holds: plain, per line, base64 at each alignment, URL and JSON form. */
export function findLeaks(secrets: Readonly<Record<string, string>>, places: Places): readonly string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const forms = linesOf(secret).flatMap(formsOf);
    return Object.entries(places)
      .filter(([, text]) => forms.some((form) => text.includes(form)))
      .map(([place]) => `${name} in ${place}`);
  });
}

/** The secret whole and each of its lines; the armour of a key is public. */
function linesOf(secret: string): readonly string[] {
  const lines = secret.split("\n").filter((line) => line.trim().length >= 4 && !line.startsWith("-----"));
  return [secret, ...lines];
}

/** The raw output without the masks that the runner obeys: it never shows those, and all others as they are. */
export function withoutMasks(raw: string): string {
  const commandIn = commandReader();
  return raw
    .split("\n")
    .filter((line) => commandIn(line)?.name !== "add-mask")
    .join("\n");
}
