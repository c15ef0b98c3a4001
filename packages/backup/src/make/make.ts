import { randomBytes } from "node:crypto";
import { cleanLine } from "@deploy/core";
import { inspectSource, type SourceFacts } from "@deploy/remote";
import { ask, whileDumping } from "../host/ask.ts";
import { orCancelled } from "../host/place.ts";
import { mintBackupId } from "../id.ts";
import { readBack } from "../proof/readBack.ts";
import { countSource, proveByRestore } from "../proof/restored.ts";
import { signingKeyFor } from "../sign/key.ts";
import type { BackupManifest, BackupRequest, Proof } from "../types.ts";
import { checkBackupRequest } from "./check.ts";
import { commit } from "./commit.ts";
import { discard } from "./discard.ts";
import { withGlobals } from "./globals.ts";
import { checkSameDatabase } from "./identity.ts";
import { type Uploaded, upload } from "./upload.ts";

/**
 * A backup that is proved before it counts: dumped, stored, read back, and only then named by its manifest. Where any of it fails nothing
 * is left in the store but what may not be deleted there. Throws what `docs/reference/errors.md` lists as `backup-…`, and the store's own.
 */
export async function makeBackup(request: BackupRequest): Promise<BackupManifest> {
  try {
    await checkBackupRequest(request);
    const facts = await ask(request, inspectSource(request.source), whileDumping);
    for (const warning of facts.warnings) request.onNote?.(warning);
    await checkSameDatabase(request, facts);
    const id = mintBackupId(request.now, request.app, randomBytes(2));
    return await withGlobals(request, facts, id, (globals) => dumpAndProve(request, facts, { id, globals }));
  } catch (error) {
    throw orCancelled("backup", request.signal, error);
  }
}

async function dumpAndProve(
  request: BackupRequest,
  facts: SourceFacts,
  begun: Begun,
): Promise<BackupManifest> {
  const { id } = begun;
  const signingKey = signingKeyFor(request.signingKey, request.signedBy);
  const before = request.verify === "restore" ? await countSource(request) : undefined;
  const began = performance.now();
  const uploaded = await upload(request, facts, id);
  const between = performance.now();
  try {
    const proofs: Proof[] = ["parsed", ...(await readBack(request, uploaded))];
    let plainOwners = false;
    if (before !== undefined) {
      const looks = { before, after: await countSource(request) };
      plainOwners = (await proveByRestore(request, uploaded, looks)).plainOwners;
      proofs.push("restored");
    }
    request.signal?.throwIfAborted();
    const took = { dump: Math.round(between - began), verify: Math.round(performance.now() - between) };
    const manifest = manifestOf(request, facts, { ...begun, uploaded, proofs, plainOwners, took });
    return await commit(request.store, manifest, { writer: uploaded.writer, signingKey });
  } catch (error) {
    const reason = orCancelled("backup", request.signal, error);
    throw await discard(request.store, uploaded.key, uploaded.writer, reason);
  }
}

interface Begun {
  readonly id: string;
  readonly globals: BackupManifest["globals"];
}

interface Made extends Begun {
  readonly uploaded: Uploaded;
  readonly proofs: readonly Proof[];
  readonly plainOwners: boolean;
  readonly took: BackupManifest["took"];
}

function manifestOf(request: BackupRequest, facts: SourceFacts, made: Made): BackupManifest {
  const { app, environment, release, live, run, by, now, source, recipients, transport } = request;
  const { key, compression, plain, stored } = made.uploaded;
  return {
    schema: 1,
    id: made.id,
    app,
    environment,
    created: now.toISOString(),
    ...(release === undefined ? {} : { release }),
    ...(live === undefined ? {} : { live }),
    run: cleanLine(run),
    ...(by === undefined ? {} : { by: cleanLine(by) }),
    host: cleanLine(transport.host.name),
    database: {
      kind: source.kind,
      name: facts.name,
      server: cleanLine(facts.server),
      tool: cleanLine(facts.tool),
      identity: cleanLine(facts.identity),
      tables: facts.tables,
    },
    compression,
    recipients: [...new Set(recipients)],
    plain,
    stored: { key, ...stored },
    ...(made.globals === undefined ? {} : { globals: made.globals }),
    proofs: made.proofs,
    ...(made.plainOwners ? { plainOwners: true } : {}),
    took: made.took,
  };
}
