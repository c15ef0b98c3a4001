import { mintSigningKeys } from "@deploy/backup";
import type { Context } from "./context.ts";

/** Prints a fresh pair that signs backups, and where each half goes; keeps neither. */
export async function keygenCommand({ screen }: Context): Promise<number> {
  const keys = mintSigningKeys();
  screen.say(
    [
      "Public half, into the config below `backup`. Runs and restores check by it:",
      `  signed-by: [${keys.publicKey}]`,
      "",
      "Private half, whole, into the secret BACKUP_SIGNING_KEY of the environment that makes backups, and into a safe.",
      "A server, or who may only restore, needs none of it. At a desk: --signing-key FILE, or the variable.",
      keys.privateKey,
    ].join("\n"),
  );
  screen.answer(keys);
  return 0;
}
