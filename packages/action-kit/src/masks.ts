/** The armour of a key is no secret, and masking it would blank every document about keys. */
const armour = /^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/;
const shortestLine = 4;

/** Every text that would give a secret away: itself, trimmed, line by line, in base64 and in a URL. */
export function masksOf(secret: string): readonly string[] {
  const trimmed = secret.trim();
  if (trimmed === "") return [];
  const lines = trimmed
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestLine && !armour.test(line));
  const forms = [secret, trimmed, `${trimmed}\n`].flatMap((text) => [text, ...encoded(text)]);
  const all = [...forms, ...lines.flatMap((line) => [line, ...encoded(line)])];
  return [...new Set(all.map((text) => text.trim()))].filter((text) => text !== "");
}

function encoded(text: string): readonly string[] {
  const base64 = Buffer.from(text).toString("base64");
  return [
    base64,
    base64.replace(/=+$/, ""),
    Buffer.from(text).toString("base64url"),
    encodeURIComponent(text),
  ];
}
