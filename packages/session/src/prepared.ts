import { type Artifact, DeployError, type DeployRequest, type Facts } from "@deploy/core";

/** What a deploy request needs of a release that lies on the servers already, for a job that never saw its files. */
export function preparedRequest(
  facts: readonly Facts[],
  release: string,
): Pick<DeployRequest, "artifact" | "commit" | "release"> {
  const found = facts
    .flatMap((host) => (host.reached ? host.releases : []))
    .find(({ id, manifest }) => id === release && manifest !== undefined);
  if (found?.manifest === undefined) {
    throw new DeployError("release-unknown", `No host holds a prepared release "${release}"`);
  }
  const artifact: Artifact = { digest: "", manifest: found.manifest, files: 0, bytes: 0 };
  return { artifact, commit: found.commit ?? "", release };
}
