import type { Book } from "./books.ts";

/** Equal seeds, equal numbers: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Style sheets put together from what people write, and what browsers skip, with white space and comments anywhere. */
export function generated(seed: number): Book {
  const files = Array.from(
    { length: 20 },
    (_, at) => [`s${at}.css`, sheet(numbers(seed * 20 + at))] as const,
  );
  return { name: "generated style sheets", packages: [], files: Object.fromEntries(files) };
}

type Pick = (below: number) => number;

function sheet(pick: Pick): string {
  const start = pick(3) === 0 ? '@charset "utf-8";\n' : "";
  return start + Array.from({ length: 40 }, () => rule(pick, 0)).join(blank(pick));
}

function rule(pick: Pick, depth: number): string {
  const heads = depth < 2 && pick(4) === 0 ? atRules : selectors;
  const head = one(pick, heads).replaceAll(" ", () => blank(pick) || " ");
  const count = 1 + pick(5);
  const inner = heads === atRules || (depth > 0 && pick(4) === 0);
  const body = Array.from({ length: count }, () =>
    inner && depth < 3 ? rule(pick, depth + 1) : `${declaration(pick)}${one(pick, [";", ";", " ;", ";;"])}`,
  );
  if (!inner) body.push(declaration(pick));
  return `${head}${blank(pick)}{${blank(pick)}${body.join(blank(pick))}${blank(pick)}}${one(pick, odd)}`;
}

function declaration(pick: Pick): string {
  const [name = "", value = ""] = one(pick, declarations).split(/:(.*)/s);
  const important = pick(8) === 0 ? one(pick, [" !important", "! important", "!important", " !ie"]) : "";
  return `${name}${blank(pick)}:${blank(pick)}${/["']/.test(value) ? value : value.replaceAll(" ", () => blank(pick) || " ")}${important}`;
}

function blank(pick: Pick): string {
  return one(pick, ["", "", "", " ", " ", "\n  ", "\t", " /* a ; } */ ", "\r\n", " /**/"]);
}

function one<T extends string>(pick: Pick, list: readonly T[]): string {
  return list[pick(list.length)] ?? "";
}

const selectors = [
  ...["a", ".b > c", "d:hover", "*", "e::placeholder", "f ~ g , h + .i", ":not( .j , .k )", "a :hover"],
  ...['[data-x = "y  z"]', ".l\\31 2", "m:nth-child( 2n + 1 )", "::-webkit-input-placeholder", "&.n > o"],
  ...[
    "input::-moz-placeholder",
    "p:is(q, r) s",
    "#aabbcc",
    "html > /**/ body",
    "t || u",
    "v:has(> w)",
    "> x",
  ],
  ...[".été", "y:-ms-input-placeholder", "@media x", "a:lang(de):before", "0%", "from , to"],
];
const atRules = [
  ...["@media screen", "@media ( min-width : 100px ) and (max-width: 900px)", "@media (width >= 10px)"],
  ...["@media \\0screen", "@media all and (-webkit-min-device-pixel-ratio:0)", "@supports (display: grid)"],
  ...["@supports not ( ( a : b ) or (display : flex) )", "@layer one.two", "@container (min-width : 1px)"],
  ...["@supports selector( a > b )", "@media print , screen", "@keyframes z", "@-webkit-keyframes z"],
];
const odd = ["", "", "", "", "", "", "", "", "}", ";", "<!--", "\n"];
const declarations = [
  ...["color:#ffffff", "color:#AABBCC", "color:rgba(0, 0, 0, .5)", "margin:0.50px -0.5em 00.5em 1.0px"],
  ...[
    "-webkit-backdrop-filter:blur(1px)",
    "backdrop-filter:blur(1px)",
    "background:red",
    "margin-top:+0.5px",
  ],
  ...[
    "background:-webkit-linear-gradient(top, #ffffff, #000000)",
    "background:linear-gradient(to top, red, blue)",
  ],
  ...['content:"\\f101 a"', "content:'\\201C'", "content:'é \\\n b'", "font:12px / 1.5 'A  B' , serif"],
  ...["width:calc( 100% - ( 2 * 1px ) + 0.5px )", "grid-area:1 / 2 / span 3", "*zoom:1", "_height:1px"],
  ...[
    "filter:progid:DXImageTransform.Microsoft.gradient( startColorstr='#80000000' , endColorstr='#80000000' )",
  ],
  ...["filter:alpha( opacity = 50 )", "--a: { b : c } ", "--d:", "--e: 0.50 #ffffff ", "color:var( --f , )"],
  ...["width:10px\\9", "color:red\\0/", "background:url( x.png )", "background:url('x y.png')", "e f"],
  ...["transform:translate( 1px , 2px ) rotate(0.5turn)", "transition:color 0.3s ease , top .1s"],
  ...[
    "grid-template-areas:'a  b' 'c d'",
    "unicode-range:U+0025-00FF , u+4??",
    "will-change:transform , opacity",
  ],
  ...[
    "margin:1px 1px 1px 1px",
    "padding-left:1px",
    "padding:2px",
    "animation:a 0.5s cubic-bezier( 0.1 , 0.7 , 1 , 0.1 )",
  ],
  ...[
    "aspect-ratio:16 / 9",
    "color:oklch( 50% 0.1 20 / 0.5 )",
    "inset:0",
    "user-select:none",
    "color:",
    ":b",
  ],
];
