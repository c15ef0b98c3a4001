const esc = String.fromCharCode(27);

/** Texts that mean something to a shell, a runner, a terminal or a tool, by what they try; `canary` is what they would make. */
export function hostileTexts(canary: string): Readonly<Record<string, string>> {
  return {
    substitution: `$(touch ${canary})`,
    backtick: `\`touch ${canary}\``,
    quote: `'; touch ${canary}; '`,
    "double quote": `"; touch ${canary}; "`,
    newline: `a\ntouch ${canary}`,
    separator: `; touch ${canary}`,
    pipe: `|| touch ${canary} &`,
    "leading dash": "-rf",
    option: `--checkpoint-action=exec=touch ${canary}`,
    glob: "*",
    home: "~",
    "parent folder": "../../../tmp",
    emoji: "🚀é",
    long: "x".repeat(300),
    command: "::set-output name=release::hacked",
    "old command": "##[set-env name=HACKED]yes",
    "escaped command": "%0A::error::hacked",
    "masking command": "::add-mask::deploy",
    colours: `${esc}[31mred${esc}]0;title${String.fromCharCode(7)}`,
  };
}
