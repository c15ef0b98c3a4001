/** How an application tells the release that it has loaded: where that goes, and what. */
export interface Tells {
  readonly file: string;
  readonly code: string;
}

/** Of each stack that `deploy init` knows. What answers must be the code that was loaded: the id is read once, at start. */
export const tells = {
  django: {
    file: "urls.py",
    code: `from pathlib import Path
from django.http import HttpResponse
release = (Path(__file__).resolve().parent.parent / "RELEASE").read_text().strip()  # once, at start
urlpatterns += [path("up", lambda request: HttpResponse("ok", headers={"X-Release": release}))]`,
  },
  rails: {
    file: "config/routes.rb",
    code: `release = Rails.root.join("RELEASE").read.strip # once, at start
get "up", to: ->(_env) { [200, { "X-Release" => release }, ["ok"]] }`,
  },
  laravel: {
    file: "routes/web.php",
    code: `Route::get('/up', fn () => response('ok')->header('X-Release', trim(file_get_contents(base_path('RELEASE')))));`,
  },
  symfony: {
    file: "a controller",
    code: `#[Route('/up')]
public function up(#[Autowire('%kernel.project_dir%/RELEASE')] string $file): Response
{
    return new Response('ok', headers: ['X-Release' => trim(file_get_contents($file))]);
}`,
  },
  flask: {
    file: "where the application is made",
    code: `release = open("RELEASE").read().strip()  # once, at start
@app.get("/up")
def up():
    return "ok", 200, {"X-Release": release}`,
  },
  go: {
    file: "main.go",
    code: `release, _ := os.ReadFile("RELEASE") // once, at start
http.HandleFunc("/up", func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("X-Release", strings.TrimSpace(string(release)))
})`,
  },
  pages: {
    file: "the site of nginx",
    code: `location = /up { default_type text/plain; alias <deploy-to>/current/RELEASE; }
# or without it, in .github/deploy.yml, and asked as …/release.txt:
# prepare: [cp RELEASE release.txt]`,
  },
  node: {
    file: "where the server is made",
    code: `const release = require("node:fs").readFileSync("RELEASE", "utf8").trim(); // once, at start
app.get("/up", (_request, response) => response.set("X-Release", release).send("ok"));`,
  },
} as const satisfies Readonly<Record<string, Tells>>;

/** Files of a release by which its stack is known; the first that is there counts. */
const signs: Readonly<Record<string, Tells>> = {
  "manage.py": tells.django,
  "bin/rails": tells.rails,
  artisan: tells.laravel,
  "bin/console": tells.symfony,
  "requirements.txt": tells.flask,
  "pyproject.toml": tells.flask,
  "go.mod": tells.go,
  "package.json": tells.node,
  "index.html": tells.pages,
};

export const signFiles: readonly string[] = Object.keys(signs);

/** Of a release that has these of the files in `signFiles`; undefined: of no stack that is known. */
export function tellsOf(files: readonly string[]): Tells | undefined {
  const sign = signFiles.find((file) => files.includes(file));
  return sign === undefined ? undefined : signs[sign];
}
