import { expect, test } from "@jest/globals";
import { type LogEvent, listening } from "../src/index.ts";

test("the end of what each host prints in each step is kept, and everything goes on to the log", () => {
  const seen: LogEvent[] = [];
  const { settings, said } = listening({ events: (event: LogEvent) => void seen.push(event), other: 1 });
  const say = (host: string, text: string) => settings.events({ kind: "output", host, step: "reload", text });
  say("web1", "a\n");
  say("web2", "b\n");
  say("web1", `${"x".repeat(20_000)}end`);
  settings.events({ kind: "note", text: "n" });
  expect([seen.length, settings.other]).toEqual([4, 1]);
  const [first, second] = said();
  expect([first?.text.length, first?.text.endsWith("xend"), second]).toEqual([
    16_000,
    true,
    { host: "web2", step: "reload", text: "b\n" },
  ]);
});
