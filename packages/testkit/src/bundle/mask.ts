/** Replaces every known form of every registered secret by `***`, as the runner does. */
export interface Masker {
  add(value: string): void;
  mask(text: string): string;
}

/** A masker that knows nothing yet. */
export function masker(): Masker {
  const forms = new Set<string>();
  let sorted: string[] = [];
  const add = (value: string) => {
    for (const line of [value, ...value.split(/\r?\n/)]) {
      for (const form of formsOf(line)) forms.add(form);
    }
    sorted = [...forms].sort((one, other) => other.length - one.length);
  };
  return { add, mask: (text) => sorted.reduce((masked, form) => masked.replaceAll(form, "***"), text) };
}

/** The forms of one secret that the runner masks: plain, base64 at three alignments, URI, JSON and XML escapes. */
export function formsOf(secret: string): string[] {
  if (secret.trim() === "") return [];
  const json = JSON.stringify(secret).slice(1, -1);
  const xml = secret.replace(/[<>"'&]/g, (found) => `&${xmlNames[found]};`);
  const shell = secret.replace(/"/g, '\\"');
  const expression = secret.replace(/'/g, "''");
  const forms = [secret, ...base64Forms(secret), encodeURIComponent(secret), json, xml, shell, expression];
  return [...new Set(forms)];
}

const xmlNames: Record<string, string> = { "<": "lt", ">": "gt", '"': "quot", "'": "apos", "&": "amp" };

// Inside a longer base64 text the last digit depends on what follows: the runner leaves it out, too.
// Forms below four digits would hit innocent text.
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [0, 1, 2].map((shift) => {
    const coded = bytes.subarray(bytes.length > shift ? shift : 0).toString("base64");
    const digits = coded.replace(/=+$/, "");
    return digits === coded || digits.length < 2 ? coded : digits.slice(0, -1);
  });
  return forms.filter((form) => form.length >= 4);
}
