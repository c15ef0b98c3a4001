import { DeployError } from "@deploy/core";
import type { P256Key, Signer } from "@deploy/sign";
import type { Store } from "@deploy/store";
import { parseParagraphs, renderParagraph } from "../control/fields.ts";
import { clearSign, readClearSigned } from "../openpgp/clearText.ts";
import { gather } from "../through.ts";

/** That somebody's tests ran against these bytes, and passed. */
export interface Tested {
  /** Hex, of the package. */
  readonly sha256: string;
  /** For people: `shop 20261121T084450Z-4f2a91c`. */
  readonly what: string;
  /** The run that tested, one line. */
  readonly by: string;
  readonly date: Date;
}

/** Signs the statement and puts it where `promote` looks; the store's policy says who may write below `tested/`. */
export async function stateTested(store: Store, signer: Signer, tested: Tested): Promise<void> {
  const { sha256, what, by, date } = tested;
  const text = renderParagraph({
    Tested: sha256,
    What: oneLine(what),
    By: oneLine(by),
    Date: date.toISOString(),
  });
  const signed = await clearSign(text, Math.floor(date.getTime() / 1000), signer);
  await store.put(keyOf(sha256), Buffer.from(signed), { overwrite: true, contentType: "text/plain" });
}

/** The statement about these bytes, by the holder of the key. Throws `not-tested`. */
export async function readTested(store: Store, key: P256Key, sha256: string, what: string): Promise<Tested> {
  const refused = (why: string, cause?: unknown) =>
    new DeployError("not-tested", `${what}: ${why}`, { cause });
  const bytes = await store
    .read(keyOf(sha256))
    .then(gather)
    .catch((cause: unknown) => {
      if (cause instanceof DeployError && cause.problem.code === "object-missing") {
        throw refused(`nothing in ${store.location} says that it was tested`, cause);
      }
      throw cause;
    });
  const text = readClearSigned(bytes.toString("utf8"), key);
  const fields = text === undefined ? undefined : parseParagraphs(text)?.[0];
  if (fields === undefined) throw refused("the statement of its test is not signed by the source's key");
  if (fields.Tested !== sha256) throw refused("the statement of its test is about other bytes");
  return { sha256, what: fields.What ?? "", by: fields.By ?? "", date: new Date(fields.Date ?? "") };
}

function keyOf(sha256: string): string {
  return `tested/${sha256}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim() || "-";
}
