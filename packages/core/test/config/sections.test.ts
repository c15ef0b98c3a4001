import {
  type ConfigOverrides,
  camelCase,
  configJsonSchema,
  type Input,
  inputsOf,
  type JsonSchema,
  parseAssets,
  parseBackup,
  type SectionName,
  sections,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { inputs, outcome } from "./helpers.ts";

/** For each kind, texts of which at least one suits any input of it. */
const examples: Readonly<Record<Input["kind"], readonly string[]>> = {
  text: [
    ...[
      "none",
      "hosts",
      "other",
      "1m",
      "2s",
      "31d",
      "1MB",
      "auto",
      "mysql",
      "restore",
      "runner",
      "zstd",
      "all",
      "URL",
      "overwrite",
    ],
    ...[
      "~/other",
      "web2",
      "s3://other/place",
      "https://other.example.com",
      "https://other.example.com/x",
      "E2QWRUHAPOMQZL",
      "127.0.0.2",
    ],
    ...["eu-north-1", "when-required", "AES256", "arn:aws:iam::123456789012:role/other"],
  ],
  lines: [
    ...["a\nb", "deploy@web9", "gzip\nbr", "vite", "X-Forwarded-Proto: https"],
    "age1axhest3v89dpa93ffvlunr68gdqvxhaecwygprrfsfxm229jgvrs6xqtal",
    "MCowBQYDK2VwAyEAksFinY9MqwmnHyneprNd5hx3Twe2i90g4t/DCwSvas8=",
  ],
  number: ["7", "404"],
  flag: ["true", "false"],
};

const base: ConfigOverrides = {
  deployTo: "/srv/shop",
  hosts: "web1\ndeploy@web2",
  username: "root",
  uploadMethod: "pull",
  uploadStore: "s3://shop/releases",
  migrate: "npm run migrate",
  healthUrl: "http://127.0.0.1/up",
};
const store = { store: "s3://shop/x", endpoint: "https://s3.example.com" };
const databases = [
  { database: "postgres", ...store },
  { database: "files", paths: "uploads", ...store },
  { database: "sqlite", path: "a.db", ...store },
  { database: "command", run: "d", verify: "v", ...store },
];

/** What a section's input can be laid over, and how that is read. */
type Read = (more: Readonly<Record<string, string>>) => unknown;
const whole: readonly Read[] = [(more) => inputs({ ...base, ...more })];
/** Only one method has a repository. */
const { uploadStore: _, ...storeless } = base;
const git = { uploadMethod: "git", uploadRepository: "https://git.example.com/shop.git" };
const byGit: Read = (more) => inputs({ ...storeless, ...git, ...more });
const alone: Partial<Record<SectionName, readonly Read[]>> = {
  assets: [
    (more) => outcome(() => parseAssets(undefined, { file: "f", overrides: { publish: "s3://b", ...more } })),
  ],
  backup: databases.map(
    (given) => (more) =>
      outcome(() => parseBackup(undefined, { file: "f", overrides: { ...given, ...more } })),
  ),
};

const names = Object.keys(sections) as SectionName[];
const every = names.flatMap((section) =>
  Object.entries(inputsOf([section])).map(([name, input]) => ({ section, name, input })),
);

describe.each(every)("$section: $name", ({ section, name, input }) => {
  const all = alone[section] ?? whole;
  // Another database asks for other keys beside it.
  const reads = name === "database" ? all.slice(0, 1) : name === "upload-repository" ? [byGit] : all;

  test("reaches the config, or is refused under its own name", () => {
    const results = reads.flatMap((read) => {
      const before = read({});
      return examples[input.kind].map((text) => {
        const after = read({ [camelCase(name)]: text });
        if (!Array.isArray(after))
          return JSON.stringify(after) === JSON.stringify(before) ? "same" : "changed";
        const named = after.some((line) => new RegExp(`^input ${name}[: ]`).test(line));
        return named ? "refused" : after.join("; ");
      });
    });
    expect(results.filter((result) => !["same", "changed", "refused"].includes(result))).toEqual([]);
    // There is but one strategy yet, and the only host here is the leader.
    expect(results).toContain(["strategy", "without"].includes(name) ? "refused" : "changed");
  });

  test("goes where the schema has a key", () => {
    expect(keysOf(configJsonSchema())).toContain(input.path.join("."));
  });
});

test("no two inputs of one action have one name, and no two one place", () => {
  const paths = every.map(({ input }) => input.path.join("."));
  expect(new Set(paths).size).toBe(paths.length);
  const laid = every.filter(({ section }) => alone[section] === undefined).map(({ name }) => name);
  expect(new Set(laid).size).toBe(laid.length);
});

/** Every key of the schema as a path, environments' own ones without their environment. */
function keysOf(schema: JsonSchema, base = ""): readonly string[] {
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const inner = schema.additionalProperties;
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
      const path = base === "" ? key : `${base}.${key}`;
      return [path, ...keysOf(value, key === "environments" ? "" : path)];
    }),
    ...branches.flatMap((branch) => keysOf(branch, base)),
    ...(typeof inner === "object" ? keysOf(inner, base) : []),
  ];
}
