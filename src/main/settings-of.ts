import type { LoadedConfig } from '../config/load-config.ts';
import type { Background } from '../domain/background.ts';
import type { OwnPrices } from '../domain/prices.ts';
import type { Settings } from '../domain/settings.ts';

/** The configuration in the words of the domain. `prefix` is what the project was set up with. */
export function settingsOf({ config }: LoadedConfig, prefix: string): Settings {
  const { transcripts } = config;
  const { sessionMegabytes, totalMegabytes } = transcripts;
  return {
    mode: config.mode,
    dataBranch: config.dataBranch,
    prefix,
    agents: Object.entries(config.agents).map(([name, agent]) => ({ name, ...agent })),
    workers: config.workers,
    keep: config.keep,
    limits: config.limits,
    runLimits: config.runLimits,
    stuck: config.stuck,
    budget: config.budget,
    prices: ownPrices(config.prices),
    worktrees: config.worktrees,
    gates: config.gates,
    review: config.review,
    delivery: config.delivery,
    deliverTo: config.deliverTo,
    deliveryTemplates: config.deliveryTemplates,
    codeHost: config.codeHost,
    transcript: transcripts.record ? { sessionMegabytes, totalMegabytes } : null,
    background: backgroundOf(config.ui.theme),
    leader: config.keys.leader,
  };
}

function backgroundOf(theme: LoadedConfig['config']['ui']['theme']): Background | null {
  if (theme === null || theme === 'none') return null;
  return theme === 'light' ? 'light' : 'dark';
}

/** A kind of tokens that the person gave no price is unknown, not free. */
function ownPrices(prices: LoadedConfig['config']['prices']): OwnPrices {
  return Object.fromEntries(
    Object.entries(prices).map(([model, { input, output, cacheRead, cacheWrite }]) => [
      model,
      { input, output, cacheRead: cacheRead ?? null, cacheWrite: cacheWrite ?? null },
    ]),
  );
}
