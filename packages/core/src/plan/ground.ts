import { makeProblem, type Problem } from "../errors.ts";
import type { ReachedHost, Tenant } from "../facts.ts";
import type { FleetFacts } from "./fleet.ts";
import type { Asker } from "./request.ts";

/** Whether deploy-to is ours alone, on every host: who shares it is replaced and removed. */
export function checkGround(fleet: FleetFacts, asker: Asker): readonly Problem[] {
  return [...checkTenants(fleet, asker), ...checkFolders(fleet)];
}

/** Somebody else's folder is taken over, by the name that was given. */
export function takesOver(fleet: FleetFacts, asker: Asker): asker is Asker & { readonly takeOver: string } {
  return strangersOf(fleet, asker).some(({ tenant }) => tenantName(tenant) === asker.takeOver);
}

export function warnGround(fleet: FleetFacts, asker: Asker): readonly string[] {
  return strangersOf(fleet, asker)
    .filter(({ tenant }) => tenantName(tenant) === asker.takeOver)
    .map(({ host, tenant }) => `${fleet.config.deployTo} on ${host} is taken over from ${describe(tenant)}`);
}

function checkTenants(fleet: FleetFacts, asker: Asker): readonly Problem[] {
  const { app, environment, deployTo } = fleet.config;
  return strangersOf(fleet, asker)
    .filter(({ tenant }) => tenantName(tenant) !== asker.takeOver)
    .map(({ host, tenant }) => {
      const name = tenantName(tenant);
      const move = `Give ${app}/${environment} a deploy-to of its own. Where ${name} is gone, or has got this name, take its folder over`;
      const [hint, inAction] = [`${move}: \`--take-over ${name}\`.`, `${move}: \`take-over: ${name}\`.`];
      const message = `${deployTo} belongs to ${describe(tenant)}`;
      return makeProblem("deploy-to-taken", message, { hint, inAction, place: { host } });
    });
}

/** One that cannot say where it comes from (a laptop) is believed to be the app that it names. */
function strangersOf({ config, reached }: FleetFacts, { repository = "" }: Asker) {
  const isOurs = (tenant: Tenant): boolean =>
    tenant.app === config.app &&
    tenant.environment === config.environment &&
    (tenant.repository === "" ||
      repository === "" ||
      tenant.repository.toLowerCase() === repository.toLowerCase());
  return reached.flatMap(({ host, tenant }) =>
    tenant === undefined || isOurs(tenant) ? [] : [{ host, tenant }],
  );
}

function tenantName({ app, environment }: Tenant): string {
  return `${app}/${environment}`;
}

function describe(tenant: Tenant): string {
  return tenantName(tenant) + (tenant.repository === "" ? "" : `, deployed from ${tenant.repository}`);
}

function checkFolders({ config, reached }: FleetFacts): readonly Problem[] {
  return reached.flatMap((host, index) => {
    const twin = reached.slice(0, index).find((other) => isOneFolder(host, other));
    if (twin === undefined) return [];
    const message = `${config.deployTo} is one and the same folder here and on ${twin.host}`;
    return [makeProblem("deploy-to-shared", message, { place: { host: host.host } })];
  });
}

function isOneFolder(one: ReachedHost, other: ReachedHost): boolean {
  return one.folder !== undefined && one.folder === other.folder;
}
