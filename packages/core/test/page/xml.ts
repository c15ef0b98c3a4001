/** `well-formed`, or what is not: elements that nest, attributes in quotes once each, entities and characters that XML 1.0 has. */
export function wellFormed(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text) || !text.isWellFormed())
    return "a character XML lacks";
  const open: string[] = [];
  let rest = text.replace(/^<\?xml [^?]*\?>\n/, "");
  let roots = 0;
  while (rest !== "") {
    const found = /^(?:<(\/?)([A-Za-z]\w*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+))/.exec(rest);
    if (found === null) return `no markup: ${rest.slice(0, 60)}`;
    const [whole, closes, name = "", attributes = "", empty, words = ""] = found;
    if (/&(?!(?:amp|lt|gt|quot|apos|#\d+);)/.test(attributes + words))
      return `an entity: ${whole.slice(0, 60)}`;
    const names = [...attributes.matchAll(/([\w:-]+)="[^"]*"/g)].map(([, one]) => one);
    if (new Set(names).size < names.length) return `an attribute twice: ${whole}`;
    if (words !== "" && words.trim() !== "" && open.length === 0) return "text outside";
    if (closes === "/" && open.pop() !== name) return `</${name}> closes another`;
    if (words === "" && closes !== "/") {
      if (open.length === 0) roots += 1;
      if (empty !== "/") open.push(name);
    }
    rest = rest.slice(whole.length);
  }
  return open.length === 0 && roots === 1 ? "well-formed" : "not closed";
}
