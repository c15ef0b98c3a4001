import type { Client } from "./client.ts";
import type { S3Session } from "./session.ts";
import type { Signable } from "./signer.ts";

/** An address of the object for whoever holds it. Nothing is sent; what the credentials' source throws comes out as of any request. */
export function presignObject(session: S3Session, key: string, expires: number): Promise<string> {
  const { bucket } = session.options;
  return session.send({ action: "s3:GetObject", key }, async (client) =>
    client.presign(await requestFor(client, bucket, key), expires),
  );
}

/** The request as the SDK would sign it: it knows where the bucket is and how the key is written. It goes no further. */
async function requestFor({ s3, sdk }: Client, Bucket: string, Key: string): Promise<Signable> {
  const command = new sdk.GetObjectCommand({ Bucket, Key });
  let made: Signable | undefined;
  command.middlewareStack.addRelativeTo(
    () => async (args: { readonly request: unknown }) => {
      made = args.request as Signable;
      return { output: { $metadata: {} }, response: {} };
    },
    { name: "presign", relation: "before", toMiddleware: "httpSigningMiddleware" },
  );
  await s3.send(command);
  if (made === undefined) throw new Error("the SDK made no request");
  return made;
}
