export { dataSize, duration, roughly } from "./amounts.ts";
export { incompleteCheckout, isLfsPointer, largestPointer, submodulesIn } from "./checkout.ts";
export { askedAt, hostOf } from "./config/activate/asked.ts";
export { poolKinds } from "./config/activate/poolKeys.ts";
export { regionOf, targetOf } from "./config/activate/targetGroup.ts";
export {
  type AssetsOptions,
  parseAssets,
  parseBackup,
  parseTenant,
  type TenantName,
} from "./config/alone.ts";
export { defaultAssets } from "./config/assets/assets.ts";
export { environmentKeysIn, environmentNames } from "./config/file/layers.ts";
export { formatConfigProblem } from "./config/file/problem.ts";
export { nameHost } from "./config/hosts/address.ts";
export { type Choice, chosenHosts, shortNames } from "./config/hosts/chosen.ts";
export { parseHosts } from "./config/hosts/fleet.ts";
export { configJsonSchema, type JsonSchema } from "./config/jsonSchema.ts";
export { configFromInputs, type ParseOptions, parseConfig } from "./config/parse.ts";
export type { Input, Inputs } from "./config/section.ts";
export {
  type AssetsOverrides,
  aloneSections,
  type BackupOverrides,
  type ConfigOverrides,
  fleetSections,
  inputsOf,
  planSections,
  type SectionName,
  sections,
} from "./config/sections.ts";
export { starterConfig } from "./config/starter.ts";
export * from "./config/types.ts";
export { parseDuration } from "./config/values/duration.ts";
export { camelCase } from "./config/values/mapping.ts";
export { isName } from "./config/values/name.ts";
export { didYouMean, suggest } from "./config/values/suggest.ts";
export { configureKind } from "./configure/kinds.ts";
export { strayPlaceholders, type ValueName } from "./configure/values.ts";
export type * from "./doctor/outside/seen.ts";
export type * from "./doctor/reading.ts";
export type { Level, Remark } from "./doctor/remark.ts";
export { envLine, envName } from "./envLine.ts";
export type { Code } from "./errors/codes.ts";
export * from "./errors.ts";
export * from "./facts.ts";
export { type HostLog, logsOn } from "./logs.ts";
export { maintenancePage } from "./maintenance.ts";
export * from "./methods/methods.ts";
export * from "./methods/rsyncVersion.ts";
export { compareManifests } from "./news/changes.ts";
export { migrationsAmong } from "./news/migrations.ts";
export * from "./news/types.ts";
export * from "./outcomes.ts";
export type { BackupsSeen, StatusView } from "./page/view.ts";
export * from "./parcel.ts";
export * from "./plan/compare.ts";
export * from "./plan/credentials.ts";
export * from "./plan/digest.ts";
export { envFileOf, envFilesOf, stepEnvFile } from "./plan/envFiles.ts";
export { hostsWith } from "./plan/fleet.ts";
export * from "./plan/headline.ts";
export { groupsOf, inventoryList, inventoryVariables } from "./plan/inventory.ts";
export * from "./plan/owner.ts";
export * from "./plan/plan.ts";
export { membersOf, poolOf, poolShort } from "./plan/pool.ts";
export * from "./plan/request.ts";
export * from "./plan/stages.ts";
export * from "./plan/tokens.ts";
export * from "./plan/types.ts";
export { describeOwner } from "./plan/warnings.ts";
export { count, few, list, quote } from "./plan/words.ts";
export * from "./releases/bound.ts";
export * from "./releases/fileTime.ts";
export * from "./releases/id.ts";
export { liveRelease } from "./releases/live.ts";
export * from "./releases/order.ts";
export * from "./releases/retention.ts";
export { cleanLine, cleanLines } from "./report/clean.ts";
export * from "./report/make.ts";
export * as markdown from "./report/markdown.ts";
export * from "./report/planMarkdown.ts";
export * from "./report/planText.ts";
export { problemLines, warningLines } from "./report/problems.ts";
export * from "./report/reportMarkdown.ts";
export * from "./report/reportText.ts";
export * from "./report/result.ts";
export { textTable } from "./report/table.ts";
export * from "./report/truncate.ts";
export * from "./report/types.ts";
export { isThrownAway, storeFolders } from "./runner.ts";
export * from "./secret.ts";
export * from "./semaphore.ts";
export * from "./stacks/tells.ts";
export { variables } from "./stacks/variables.ts";
export { type Change, changesIn } from "./status/changes.ts";
export * from "./status/drift.ts";
export * from "./status/factsMarkdown.ts";
export * from "./status/factsText.ts";
export { type Figures, figuresOf, figureWords } from "./status/figures.ts";
export { renderHistoryText } from "./status/historyText.ts";
export * from "./status/unlock.ts";
export * from "./status/verdict.ts";
export type { StepCommand } from "./steps/command.ts";
export { type ConfigureData, filesOf, helperPath, testOf } from "./steps/configureFiles.ts";
export type { Credential } from "./steps/credentials.ts";
export * from "./steps/kind.ts";
export * from "./steps/kinds.ts";
export * from "./steps/means.ts";
export { playbookIn } from "./steps/playbook.ts";
export { type Requirement, requirementKey } from "./steps/requirement.ts";
export { type ReloadCommand, reloadText } from "./steps/service.ts";
export * from "./zstd.ts";
