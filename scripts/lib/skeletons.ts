export type Files = Readonly<Record<string, string>>;

const npm = (more: object): string => JSON.stringify({ name: "shop", ...more });
const lock = '{ "lockfileVersion": 3, "packages": {} }';

/** What a new project of each framework has that `deploy init` looks at: the recipes' pages are made of it. */
export const skeletons: Readonly<Record<string, Files>> = {
  express: {
    "package.json": npm({ scripts: { start: "node ./bin/www" }, dependencies: { express: "5" } }),
    "package-lock.json": lock,
  },
  next: {
    "package.json": npm({
      scripts: { build: "next build", start: "next start" },
      dependencies: { next: "16" },
    }),
    "package-lock.json": lock,
  },
  vite: {
    "package.json": npm({ scripts: { build: "vite build" }, devDependencies: { vite: "7" } }),
    "package-lock.json": lock,
  },
  go: { "go.mod": "module shop" },
  django: {
    "manage.py": "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')",
    "shop/settings.py": "STATIC_ROOT = BASE_DIR / 'static'\n",
    "requirements.txt": "Django==5.2",
  },
  rails: {
    Gemfile: 'gem "rails", "~> 8.0"\n',
    "app/assets": "",
    "config/routes.rb": 'get "up" => "rails/health#show", as: :rails_health_check\n',
    "config/environments/production.rb": "  config.force_ssl = true\n",
    "config/credentials.yml.enc": "…",
  },
  laravel: {
    "composer.json": '{ "require": { "laravel/framework": "^12" } }',
    "package.json": npm({ scripts: { build: "vite build" }, devDependencies: { vite: "7" } }),
    "package-lock.json": lock,
    "bootstrap/app.php": "health: '/up',",
    "config/database.php": "'default' => env('DB_CONNECTION', 'sqlite'),",
  },
  symfony: {
    "composer.json": JSON.stringify({
      require: {
        "symfony/framework-bundle": "7.3.*",
        "doctrine/doctrine-bundle": "^2",
        "doctrine/doctrine-migrations-bundle": "^3",
      },
    }),
  },
};
