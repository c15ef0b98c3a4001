import { DeployErrors, formatConfigProblem, parseConfig, configFromInputs, starterConfig, configJsonSchema } from "@deploy/core";
import { test } from "@jest/globals";
const run = (f: () => unknown) => { try { console.log(JSON.stringify(f(), null, 1)); } catch (e) { console.log(e instanceof DeployErrors ? e.problems.map(formatConfigProblem).join("\n") : e); } };
test("x", () => {
  run(() => parseConfig(`
app: shop
source: build            # what is packed; exclude is a gitignore-style list
exclude: [node_modules/.cache]
deploy-to: /var/www/shop
shared: { directories: [public/uploads, log], files: [.env] }
keep-releases: 5
prepare:                 # on every host, in the new release folder, before anyone switches
  - run: npm ci --omit=dev
    roles: [web, worker]
migrate: { run: npm run migrate }
activate:
  strategy: all          # all | rolling | canary
  reload: [{ run: sudo systemctl reload shop, roles: [web] }]
  health: { url: "http://127.0.0.1:8080/up", expect-release: true, within: 30s }
environments:
  production:
    url: https://shop.example.com
    leader: web1.example.com
    hosts:
      - deploy@web1.example.com
      - { address: web2.example.com, port: 2222, roles: [web, worker] , username: u}
`, { file: "deploy.yml" }));
  run(() => parseConfig(`
app: -shop
sorce: build
exclude: node_modules
deploy-to: /var/www/../shop
shared: { directories: [public, public/uploads, ../x], files: [.env, .env, REVISION] }
keep-releases: "5"
prepare:
  - rn: npm ci
  - 4
  - run: x
    roles: [wbe]
backup: { database: postgres }
migrate: { runn: npm run migrate }
activate:
  strategy: rolling
  reload: [{ run: sudo systemctl reload shop, roles: [web] }]
  health: { url: "ftp://127.0.0.1:8080/up", expect-release: yes, within: 30 }
hosts: []
environments:
  production:
    url: x
    leader: web1.exampl.com
    hosts:
      - deploy@web1.example.com role=web
      - { address: web2.example.com, prt: 2222, roles: [web, worker] , username: u}
  "bad name": {}
  staging:
    leader: web3
    keep_releases: 4
    hosts:
      - web1 roles=web
      - a@web1:22 roles=worker
      - [::1]
  test:
    leader: web3
    prepare: [{run: x, roles: [wbe]}]
    hosts:
      - web1 roles=web
      - a@web3:23 roles=worker
`, { file: "deploy.yml", environment: "productoin" }));
  run(() => configFromInputs({ deployTo: "/var/www/shop/", hosts: "u@a\n\n#x\na:22\n-x\n u@[::1]:2222 ", leader: "b" , keepReleases:"x"}));
  run(() => configFromInputs({ deployTo: "/var/www/shop/", hosts: "u@a\n\n#x\na:24\n\n u@[::1]:2222 \n::2 roles=web port=99", username: "me", healthUrl: "http://localhost/", migrate: "x"}));
  run(() => configFromInputs({ migrateEnvFile: ".env", environment: "-" }));
  run(() => parseConfig(starterConfig({app:"shop",hosts:["deploy@web1"]}), { file: "deploy.yml" }));
  run(() => parseConfig("a: [1\nb: 2", { file: "deploy.yml" }));
  run(() => parseConfig("", { file: "deploy.yml" }));
  run(() => parseConfig("- x", { file: "deploy.yml" }));
  run(() => parseConfig("app: a\napp: b\nx: *no\nsource: !!js/function x", { file: "deploy.yml" }));
  run(() => parseConfig("x: *no", { file: "deploy.yml" }));
  run(() => parseConfig("a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]", { file: "deploy.yml" }));
  run(() => parseConfig("[".repeat(20000), { file: "deploy.yml" }));
  console.log(JSON.stringify(configJsonSchema(),null,1)); return; run(() => configJsonSchema());
});
