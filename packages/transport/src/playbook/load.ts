/** Late: few configs have a playbook, and what Ansible loads is text that every start would read. */
export async function loadPlay(): Promise<typeof import("./play.ts").play> {
  return (await import("./play.ts")).play;
}
