/** The settings that one environment variable can give, and how its text is read. Lists and maps need a file. */
export const environmentOptions: Readonly<Record<string, { path: readonly string[]; isNumber: boolean }>> = {
  FORGE_DELIVERY: { path: ['delivery'], isNumber: false },
  FORGE_LIMITS_TOTAL: { path: ['limits', 'total'], isNumber: true },
  FORGE_BUDGET_RUN_USD: { path: ['budget', 'runUsd'], isNumber: true },
  FORGE_BUDGET_DAY_USD: { path: ['budget', 'dayUsd'], isNumber: true },
  FORGE_KEYS_LEADER: { path: ['keys', 'leader'], isNumber: false },
  FORGE_UI_THEME: { path: ['ui', 'theme'], isNumber: false },
};
