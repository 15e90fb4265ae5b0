import { type CostGroup, type CostRow, costGroups, rowOrder } from '../../app/operations/cost/list.ts';
import { addCosts, noCost } from '../../domain/cost.ts';
import { pricesReadOn } from '../../domain/price-table.ts';
import { allProjectsFlag, problemsOf } from '../all-projects.ts';
import { command } from '../command.ts';
import type { ForgeCli } from '../forge-cli.ts';
import { costJson, costTable } from '../output/cost.ts';

export const costCommand = command<{ by?: CostGroup; since?: string; allProjects?: boolean }>({
  summary: 'What was used and what it cost',
  example: 'forge cost --by model --since 2026-11-01',
  details: `Tokens and US dollars, from what the agents report. ~ marks an estimate: the agent told tokens and no money, so they were multiplied with your prices (prices: in the settings) or with those that Forge knows, read on ${pricesReadOn}. A model without a price is unknown, and a sum with it begins with ≥. --all-projects and --by project add up all projects that Forge knows.`,
  flags: {
    by: { kind: 'enum', values: costGroups, brief: 'What to add up; without it, tasks', optional: true },
    since: {
      kind: 'parsed',
      parse: String,
      brief: 'The first day that counts, as 2026-11-21, or today',
      optional: true,
    },
    allProjects: allProjectsFlag,
  },
  async run(forge, { by, since, allProjects }) {
    const { rows, total, problems, ...asked } = await (allProjects || by === 'project'
      ? ofProjects(forge, by, since)
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

/** Groups of one name are one over all projects; a project that cannot be read is named, and the others are shown. */
async function ofProjects(forge: ForgeCli, by: CostGroup = 'task', since: string | undefined) {
  const answers = await forge.callInProjects('cost.list', { by, since });
  const found = answers.flatMap(({ result }) => result ?? []);
  const rows = new Map<string, CostRow>();
  for (const row of found.flatMap((answer) => answer.rows)) {
    const known = rows.get(row.name);
    rows.set(row.name, known ? { ...known, cost: addCosts(known.cost, row.cost) } : row);
  }
  const ordered = [...rows.values()].sort(rowOrder(by));
  const total = ordered.map(({ cost }) => cost).reduce(addCosts, noCost);
  return { by, since: found[0]?.since ?? null, rows: ordered, total, problems: problemsOf(answers) };
}
