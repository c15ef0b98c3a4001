import { tells } from "@deploy/core";
import type { Repository } from "../repository.ts";
import { type Answers, current, port, type Recipe, type Stack, told } from "../stack.ts";

const requirements = ["requirements.txt", "pyproject.toml"];
const python = (repository: Repository) =>
  requirements
    .map((file) => repository.text(file))
    .join("\n")
    .toLowerCase();

const install = (repository: Repository) => [
  "python3 -m venv .venv",
  `.venv/bin/pip install --quiet ${requiredBy(repository)} gunicorn`,
];

function requiredBy(repository: Repository): string {
  if (repository.has("requirements.txt")) return "-r requirements.txt";
  return repository.has("pyproject.toml") ? "." : "django";
}

/** Gunicorn that is told of a release by HUP, and names the folder by `--chdir`: no request is lost. */
function gunicorn(answers: Answers, app: string): Pick<Recipe, "service" | "unit" | "behind"> {
  const program = `${current(answers)}/.venv/bin/gunicorn`;
  return {
    service: { kind: "gunicorn", unit: `${answers.app}.service`, app, program: ".venv/bin/gunicorn" },
    unit: {
      of: "system",
      start: `${program} --chdir ${current(answers)} --bind 127.0.0.1:${port} --workers 2 ${app}`,
      execReload: "/bin/kill -HUP $MAINPID",
      folder: answers.deployTo,
    },
    behind: "port",
  };
}

export const django: Stack = {
  name: "django",
  words: "Django with Gunicorn",
  found: (repository) => repository.has("manage.py"),
  recipe(answers, repository) {
    const [, settings = "app.settings"] =
      repository.text("manage.py").match(/DJANGO_SETTINGS_MODULE["'], *["']([\w.]+)["']/) ?? [];
    const written = repository.text(`${settings.replaceAll(".", "/")}.py`);
    const collects = /^STATIC_ROOT\s*=/m.test(written);
    const file = /["']django\.db\.backends\.sqlite3["']/.test(written) ? ["db.sqlite3"] : [];
    return {
      exclude: [".venv", "__pycache__", "*.pyc", "*.sqlite3", ".env*"],
      build: [],
      prepare: [
        ...install(repository),
        ...(collects ? [told(".venv/bin/python manage.py collectstatic --noinput")] : []),
      ],
      shared: { directories: ["media"], files: [".env", ...file] },
      migrate: told(".venv/bin/python manage.py migrate --noinput"),
      ...gunicorn(answers, `${settings.replace(/\.?settings(\..*)?$/, "") || "app"}.wsgi:application`),
      packages: ["python3", "python3-venv", "nginx"],
      tells: tells.django,
      left: leftBy(written, answers),
    };
  },
};

/** A new project is set up for a desk: it shows its insides to whoever asks, and answers to no name but localhost. */
function leftBy(settings: string, { domain }: Answers): readonly string[] {
  const name = domain === "_" ? "shop.example.com" : domain;
  return [
    ...(/^ALLOWED_HOSTS\s*=\s*\[\s*\]/m.test(settings)
      ? [
          `\`ALLOWED_HOSTS = ["${name}"]\` in the settings: until then Django answers 400 to whoever types the name.`,
        ]
      : []),
    ...(/^DEBUG\s*=\s*True/m.test(settings)
      ? [
          "`DEBUG = False` in the settings: a page of Django's with an error on it shows code and settings. `ALLOWED_HOSTS` has to name `127.0.0.1` too then, where the health check asks, and `/` a page that answers 200.",
        ]
      : []),
    ...(/^SECRET_KEY\s*=\s*["']/m.test(settings)
      ? [
          '`SECRET_KEY` from the environment instead of git: `os.environ["SECRET_KEY"]`, set on the servers by `deploy env set SECRET_KEY`.',
        ]
      : []),
  ];
}

export const flask: Stack = {
  name: "flask",
  words: "a Python application (WSGI) with Gunicorn",
  found: (repository) => /\bflask\b|\bbottle\b|\bfalcon\b/.test(python(repository)),
  recipe(answers, repository) {
    const module = ["wsgi", "app", "main"].find((name) => repository.has(`${name}.py`)) ?? "app";
    return {
      exclude: [".venv", "__pycache__", "*.pyc", ".env*"],
      build: [],
      prepare: install(repository),
      shared: { directories: [], files: [".env"] },
      ...gunicorn(answers, `${module}:app`),
      packages: ["python3", "python3-venv", "nginx"],
      tells: { ...tells.flask, file: `${module}.py` },
    };
  },
};
