export { cloudFront } from "./cloudFront/cdn.ts";
export type { CloudFrontOptions } from "./cloudFront/invalidations.ts";
export { chooseCredentials, type Identity } from "./credentials/choose.ts";
export { keyCredentials } from "./credentials/keys.ts";
export { type OidcOptions, oidcCredentials } from "./credentials/oidc.ts";
export { audience, trustPolicy } from "./credentials/trustPolicy.ts";
export {
  type Target,
  type TargetGroup,
  type TargetGroups,
  type TargetGroupsOptions,
  targetGroups,
} from "./targetGroups/targetGroups.ts";
