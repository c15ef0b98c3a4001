import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The tree of the measurement: 300 files, of which 30 are shared parts. The same bytes each time. */
export const shape = { styles: 120, parts: 30, scripts: 150 } as const;

/** Writes the tree below `root/assets`. */
export function writeTree(root: string): void {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (let index = 0; index < shape.parts; index++)
    write(`assets/css/shared/_part${index}.scss`, part(index));
  for (let index = 0; index < shape.styles; index++) write(stylePath(index), style(index, 0));
  for (let index = 0; index < shape.scripts; index++) write(scriptPath(index), script(index, 0));
}

/** Changes one style sheet; `round` makes the bytes new each time. */
export function changeTree(root: string, round: number): void {
  writeFileSync(join(root, stylePath(7)), style(7, round));
}

const stylePath = (index: number) => `assets/css/area${index % 12}/page${index}.scss`;
const scriptPath = (index: number) => `assets/js/area${index % 15}/module${index}.js`;

/** Numbers from a seed (Numerical Recipes' LCG). */
function numbers(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761 + 12_345) % 4_294_967_296;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

const words =
  "order price basket total stock item user address invoice label status filter page query result".split(" ");

/** Mixins, a map, a function and a few rules: 1 to 2 kB. */
function part(index: number): string {
  const pick = numbers(index + 1);
  const sizes = Array.from({ length: 8 }, (_, step) => `  "s${step}": ${(step + 1) * (pick(4) + 1)}px,`).join(
    "\n",
  );
  return `@use "sass:color";
@use "sass:map";
@use "sass:math";
${index >= 10 ? `@use "part${index % 10}" as base;\n` : ""}
$tone: rgb(${pick(256)}, ${pick(256)}, ${pick(256)}) !default;
$sizes: (
${sizes}
);

@function size-${index}($name, $by: 1) {
  @return map.get($sizes, $name) * $by;
}

@mixin card-${index}($depth: 2) {
  padding: size-${index}("s1") math.div(size-${index}("s3"), 2);
  color: color.adjust($tone, $lightness: -10%);
  box-shadow: 0 #{$depth}px #{$depth * 4}px rgba($tone, 0.3);
  &:hover { color: color.scale($tone, $lightness: 20%); }
  @content;
}

@mixin columns-${index}($count) {
  @for $number from 1 through $count {
    .column-#{$number} { width: math.percentage(math.div($number, $count)); }
  }
}
`;
}

/** A page's style sheet with four parts and 20 to 60 rules. */
function style(index: number, round: number): string {
  const pick = numbers(index * 31 + round * 7 + 1_000);
  const parts = [...new Set(Array.from({ length: 4 }, () => pick(shape.parts)))];
  const uses = parts.map((one) => `@use "../shared/part${one}" as p${one};`).join("\n");
  const rules = Array.from({ length: 20 + pick(40) }, (_, rule) => {
    const one = parts[rule % parts.length] ?? 0;
    return `  .${words[pick(15)]}-${rule} {
    display: flex;
    margin: p${one}.size-${one}("s${pick(8)}", ${pick(3) + 1}) auto;
    background-color: rgb(${pick(256)} ${pick(256)} ${pick(256)} / 50%);
    @include p${one}.card-${one}(${pick(6) + 1}) { border: ${pick(4)}px solid p${one}.$tone; }
    > a:not(.active) { text-decoration: underline; font-weight: ${(pick(9) + 1) * 100}; }
  }`;
  });
  const [first = 0] = parts;
  return `${uses}
.page-${index} {
  @include p${first}.columns-${first}(${pick(8) + 4});
${rules.join("\n")}
}
`;
}

/** A module of 10 to 60 functions, 5 to 30 kB: comments, branches, loops, template strings. */
function script(index: number, round: number): string {
  const pick = numbers(index * 17 + round * 3 + 90_000);
  const functions = Array.from({ length: 10 + pick(50) }, (_, number) => scriptFunction(number, pick));
  return `// Module ${index}: ${words[pick(15)]} and ${words[pick(15)]}.
(function (window) {
  "use strict";
  var registry = {};
${functions.join("\n")}
  window.module${index} = registry;
})(window);
`;
}

function scriptFunction(number: number, pick: (below: number) => number): string {
  const [one, two, three] = [words[pick(15)], words[pick(15)], words[pick(15)]];
  return `
  /**
   * Works out the ${one} of a ${two}, with its ${three}s in mind. Gives undefined where there is none.
   */
  registry.${one}Of${number} = function (${one}List, ${two}Options, callback) {
    var maximum${number} = ${two}Options.limit || ${pick(1_000)};
    var collected${number} = [];
    for (var position = 0; position < ${one}List.length && position < maximum${number}; position++) {
      var current${number} = ${one}List[position];
      if (current${number}.${three} === "${two}" || current${number}.${two} > ${pick(100)}) {
        collected${number}.push({ name: current${number}.name, ${three}: current${number}.${three} * ${pick(10) + 2} });
      } else if (typeof callback === "function") {
        callback(\`${one} \${position} of \${${one}List.length} has no ${three}\`, current${number});
      }
    }
    return collected${number}.length === 0 ? undefined : collected${number};
  };`;
}
