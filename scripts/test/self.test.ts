import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { renderPage, renderSelf } from "../render/self.ts";
import { calledWorkflows } from "../render/workflows.ts";

const explicit = { repository: "acme/deploy", ref: "v1", self: "explicit" } as const;
const dollar = { ...explicit, self: "dollar" } as const;
const source = `jobs:
  one:
    # \`$/x\` in a comment stays
    concurrency:
      group: g
      queue: max
    steps:
      - uses: $/activate
      - name: two
        uses: $/upload # why
      - uses: actions/checkout@v7
  two:
    uses: $/.github/workflows/deploy.yml
`;

describe("renderSelf", () => {
  test("leaves the dollar form as it is", () => {
    expect(renderSelf(source, dollar)).toBe(source);
  });

  test("names the repository and the ref, and drops what act does not know", () => {
    expect(renderSelf(source, explicit)).toBe(`jobs:
  one:
    # \`$/x\` in a comment stays
    concurrency:
      group: g
    steps:
      - uses: acme/deploy/activate@v1
      - name: two
        uses: acme/deploy/upload@v1 # why
      - uses: actions/checkout@v7
  two:
    uses: acme/deploy/.github/workflows/deploy.yml@v1
`);
  });

  test("refuses a self reference it cannot see through", () => {
    expect(() => renderSelf("steps: [{ uses: $/activate }]\n", explicit)).toThrow(
      "this self reference could not be rendered: steps: [{ uses: $/activate }]",
    );
  });
});

test("a page names whoever publishes it", () => {
  const text =
    "uses: org/deploy/plan@v1 # `org/deploy`, not org/deployer, my-org/deploy-x or actions/checkout@v1\n";
  expect(renderPage(text, { repository: "acme/ship", ref: "v2.0.1" })).toBe(
    "uses: acme/ship/plan@v2 # `acme/ship`, not org/deployer, my-org/deploy-x or actions/checkout@v1\n",
  );
});

test("an address of GitHub too, with the version it is read under", () => {
  const text =
    "https://raw.githubusercontent.com/org/deploy/v1/deploy.schema.json https://github.com/org/deploy/issues https://example.com/org/deploy";
  expect(renderPage(text, { repository: "acme/ship", ref: "v2.0.1" })).toBe(
    "https://raw.githubusercontent.com/acme/ship/v2/deploy.schema.json https://github.com/acme/ship/issues https://example.com/org/deploy",
  );
});

describe.each([...calledWorkflows()])("%s", (_, text) => {
  test("differs between the forms in references and young keys only", () => {
    const changed = JSON.stringify(parse(text), (key, value: unknown) => {
      if (key === "queue") return undefined;
      return key === "uses" ? String(value).replace(/^\$\/(.*)$/, "acme/deploy/$1@v1") : value;
    });
    expect(JSON.stringify(parse(renderSelf(text, explicit)))).toBe(changed);
  });

  test("has no expression in a command", () => {
    const commands: string[] = [];
    JSON.stringify(parse(text), (key, value: unknown) => {
      if (key === "run") commands.push(String(value));
      return value;
    });
    expect(commands.filter((command) => command.includes("$" + "{{"))).toEqual([]);
  });
});
