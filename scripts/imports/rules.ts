import type { IForbiddenRuleType } from "dependency-cruiser";
import { borrows, type Room, table } from "./table.ts";

const packages = Object.keys(table).filter((name) => name !== "actions");

/** The import table as rules of dependency-cruiser. Pure. */
export function importRules(): IForbiddenRuleType[] {
  return [...Object.entries(table).flatMap(([name, room]) => roomRules(name, room)), ...commonRules];
}

function roomRules(name: string, room: Room): IForbiddenRuleType[] {
  const from = { path: name === "actions" ? "^actions/[^/]+/src/" : `^packages/${name}/src/` };
  const others = packages.filter((other) => other !== name && ![...room.uses, ...room.types].includes(other));
  const rules: IForbiddenRuleType[] = [
    {
      name: `${name}: not in the table`,
      severity: "error",
      from,
      to: { path: `^packages/(${others.join("|")})/` },
    },
  ];
  if (room.types.length > 0) {
    rules.push({
      name: `${name}: types only`,
      severity: "error",
      from,
      to: { path: `^packages/(${room.types.join("|")})/`, dependencyTypesNot: ["type-only"] },
    });
  }
  if (room.node !== "all") {
    rules.push({
      name: `${name}: no I/O`,
      severity: "error",
      from,
      to: { dependencyTypes: ["core"], pathNot: `^(node:)?(${room.node.join("|")})$` },
    });
  }
  for (const owned of room.owns ?? []) rules.push(ownedRule(name, owned));
  return rules;
}

function ownedRule(name: string, owned: string): IForbiddenRuleType {
  const borrowers = packages.filter((other) => borrows[other]?.includes(owned));
  return {
    name: `only ${name} imports ${owned}`,
    severity: "error",
    from: {
      path: "^(packages|actions)/[^/]+/src/",
      pathNot: `^packages/(${[name, ...borrowers].join("|")})/`,
    },
    to: { path: `(^|/)node_modules/${owned}/` },
  };
}

const commonRules: IForbiddenRuleType[] = [
  {
    name: "no deep imports",
    severity: "error",
    from: { path: "^(packages|actions)/([^/]+)/" },
    // The testkit has a second entry, for what also runs outside jest.
    to: {
      path: "^packages/[^/]+/",
      pathNot: [
        "^packages/[^/]+/src/index\\.ts$",
        "^packages/testkit/src/servers\\.ts$",
        "^packages/core/src/(doctor|page|records)/index\\.ts$",
        "^packages/session/src/past\\.ts$",
        "^packages/session/src/packages\\.ts$",
        "^packages/$2/",
      ],
    },
  },
  {
    name: "actions never import each other",
    severity: "error",
    from: { path: "^actions/([^/]+)/" },
    to: { path: "^actions/", pathNot: "^actions/$1/" },
  },
  {
    name: "a package never imports an action",
    severity: "error",
    from: { path: "^packages/" },
    to: { path: "^actions/" },
  },
  {
    name: "sources never import tests",
    severity: "error",
    from: { path: "^(packages|actions)/[^/]+/src/" },
    to: { path: "/test/" },
  },
  {
    name: "no cycles",
    severity: "error",
    from: { path: "^(packages|actions)/" },
    to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
  },
  { name: "resolves", severity: "error", from: {}, to: { couldNotResolve: true } },
];
