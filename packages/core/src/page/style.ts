/** Both colour schemes, contrast of at least 4.5 in each; from 320 pixels on. No font, picture or address of anybody's. */
export const style = `:root{color-scheme:light dark;--ink:#1f2328;--soft:#57606a;--line:#d0d7de;--back:#fff;--well:#116329;--look:#9a3b00;--none:#57606a;--link:#0550ae}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4af;--line:#3d444d;--back:#0d1117;--well:#56d364;--look:#f0a35e;--none:#9aa4af;--link:#79c0ff}}
*{box-sizing:border-box}body{margin:0 auto;max-width:64rem;padding:1rem;background:var(--back);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.3;margin:.25rem 0}h2{font-size:1.1rem;margin:2rem 0 .5rem}p,ul{margin:.25rem 0}.soft{color:var(--soft)}
.well{color:var(--well)}.look{color:var(--look)}.unknown{color:var(--none)}a{color:var(--link);display:inline-block;min-height:1.5rem}
b{font-weight:inherit}th time,td time{white-space:nowrap}.scroll{overflow-x:auto}.scroll:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.95rem}caption{text-align:left;color:var(--soft);padding:.25rem 0}th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:normal}
.strip{display:flex;flex-wrap:wrap;gap:.25rem;list-style:none;padding:0}.strip li{font-family:ui-monospace,monospace;min-width:1.5rem;text-align:center;border:1px solid currentColor;border-radius:3px}
code{font-family:ui-monospace,monospace;font-size:.9em}`;

/** Ages beside the times, and the headline's doubt once the page is old; without it times stand alone. */
export const script = `for(const t of document.querySelectorAll("time")){const s=(Date.now()-Date.parse(t.dateTime))/1e3,n=s<120?Math.round(s)+" s":s<7200?Math.round(s/60)+" min":s<172800?Math.round(s/3600)+" h":Math.round(s/86400)+" days";t.append(" ("+n+" ago)")}
const m=document.querySelector("main"),a=(Date.now()-Date.parse(m.dataset.read))/36e5;if(a>m.dataset.stale){const h=document.querySelector("h1");h.className="unknown";h.textContent="? Not read for "+Math.round(a)+" h. Then: "+h.textContent.slice(2)}`;
