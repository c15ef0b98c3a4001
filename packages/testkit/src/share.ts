/** The day, or what DEPLOY_SEED names: which part of a long test this run takes. */
export const seed = Number(process.env.DEPLOY_SEED ?? Math.floor(Date.now() / 86_400_000));

/** Every n-th row, others each day, of what takes too long for every run; all rows by `npm run test:whole`. */
export function shareOf<Row>(rows: readonly Row[], nth: number): readonly Row[] {
  return process.env.DEPLOY_SHARE === "all" ? rows : rows.filter((_, index) => index % nth === seed % nth);
}
