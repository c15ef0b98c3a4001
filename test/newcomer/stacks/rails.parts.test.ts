import { join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { login, type Newcomer, newcomer } from "./newcomer.ts";

const mirrored = '---\nBUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/: "http://127.0.0.1:9292"\n';

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
  "nginx",
  "curl",
  "python3",
  "rails",
  "bundle",
)("Rails, by its own command", () => {
  let person: Newcomer;
  beforeAll(async () => {
    person = await newcomer();
    await person.type("rails new . --minimal --skip-bundle && bundle install --local && git branch -M main");
    // Debian's Rails is 6.1: since 7.1 a new one has this route.
    await person.type(
      `echo 'Rails.application.routes.draw { get "up", to: ->(_) { [200, {}, ["ok"]] } }' > config/routes.rb`,
    );
    await serveGems(person);
  });
  afterAll(() => person?.close());

  test("the first deploy serves, with the key of its credentials", async () => {
    const key = `deploy env set RAILS_MASTER_KEY ${login} < config/master.key`;
    expect(await person.begin("Rails", key)).toMatchObject({ result: "deployed", migrated: "yes" });
    expect(await person.page("/up")).toBe("ok");
  });
});

/** Gems of this machine for the server, whose new users find them where they are told to look for those of rubygems.org. */
async function serveGems({ type, host }: Newcomer): Promise<void> {
  const folder = join(host.files, "gems");
  await type(`ruby ${join(import.meta.dirname, "gems.rb")} ${folder} < Gemfile.lock`);
  const serve = ["python3", "-um", "http.server", "--bind", "127.0.0.1", "--directory", folder, "9292"];
  await (await host.start(serve)).until(/Serving/);
  await host.exec(["sh", "-c", "mkdir /etc/skel/.bundle && cat >/etc/skel/.bundle/config"], mirrored);
}
