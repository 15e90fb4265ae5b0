import { type CostGroup, costGroups } from '../../app/operations/cost/list.ts';
import { addCosts, noCost } from '../../domain/cost.ts';
import { pricesReadOn } from '../../domain/price-table.ts';
import { command } from '../command.ts';
import type { ForgeCli } from '../forge-cli.ts';
import { costJson, costTable } from '../output/cost.ts';

export const costCommand = command<{ by?: CostGroup; since?: string }>({
  summary: 'What was used and what it cost',
  example: 'forge cost --by model --since 2026-11-01',
  details: `Tokens and US dollars, from what the agents report. ~ marks an estimate: the agent told tokens and no money, so they were multiplied with your prices (prices: in the settings) or with those that Forge knows, read on ${pricesReadOn}. A model without a price is unknown, and a sum with it begins with ≥. --by project adds up all projects that Forge knows.`,
  flags: {
    by: { kind: 'enum', values: costGroups, brief: 'What to add up; without it, tasks', optional: true },
    since: {
      kind: 'parsed',
      parse: String,
      brief: 'The first day that counts, as 2026-11-21, or today',
      optional: true,
    },
  },
  async run(forge, { by, since }) {
    const { rows, total, problems, ...asked } = await (by === 'project'
      ? ofProjects(forge, since)
      : ofGroups(forge, by, since));
    const json = {
      ...asked,
      rows: rows.map(({ cost, ...row }) => ({ ...row, cost: costJson(cost) })),
      total: costJson(total),
      problems,
      pricesReadOn,
    };
    if (rows.length === 0) return { json, text: ['No agent has told what it used yet.', ...problems].join('\n') };
    // What is left beside the numbers.
    const barCols = forge.isOutputTerminal ? Math.max(0, forge.cols - 70) : 0;
    return { json, text: [await costTable(rows, total, barCols), ...problems].join('\n') };
  },
});

async function ofGroups(forge: ForgeCli, by: CostGroup | undefined, since: string | undefined) {
  return { ...(await forge.call('cost.list', { by, since })), problems: [] as string[] };
}

/** One row a project; one that cannot be read is named, and the others are shown. */
async function ofProjects(forge: ForgeCli, since: string | undefined) {
  const answers = await forge.callInProjects('cost.list', { by: 'project', since });
  const found = answers.flatMap(({ result }) => (result ? [result] : []));
  const rows = found.flatMap((answer) => answer.rows).sort((a, b) => b.cost.usd - a.cost.usd);
  const total = rows.map(({ cost }) => cost).reduce(addCosts, noCost);
  const problems = answers.flatMap(({ project, problem }) => (problem === null ? [] : [`${project.name}: ${problem}`]));
  return { by: 'project' as const, since: found[0]?.since ?? null, rows, total, problems };
}
