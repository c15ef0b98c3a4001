import { DeployError, type Secret } from "@deploy/core";

/** The keys of an identity as `age-keygen` writes them: comments and empty lines between. Throws `backup-key`, never showing one. */
export function keysOf(identity: Secret): readonly string[] {
  const lines = identity.reveal().split(/\r?\n/);
  const keys = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  if (keys.length === 0) throw unreadable("is empty");
  if (keys.some((key) => !key.startsWith("AGE-SECRET-KEY-"))) {
    throw unreadable("has a line that does not begin with AGE-SECRET-KEY-");
  }
  return keys;
}

/** The recipients whose files these keys open. */
export async function recipientsOf(identity: Secret): Promise<readonly string[]> {
  const recipients: string[] = [];
  for (const key of keysOf(identity)) recipients.push(await recipientOf(key));
  return recipients;
}

async function recipientOf(key: string): Promise<string> {
  const { identityToRecipient } = await import("age-encryption");
  try {
    return await identityToRecipient(key);
  } catch {
    // The library's error might quote the key.
    throw unreadable("is damaged: a character is wrong or missing");
  }
}

function unreadable(why: string): DeployError {
  return new DeployError("backup-key", `The age identity ${why}`, {
    hint: "Give the text of the file that `age-keygen` wrote.",
  });
}
