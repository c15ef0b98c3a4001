import { dataSize, duration } from "../amounts.ts";
import type { Outcome } from "../outcomes.ts";
import { count } from "../plan/words.ts";
import { code, markdownTable, words } from "./markdown.ts";
import type { Report } from "./types.ts";

type Transfer = NonNullable<Outcome["transfer"]> & {
  readonly host: string;
  readonly milliseconds: number;
};

/** What each upload took and saved, with totals; nothing where nothing was uploaded. */
export function transferTable(report: Report): readonly string[] {
  const transfers = transfersOf(report);
  if (transfers.length === 0) return [];
  const rows = [...transfers.map(rowOf), ...(transfers.length > 1 ? [totals(transfers)] : [])];
  return markdownTable(["host", "method", "sent", "saved", "MB/s", "time"], rows);
}

/** `312 kB sent to 3 hosts, 57 MB kept there, web3 the slowest in 2.3 s`; "" where nothing was uploaded. */
export function transferWords(report: Report): string {
  const transfers = transfersOf(report);
  const slowest = slowestOf(transfers);
  if (slowest === undefined) return "";
  const saved = sum(transfers, "saved");
  const kept = saved === 0 ? "" : `, ${dataSize(saved)} kept there`;
  const who = transfers.length === 1 ? "" : `${slowest.host} the slowest `;
  const to = transfers.length === 1 ? slowest.host : count(transfers.length, "host");
  return `${dataSize(sum(transfers, "sent"))} sent to ${to}${kept}, ${who}in ${duration(slowest.milliseconds)}`;
}

function transfersOf({ hosts }: Report): readonly Transfer[] {
  return hosts.flatMap(({ host, outcomes }) =>
    outcomes.flatMap(({ transfer, milliseconds }) =>
      transfer === undefined ? [] : [{ ...transfer, host, milliseconds }],
    ),
  );
}

function rowOf(transfer: Transfer): readonly string[] {
  return [code(transfer.host), ...cellsOf(transfer)];
}

/** All were sent to at once, so the time is the slowest one's. */
function totals(transfers: readonly Transfer[]): readonly string[] {
  const method = [...new Set(transfers.map((transfer) => transfer.method))].join(", ");
  const milliseconds = slowestOf(transfers)?.milliseconds ?? 0;
  const all = { sent: sum(transfers, "sent"), saved: sum(transfers, "saved"), milliseconds };
  return [words(`all ${transfers.length}`), method, ...cellsOf({ method: "", ...all }).slice(1)];
}

function cellsOf({
  method,
  sent,
  saved,
  milliseconds,
}: Pick<Transfer, "sent" | "saved" | "milliseconds"> & { readonly method: string }): readonly string[] {
  const rate = sent / 1000 / Math.max(1, milliseconds);
  const speed = sent === 0 ? "" : rate < 0.1 ? "below 0.1" : rate.toFixed(1);
  return [method, dataSize(sent), dataSize(saved), speed, duration(milliseconds)];
}

function slowestOf(transfers: readonly Transfer[]): Transfer | undefined {
  return transfers.reduce<Transfer | undefined>(
    (slowest, each) => (slowest === undefined || each.milliseconds > slowest.milliseconds ? each : slowest),
    undefined,
  );
}

function sum(transfers: readonly Transfer[], key: "sent" | "saved"): number {
  return transfers.reduce((total, transfer) => total + transfer[key], 0);
}
