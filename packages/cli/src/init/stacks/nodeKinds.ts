import type { Manifest, Repository } from "../repository.ts";

/** A framework for Node whose server is built: where it lies then, and what starts it. */
export interface NodeKind {
  /** The one package that says so. */
  readonly name: string;
  /** What the build makes, of which git knows nothing. */
  readonly makes: string;
  /** It holds all that it needs: nothing else is sent, and nothing is installed on the server. */
  readonly alone?: boolean;
  /** Below it, what only the next build reads. */
  readonly caches?: string;
  /** Variables and a program, from the folder that is sent; on loopback, since nginx stands before it. */
  readonly start: string;
  /** Commands that make it whole, after the build. */
  readonly after?: readonly string[];
}

const kinds: readonly NodeKind[] = [
  {
    ...{ name: "next", makes: ".next", caches: "/.next/cache" },
    start: "node node_modules/.bin/next start --hostname 127.0.0.1",
  },
  { name: "nuxt", makes: ".output", alone: true, start: "HOST=127.0.0.1 node server/index.mjs" },
  { name: "@sveltejs/adapter-node", makes: "build", start: "HOST=127.0.0.1 node build" },
  { name: "@astrojs/node", makes: "dist", start: "HOST=127.0.0.1 node dist/server/entry.mjs" },
  {
    ...{ name: "@react-router/serve", makes: "build" },
    start: "HOST=127.0.0.1 node node_modules/.bin/react-router-serve build/server/index.js",
  },
  { name: "@nestjs/core", makes: "dist", start: "node dist/main.js" },
];

export function nodeKindOf(repository: Repository, { packages }: Manifest): NodeKind | undefined {
  const kind = kinds.find(({ name }) => packages.includes(name));
  if (kind?.name !== "next") return kind;
  const output = nextOutput(repository);
  if (output === "export") return undefined;
  return output === "standalone" ? standalone(repository) : kind;
}

/** `export` is pages, `standalone` a server that needs no packages; neither is said: a folder that `next start` reads. */
export function nextOutput(repository: Repository): string | undefined {
  const config = ["ts", "mjs", "js"].map((end) => repository.text(`next.config.${end}`)).join("\n");
  return /^[^/\n]*\boutput: *["'](export|standalone)["']/m.exec(config)?.[1];
}

/** Next leaves beside it what a CDN might serve (nextjs.org, `output`). */
function standalone(repository: Repository): NodeKind {
  const makes = ".next/standalone";
  return {
    ...{ name: "next", makes, alone: true, start: "HOSTNAME=127.0.0.1 node server.js" },
    after: [
      `cp -R .next/static ${makes}/.next/`,
      ...(repository.has("public") ? [`cp -R public ${makes}/`] : []),
    ],
  };
}
