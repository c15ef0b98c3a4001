/** An element of an answer; AWS's have either text or elements, and no attributes that matter. */
export interface Element {
  readonly name: string;
  readonly text: string;
  readonly elements: readonly Element[];
}

interface Open extends Element {
  text: string;
  readonly elements: Element[];
}

const tokens = /<\?[^>]*\?>|<(\/?)([\w:.-]+)(?:\s[^<>]*?)?(\/?)>|([^<]+)|</g;
const entities: Readonly<Record<string, string>> = { amp: "&", apos: "'", gt: ">", lt: "<", quot: '"' };

/** The root of what the Query protocol answers. Throws for what is cut or no XML; it knows no comments, CDATA or doctypes, which AWS does not send. */
export function readXml(xml: string): Element {
  const root: Open = { name: "", text: "", elements: [] };
  const open = [root];
  for (const [token, closes, name, isEmpty, text] of xml.matchAll(tokens)) {
    const last = open.at(-1) ?? root;
    if (text !== undefined) last.text += decode(text);
    else if (name === undefined && token.startsWith("<?")) continue;
    else if (name === undefined) throw new Error("the answer is no XML");
    else if (closes !== "") {
      if (last.name !== name || open.length === 1) throw new Error("the answer is no XML");
      open.pop();
    } else {
      const element: Open = { name, text: "", elements: [] };
      last.elements.push(element);
      if (isEmpty === "") open.push(element);
    }
  }
  const [only, ...others] = root.elements;
  if (only === undefined || open.length > 1 || others.length > 0)
    throw new Error("the answer is cut, or no XML");
  return only;
}

/** The element at this path below another one; undefined: there is none. */
export function at(element: Element | undefined, ...path: readonly string[]): Element | undefined {
  return path.reduce<Element | undefined>(
    (found, name) => found?.elements.find((one) => one.name === name),
    element,
  );
}

export function textAt(element: Element | undefined, ...path: readonly string[]): string | undefined {
  return at(element, ...path)?.text;
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    if (name !== undefined) return entities[name] ?? whole;
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
