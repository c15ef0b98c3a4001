/** Who an owner's id names, for people: `laptop:ada@desk:…` is ada@desk; what else there is names itself. */
export function whoIs(id: string): string {
  const [kind, actor = ""] = id.split(":");
  return kind === "laptop" && actor !== "" ? actor : id;
}
