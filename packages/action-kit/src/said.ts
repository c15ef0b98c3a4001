import type { Said } from "@deploy/core";
import type { LogEvent } from "./events.ts";

/** Characters that are kept of what one host prints in one step. */
const most = 16_000;

interface Told {
  readonly events: (event: LogEvent) => void;
}

/** The same settings, listened to: the end of what each host prints in each step is kept for the report. */
export function listening<Settings extends Told>(
  settings: Settings,
): { settings: Settings; said: () => readonly Said[] } {
  const kept = new Map<string, Said>();
  const events = (event: LogEvent): void => {
    if (event.kind === "output") {
      const { host, step } = event;
      const key = `${host}\n${step}`;
      kept.set(key, { host, step, text: ((kept.get(key)?.text ?? "") + event.text).slice(-most) });
    }
    settings.events(event);
  };
  return { settings: { ...settings, events }, said: () => [...kept.values()] };
}
