import type { OutputOf } from '../../../app/operations.ts';
import { ForgeError } from '../../../base/errors.ts';
import { nearestWord } from '../../../base/nearest-word.ts';
import { plainText } from '../../../base/text.ts';
import { costText } from '../../../domain/cost.ts';
import { nextSteps } from '../../../domain/next-steps.ts';
import { type RunEvent, type RunStatus, runStatuses } from '../../../domain/run.ts';
import { timelineOf } from '../../../domain/timeline.ts';
import { allProjectsFlag, type ProjectAnswer, problemsOf } from '../../all-projects.ts';
import { command, type Report, text } from '../../command.ts';
import { changes, duration, runJson, runRow } from '../../output/run.ts';
import { table } from '../../output/table.ts';

/** Lines of what the setup commands of a worktree wrote, from their end. */
const setupLinesMax = 10;

const runArgument = text('run', 'Id of the run, or of its task');

type RunsFlags = { status?: readonly string[]; task?: string; since?: number; all?: boolean; allProjects?: boolean };

export const runsCommand = command<RunsFlags>({
  summary: 'List runs, newest first',
  example: 'forge runs --status failed --since 2d',
  details: 'What ended well longer ago than keep.runDays is left out; --all shows it too.',
  flags: {
    status: {
      kind: 'parsed',
      parse: String,
      brief: 'Of this status; several with commas',
      optional: true,
      variadic: ',',
    },
    task: { kind: 'parsed', parse: String, brief: 'Of this task', optional: true },
    since: {
      kind: 'parsed',
      parse: sinceParser,
      brief: 'Begun after a day (2026-05-01), or so long ago (90m, 12h, 2d)',
      optional: true,
    },
    all: { kind: 'boolean', brief: 'Also those that ended well long ago', optional: true },
    allProjects: allProjectsFlag,
  },
  async run(forge, { status, task, since, all, allProjects }) {
    const statuses = status?.map((word) => statusNamed(word));
    const asked = { statuses, task, since, isOldShown: all ?? false };
    if (allProjects) return runsOfProjects(await forge.callInProjects('run.list', asked));
    const runs = await forge.call('run.list', asked);
    const rows = runs.map((run) => runRow(run, Date.now()));
    const isAsked = statuses !== undefined || task !== undefined || since !== undefined;
    const empty = isAsked ? 'There are no such runs.' : 'No runs yet. Start one with: forge dispatch TASK';
    return { json: runs.map(runJson), text: await table(rows, empty) };
  },
});

async function runsOfProjects(answers: ProjectAnswer<OutputOf<'run.list'>>[]): Promise<Report> {
  const runs = answers
    .flatMap(({ project, result }) => (result ?? []).map((run) => ({ ...run, project: project.name })))
    .sort((a, b) => b.createdAt - a.createdAt);
  const rows = runs.map((run) => [run.project, ...runRow(run, Date.now())]);
  const shown = await table(rows, 'There are no such runs.');
  return { json: runs.map(runJson), text: [shown, ...problemsOf(answers)].join('\n') };
}

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

function sinceParser(typed: string): number {
  const [, count, unit = ''] = /^(\d+)([mhdw])$/.exec(typed) ?? [];
  const at = count === undefined ? new Date(typed).getTime() : Date.now() - Number(count) * (unitsMs[unit] ?? 0);
  if (Number.isNaN(at)) throw new Error(`${typed} is no time: a day such as 2026-05-01, or a span such as 12h or 2d`);
  return at;
}

function statusNamed(word: string): RunStatus {
  const known = runStatuses.find((status) => status === word);
  if (known) return known;
  const nearest = nearestWord(word, runStatuses);
  throw new ForgeError('usage.invalid', `There is no status ${word}.`, {
    next: nearest === null ? `There are: ${runStatuses.join(', ')}` : `Did you mean ${nearest}?`,
  });
}

export const runShowCommand = command<{ events?: boolean }, [string]>({
  summary: 'Show one run, its changed files and its history',
  example: 'forge run show fg-a3f8-1',
  details:
    'The history says when what happened, who brought it about and what led to it, and how long the run was in each status. With --events only that, with the sequence of each event and the id of the command that began it.',
  flags: { events: { kind: 'boolean', brief: 'Only the history, with what each event led to', optional: true } },
  args: { kind: 'tuple', parameters: [runArgument] },
  async run(forge, { events: isHistory }, name) {
    const run = await forge.call('run.show', { run: name });
    if (isHistory) return { json: run.events, text: await table(eventRows(run.events), '') };
    const facts = [
      ['status', `${run.status}${run.reason ? `: ${plainText(run.reason)}` : ''}`],
      ['task', run.task],
      ['worker', run.worker && `${run.worker} (${run.agent})`],
      ['session', run.session],
      ['took', duration(run, Date.now())],
      ['worktree', run.worktree ?? ''],
      ['branch', run.branch ?? ''],
      ['base', run.base ?? ''],
      ['setup log', run.setup?.file ?? ''],
      ['for', run.aim ?? ''],
      ['changed', changes(run) || 'nothing'],
      ['cost', run.cost ? costText(run.cost) : ''],
    ].filter(([, value]) => value !== '');
    const files = run.files.map((file) => [file.added < 0 ? 'binary' : `+${file.added} -${file.removed}`, file.path]);
    const events = timelineOf(run.events, Date.now()).map(({ at, status, lasted, type, actor, reason }) => {
      return [new Date(at).toISOString(), status, lasted, type, actor, reason];
    });
    const blocks = [
      `run ${run.id}`,
      indent(
        await table(
          facts.map((row) => row.map(String)),
          '',
        ),
      ),
      ...(run.setup ? ['', 'setup', indent(lastLines(run.setup.text))] : []),
      ...(files.length > 0 ? ['', 'files', indent(await table(files, ''))] : []),
      '',
      'history',
      indent(await table(events, '')),
    ];
    const next = nextSteps(run);
    if (next.length > 0) blocks.push('', 'next', indent(next.join('\n')));
    return { json: { ...runJson(run), next }, text: blocks.join('\n') };
  },
});

function eventRows(events: readonly RunEvent[]): string[][] {
  return timelineOf(events, Date.now()).map(({ at, type, status, actor, cause, reason }, index) => {
    const { sequence = 0, correlation } = events[index] ?? {};
    return [String(sequence), new Date(at).toISOString(), status, type, actor, cause, correlation ?? '', reason];
  });
}

export const runDiffCommand = command<Record<string, unknown>, [string]>({
  summary: 'What a run changed, as a diff against its base',
  example: 'forge run diff fg-a3f8-1',
  args: { kind: 'tuple', parameters: [runArgument] },
  async run(forge, _flags, name) {
    const { run, diff } = await forge.call('run.diff', { run: name });
    // For a person's terminal the diff is text from an agent; through a pipe it must stay exactly what git said.
    const shown = forge.isOutputTerminal ? diff.split('\n').map(plainTextKeepingTabs).join('\n') : diff;
    return { json: { run: run.id, diff }, text: shown.trimEnd() || `Run ${run.id} has changed nothing.` };
  },
});

function plainTextKeepingTabs(line: string): string {
  return line.split('\t').map(plainText).join('\t');
}

/** The rest is in the file that is named. */
function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-setupLinesMax).map(plainText).join('\n');
}

function indent(block: string): string {
  return block.replace(/^/gm, '  ');
}
