/** What a style sheet became in the browser: a line for each declaration it took, and each address in them. */
export interface Sheet {
  /** `media > selector | property: value`, in order; addresses as paths. */
  readonly lines: readonly string[];
  /** Paths, and whether the server has them. */
  readonly addresses: Readonly<Record<string, boolean>>;
}

/** An expression for the page: `readSheet(href)` reads one sheet, all it imports too. */
export const reader = `
const readSheet = async (href) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  const loaded = new Promise((done) => { link.onload = () => done(true); link.onerror = () => done(false); });
  document.head.append(link);
  const addresses = {};
  const lines = (await loaded) ? [...walk(link.sheet, "", addresses)] : ["not loaded"];
  link.remove();
  await Promise.all(Object.keys(addresses).map(async (address) => {
    addresses[address] = (await fetch(new URL(address, href), { method: "HEAD" })).ok;
  }));
  return { lines, addresses };
};
// Where the browser keeps text as it was written, white space and comments mean nothing.
const bare = (text) => text.replace(/\\/\\*.*?\\*\\//gs, "").replace(/(?<![\\w.])0+(?=\\.\\d)/g, "")
  .replace(/#([\\da-f])\\1([\\da-f])\\2([\\da-f])\\3(?![\\w-])/gi, "#$1$2$3").replace(/\\s+/g, "");
function* walk(sheet, within, addresses) {
  const named = (text) => text.replace(/url\\("([^"]*)"\\)/g, (whole, url) => {
    if (/^(?:data:|#)/.test(url)) return whole;
    const { host, pathname, search, hash } = new URL(url, sheet.href);
    if (host !== new URL(sheet.href).host) return whole;
    addresses[pathname] = false;
    return 'url("' + pathname + search + hash + '")';
  });
  function* of(rules, within) {
    for (const rule of rules) {
      const head = within + named(rule.selectorText ?? rule.keyText ?? bare(rule.cssText.split("{")[0]));
      if (rule.style) for (const name of rule.style) {
        const important = rule.style.getPropertyPriority(name) && " !important";
        const value = named(rule.style.getPropertyValue(name));
        yield head + " | " + name + ": " + (/var\\(/.test(value) ? bare(value) : value) + important;
      }
      // Style rules without a declaration say nothing; anything else says itself.
      else if (!rule.cssRules) yield head;
      if (rule.cssRules) yield* of(rule.cssRules, head + " > ");
      if (rule.styleSheet) yield* walk(rule.styleSheet, head + " > ", addresses);
    }
  }
  yield* of(sheet.cssRules, within);
}`;
