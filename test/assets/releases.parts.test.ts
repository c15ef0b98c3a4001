import { needs, putText } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openPage } from "./page.ts";
import { openShop, type Shop } from "./published.ts";
import { listReferences } from "./references.ts";

needs("versitygw", "chromium")("two releases, then a prune", () => {
  let shop: Shop;
  const keep = { "keep-releases": "1", "keep-for": "1h" };
  const foreign = { "invoices/1.pdf": "theirs", "css/app-000000000000.css": "theirs, too" };
  /** The page of the first release, as a browser tab still shows it. */
  let tab: string;

  beforeAll(async () => {
    shop = await openShop();
    for (const [key, text] of Object.entries(foreign)) await putText(shop.store, key, text);
  });

  afterAll(() => shop?.close());

  const release = async (color: string, inputs: Readonly<Record<string, string>>) => {
    shop.site.write({ "assets/css/_theme.scss": `$primary: ${color};\n` });
    const ran = await shop.run(inputs);
    if (ran.code !== 0) throw new Error(ran.log);
    return ran;
  };
  const css = (page: string) => page.match(/css\/app-[0-9a-f]{12}\.css/)?.[0] ?? "";

  test("after the second release the page of the first finds all its files", async () => {
    await release("#0a7d5b", keep);
    tab = (await shop.objects())["index.html"] ?? "";
    const ran = await release("#7d0a5b", keep);
    const objects = await shop.objects();
    expect(ran.outputs.changed).toBe("true");
    expect(css(objects["index.html"] ?? "")).not.toBe(css(tab));
    expect(listReferences("index.html", tab).filter(({ to }) => !(to in objects))).toEqual([]);
    await putText(shop.store, "tab.html", tab, { contentType: "text/html; charset=utf-8" });
    const page = await openPage(`${shop.cdn.origin}/tab.html`, "report.late !== undefined");
    const color = await page.evaluate(`$(".btn-primary").css("background-color")`).finally(page.close);
    expect([color, page.troubles, shop.cdn.missing]).toEqual(["rgb(10, 125, 91)", [], []]);
  });

  test("a prune is told before it is done, and takes only what our own releases listed", async () => {
    await age(shop, 2);
    const before = await shop.objects();
    const rehearsed = await shop.run({ ...keep, "dry-run": "true" });
    expect(rehearsed.log).toContain("Would prune 1 file");
    expect(await shop.objects()).toEqual(before);

    await release("#7d0a5b", keep);
    const after = await shop.objects();
    const gone = Object.keys(before).filter((key) => !(key in after) && !key.startsWith(".deploy/"));
    expect(gone).toEqual([css(tab)]);
    expect(after).toMatchObject({ ...foreign, "tab.html": tab });
    const live = listReferences("index.html", after["index.html"] ?? "");
    expect(live.filter(({ to }) => !(to in after))).toEqual([]);
  });
});

/** Makes all releases so many hours older: pruning goes by what their records say. */
async function age({ store, objects }: Shop, hours: number): Promise<void> {
  const records = Object.entries(await objects()).filter(([key]) => key.startsWith(".deploy/assets/"));
  for (const [key, text] of records) {
    const record = JSON.parse(text) as { time: number };
    const older = JSON.stringify({ ...record, time: record.time - hours * 3_600_000 });
    await putText(store, key, older, { overwrite: true });
  }
}
