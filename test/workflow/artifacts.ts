import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** GitHub's artifact service for one run, in this process: act's own is older than our client. */
export interface ArtifactService {
  /** What a job finds it with. */
  readonly env: Readonly<Record<string, string>>;
  /** In each address it gives out. */
  readonly signature: string;
  /** Names of what was uploaded whole, sorted. */
  names(): readonly string[];
  /** From now on it is listed as if other bytes had been uploaded. */
  spoil(name: string): void;
  /** When it goes, in days from now, rounded. */
  days(name: string): number;
  close(): Promise<void>;
}

const signature = "s1gn4ture";

interface Stored {
  readonly id: number;
  readonly blocks: Map<string, Buffer>;
  bytes: Buffer;
  finished: boolean;
  spoilt?: true;
  readonly expires: string;
}

type Fields = Readonly<Record<string, unknown>>;
type Shelf = Map<string, Stored>;

/** Listens on 127.0.0.1. A name is unique in a run and its content never changes, as on GitHub. */
export async function artifactService(): Promise<ArtifactService> {
  const shelf: Shelf = new Map();
  let url = "";
  const server = createServer((request, response) => {
    answer(request, response, shelf, url).catch((error: unknown) =>
      response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  return {
    env: { ACTIONS_RUNTIME_URL: url, ACTIONS_RESULTS_URL: url, ACTIONS_RUNTIME_TOKEN: runtimeToken() },
    signature,
    names: () => [...shelf].flatMap(([name, { finished }]) => (finished ? [name] : [])).sort(),
    spoil: (name) => {
      const stored = shelf.get(name);
      if (stored !== undefined) stored.spoilt = true;
    },
    days: (name) => Math.round((Date.parse(shelf.get(name)?.expires ?? "") - Date.now()) / 86_400_000),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The client reads the ids of run and job from it; nobody checks the signature. */
function runtimeToken(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return [part({ alg: "none" }), part({ scp: "Actions.Results:run:job" }), "sig"].join(".");
}

async function answer(request: IncomingMessage, response: ServerResponse, shelf: Shelf, base: string) {
  const url = new URL(request.url ?? "/", base);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const [, place = "", name = ""] = url.pathname.split("/").map(decodeURIComponent);
  if (place === "blob") return answerBlob(request, response, shelf.get(name), url.searchParams, body);
  const reply = callMethod(
    url.pathname.split("/").at(-1) ?? "",
    JSON.parse(String(body)) as Fields,
    shelf,
    base,
  );
  const status = typeof reply.code === "string" ? 409 : 200;
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(reply));
}

function callMethod(method: string, fields: Fields, shelf: Shelf, base: string): Fields {
  const name = String(fields.name ?? "");
  const stored = shelf.get(name);
  const link = `${base}blob/${encodeURIComponent(name)}`;
  switch (method) {
    case "CreateArtifact":
      if (stored !== undefined) return { code: "already_exists", msg: "an artifact with this name exists" };
      shelf.set(name, {
        ...{ id: shelf.size + 1, blocks: new Map(), bytes: Buffer.alloc(0), finished: false },
        expires: String(fields.expires_at ?? ""),
      });
      return { ok: true, signed_upload_url: `${link}?sig=${signature}` };
    case "FinalizeArtifact":
      if (stored === undefined || fields.hash !== digestOf(stored)) return { code: "invalid", msg: "hash" };
      stored.finished = true;
      return { ok: true, artifact_id: String(stored.id) };
    case "GetSignedArtifactURL":
      return { signed_url: `${link}?sig=${signature}` };
    case "DeleteArtifact":
      shelf.delete(name);
      return { ok: true, artifact_id: String(stored?.id ?? 0) };
    case "ListArtifacts":
      return { artifacts: [...shelf].flatMap((entry) => listed(entry, fields)) };
    default:
      return { code: "bad_route", msg: method };
  }
}

function listed([name, stored]: [string, Stored], fields: Fields): Fields[] {
  const filters = [
    [fields.name_filter, name],
    [fields.id_filter, String(stored.id)],
  ];
  if (!stored.finished || filters.some(([wanted, is]) => wanted !== undefined && wanted !== is)) return [];
  return [
    {
      workflow_run_backend_id: "run",
      workflow_job_run_backend_id: "job",
      database_id: String(stored.id),
      name,
      size: String(stored.bytes.length),
      created_at: "2026-01-01T00:00:00Z",
      digest: digestOf(stored),
    },
  ];
}

function digestOf({ bytes, spoilt }: Stored): string {
  return `sha256:${createHash("sha256")
    .update(spoilt ? "" : bytes)
    .digest("hex")}`;
}

/** Azure's block blobs, as far as an upload stream and a download use them. */
function answerBlob(
  request: IncomingMessage,
  response: ServerResponse,
  stored: Stored | undefined,
  query: URLSearchParams,
  body: Buffer,
): void {
  if (stored === undefined) return void response.writeHead(404).end();
  if (request.method === "GET") {
    return void response.writeHead(200, { "content-type": "application/zip" }).end(stored.bytes);
  }
  const block = query.get("blockid");
  if (query.get("comp") === "block" && block !== null) stored.blocks.set(block, body);
  else if (query.get("comp") === "blocklist") stored.bytes = joinBlocks(stored, String(body));
  else stored.bytes = body;
  response.writeHead(201, { etag: '"1"', "last-modified": new Date(0).toUTCString() }).end();
}

function joinBlocks({ blocks }: Stored, list: string): Buffer {
  const ids = [...list.matchAll(/<Latest>([^<]*)<\/Latest>/g)].map(([, id = ""]) => id);
  return Buffer.concat(ids.map((id) => blocks.get(id) ?? Buffer.alloc(0)));
}
