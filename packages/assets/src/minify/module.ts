import { init, parse } from "es-module-lexer";

/** Whether it is a module: by its name, or since it imports or exports. A file that cannot be read is none. */
export async function isModule(path: string, code: string): Promise<boolean> {
  if (/\.mjs$/i.test(path)) return true;
  if (/\.cjs$/i.test(path) || !/\b(?:import|export)\b/.test(code)) return false;
  await init();
  try {
    const [, , , hasModuleSyntax] = parse(code);
    return hasModuleSyntax;
  } catch {
    return false;
  }
}
