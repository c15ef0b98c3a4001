import { DeployError } from "@deploy/core";
import type { Encrypter } from "age-encryption";

/** Checks each recipient by wrapping a key for it. Throws `backup-recipient`, which names the one that is none. */
export async function checkRecipients(recipients: readonly string[]): Promise<void> {
  for (const recipient of recipients) {
    try {
      await (await encrypterFor([recipient])).encrypt("");
    } catch (cause) {
      throw cause instanceof DeployError ? cause : refused(recipient, cause);
    }
  }
}

export async function encrypterFor(recipients: readonly string[]): Promise<Encrypter> {
  // With its curves a tenth of all that is loaded, and needed by few runs.
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  for (const recipient of new Set(recipients)) {
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      throw refused(recipient, cause);
    }
  }
  return encrypter;
}

function refused(recipient: string, cause: unknown): DeployError {
  // A private key in the place of a public one must not be printed by its own error.
  if (/AGE-SECRET-KEY/i.test(recipient)) {
    return new DeployError("backup-recipient", "A recipient is a private key (AGE-SECRET-KEY-…)", {
      hint: "Give its public half, which `age-keygen -y` prints, and make a new key: this one was in the open.",
    });
  }
  const shown = JSON.stringify(recipient.length > 80 ? `${recipient.slice(0, 79)}…` : recipient);
  return new DeployError("backup-recipient", `${shown} is no age recipient: ${whyNot(recipient, cause)}`);
}

function whyNot(recipient: string, cause: unknown): string {
  if (recipient.startsWith("ssh-")) return "SSH keys are not supported";
  if (!recipient.startsWith("age1")) return "recipients begin with age1";
  return cause instanceof Error && /checksum/i.test(cause.message)
    ? "its checksum does not match, so a character is wrong or missing"
    : "it is not of a type that works without a plugin";
}
