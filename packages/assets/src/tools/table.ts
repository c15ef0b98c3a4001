/** What a tool does here; each role is filled by one tool per build. */
export type Role = "sass" | "less" | "css" | "js" | "svg" | "html";

interface Known {
  readonly role: Role;
  /** Major versions we know how to drive, and the first version of the lowest. */
  readonly from: readonly [major: number, minor: number];
  readonly below: number;
}

/** Tools of the project that win over ours, best first per role. */
export const known: Readonly<Record<string, Known>> = {
  "sass-embedded": { role: "sass", from: [1, 45], below: 2 },
  sass: { role: "sass", from: [1, 45], below: 2 },
  less: { role: "less", from: [3, 0], below: 5 },
  lightningcss: { role: "css", from: [1, 20], below: 2 },
  esbuild: { role: "js", from: [0, 12], below: 1 },
  terser: { role: "js", from: [5, 0], below: 6 },
  svgo: { role: "svg", from: [2, 0], below: 5 },
};

/** What the bundle holds; a test compares these with package.json. */
export const bundled: Readonly<Record<Role, { readonly name: string; readonly version: string }>> = {
  sass: { name: "sass", version: "1.108.2" },
  less: { name: "less", version: "4.9.1" },
  css: { name: "lightningcss", version: "1.33.0" },
  js: { name: "terser", version: "5.51.2" },
  svg: { name: "svgo", version: "4.1.0" },
  html: { name: "html-minifier-next", version: "8.7.0" },
};
