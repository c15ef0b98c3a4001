import { describe, expect, test } from "@jest/globals";
import { renderManifest } from "../generate/actionInputs.ts";
import { renderReadme } from "../generate/actionReadmes.ts";

const readme = `# x

<!-- inputs -->
old
<!-- /inputs -->
between
<!-- outputs -->
<!-- /outputs -->
end
`;
const manifest = {
  inputs: {
    environment: { description: "Which | one.\nTwo lines.", required: true },
    config: { description: "The file.", default: ".github/deploy.yml" },
    to: { description: "" },
  },
  outputs: { release: { description: "Its id, $1." } },
};

describe("renderReadme", () => {
  test("writes both tables between their marks, and touches nothing else", () => {
    expect(renderReadme(readme, manifest)).toBe(`# x

<!-- inputs -->
| Input | Default | Meaning |
| --- | --- | --- |
| \`environment\` | required | Which \\| one. Two lines. |
| \`config\` | \`.github/deploy.yml\` | The file. |
| \`to\` |  |  |
<!-- /inputs -->
between
<!-- outputs -->
| Output | Meaning |
| --- | --- |
| \`release\` | Its id, $1. |
<!-- /outputs -->
end
`);
  });

  test("gives the same text again", () => {
    const once = renderReadme(readme, manifest);
    expect(renderReadme(once, manifest)).toBe(once);
  });

  test("names the marks that are missing", () => {
    expect(() => renderReadme("# x\n", {})).toThrow('The markers of "inputs" are missing');
  });
});

describe("renderManifest", () => {
  const action = 'name: "x"\ninputs:\n  old:\n    description: "Gone."\noutputs:\n  release:\n';

  test("writes the inputs, and touches nothing else", () => {
    const inputs = {
      to: { description: 'A "release": $1.' },
      "dry-run": { description: "Only say.", default: "false" },
    };
    const text = renderManifest(action, inputs);
    expect(text).toBe(`name: "x"
inputs:
  # Written by \`npm run generate\` from src/inputs.ts.
  to:
    description: "A \\"release\\": $1."
  dry-run:
    description: "Only say."
    default: "false"
outputs:
  release:
`);
    expect(renderManifest(text, inputs)).toBe(text);
  });

  test("names what is missing", () => {
    expect(() => renderManifest("name: x\n", {})).toThrow("`inputs:` or `outputs:` is missing");
  });
});
