import { z } from 'zod';
import { deliverySchema, reviewSchema } from '../domain/completion.ts';
import { placeholders, unknownPlaceholders } from '../domain/delivery.ts';
import { defaultLimitWaitMs, fallbackCauses } from '../domain/fallback.ts';
import { notificationKinds } from '../domain/notification.ts';
import { defaultTranscriptBounds } from '../domain/session.ts';
import { stuckSteps } from '../domain/stuck.ts';
import { variableName } from '../domain/task.ts';
import { nameSchema, ruleOptions } from './rule-options.ts';

/** A prefix of task ids: `fg` in `fg-a3f8`. */
export const prefixPattern = /^[a-z][a-z0-9]{1,7}$/;

/** A branch by a usual name: git refuses more, and says so. */
const branchPattern = /^(?!.*(\.\.|\/\/|@\{|\.lock$|\/$|\.$))[A-Za-z0-9_][A-Za-z0-9_./@+-]*$/;

const commandLine = z.string().min(1, 'a command');
const usd = z.number().positive('more than 0').nullable();

export const variables = z.record(z.string().regex(variableName, 'a variable name'), z.string());

const agentOptions = z.strictObject({
  adapter: z.string().min(1, 'the name of an adapter').describe('How Forge talks to the program.'),
  command: z.array(z.string()).describe("Program and arguments; empty: the adapter's own program, found on PATH."),
  env: variables.describe(
    'Extra environment. ${VAR} takes a value from the environment that Forge was started with, then from .env.',
  ),
  isolate: z
    .boolean()
    .optional()
    .describe(
      "Each worker's program has a state of its own (Codex: CODEX_HOME; opencode: its database), with login and settings shared.",
    ),
  endsByItself: z
    .boolean()
    .optional()
    .describe("Whether the program's end is the end of its work (a script), or somebody leaving it (a chat)."),
  silenceMs: z
    .int()
    .min(1_000, 'at least 1000')
    .optional()
    .describe('How long an agent without a screen may say nothing at work before that is shown, in ms; 600000.'),
  fallback: nameSchema
    .optional()
    .describe('The agent that a run goes on with when this one cannot. That one may have a fallback too.'),
  fallbackOn: z
    .array(z.enum(fallbackCauses))
    .optional()
    .describe('For what: it fails, its provider takes no more, it gives no sign of work. Left out: for each.'),
  timeoutMs: z
    .int()
    .min(1_000, 'at least 1000')
    .optional()
    .describe(
      'How long it may be at work without a sign of it, in ms. Left out, half an hour of that is shown, and nothing is done.',
    ),
  limitWaitMs: z
    .int()
    .min(0, '0 or more')
    .optional()
    .describe(`A limit of its provider that lasts longer is a reason for the fallback, in ms; ${defaultLimitWaitMs}.`),
  rules: z.array(ruleOptions).max(50).optional().describe("How its screen is read, before the adapter's own rules."),
});

const workerOptions = z.strictObject({
  name: nameSchema.describe('What commands and the dashboard call it.'),
  agent: nameSchema.describe('Which of the agents it runs.'),
  env: variables.optional().describe("Extra environment, over the agent's."),
  mode: nameSchema.default('coder').describe('The role it plays; shown, and nothing more yet.'),
});

const rate = z.number().min(0, '0 or more');
const priceOptions = z.strictObject({
  input: rate.describe('Input that no cache gave or took, in US dollars per million tokens.'),
  output: rate.describe('Output, in US dollars per million tokens.'),
  cacheRead: rate.optional().describe('Input from a cache. Left out: not known.'),
  cacheWrite: rate.optional().describe('Input into a cache. Left out: not known.'),
});

export const gateOptions = z.strictObject({
  name: nameSchema.describe('What it is called in the history of a run.'),
  run: commandLine.describe('The command, run in the worktree.'),
  timeoutMs: z.int().positive().default(600_000).describe('How long it may take, in ms.'),
  parallel: z.boolean().optional().describe('It runs beside its neighbours in the list that say so too.'),
  rounds: z.int().min(0).default(3).describe('How often its output goes back to the agent.'),
  onFailure: z
    .enum(['ask', 'rewind'])
    .default('ask')
    .describe('After that: a person is asked; before it the worktree is taken back to what it was, or not.'),
});

/** Git takes more; what begins with `-` or could mean several commits is not a name to it. */
const branchSchema = z.string().regex(/^(?!-|\/)(?!.*(\.\.|@\{|\/\/|\.lock$))[\w./-]+$/, 'a name of git');

const templateSchema = z.string().superRefine((template, context) => {
  const [unknown] = unknownPlaceholders(template);
  if (unknown === undefined) return;
  const known = Object.keys(placeholders).map((name) => `{${name}}`);
  context.addIssue({ code: 'custom', message: `one of ${known.join(', ')}, found {${unknown}}` });
});

/** Every setting: its shape, and what it does. Each file may give any part of it; `defaults` fills the rest. */
export const options = {
  prefix: z
    .string()
    .regex(prefixPattern, '2 to 8 characters of a-z and 0-9, a letter first')
    .nullable()
    .describe('Prefix of task ids.'),
  mode: z
    .enum(['standard', 'stealth', 'branch'])
    .describe('How .forge/ lives in the repository; written by forge init.'),
  dataBranch: z
    .string()
    .min(1)
    .nullable()
    .describe('In the mode branch: the branch that forge sync keeps tasks and settings on.'),
  agents: z.record(nameSchema, agentOptions.partial()).describe('Programs that can do work, by name.'),
  workers: z.array(workerOptions).max(200).describe('Slots that take tasks, one at a time.'),
  worktrees: z
    .strictObject({
      setup: z.array(commandLine).describe('Commands run in a new worktree before the agent starts.'),
      teardown: z.array(commandLine).describe('Commands run before a worktree is removed.'),
      copy: z.array(z.string().min(1)).describe('Ignored files copied from the main checkout.'),
      base: z
        .string()
        .regex(branchPattern, 'head, remote, or the name of a branch')
        .describe(
          'Where new branches begin: head of your checkout; remote, the default branch of the remote, fetched; or a branch by name.',
        ),
      pool: z
        .int()
        .min(0)
        .max(20)
        .describe('How many worktrees are made ahead, with files copied and setup commands done; 0: none.'),
      ports: z
        .strictObject({
          base: z.int().min(1024).max(65_000).describe('The first port that worktrees are given.'),
          perWorktree: z.int().min(0).max(100).describe('How many ports each worktree has to itself; 0: none.'),
        })
        .partial(),
    })
    .partial(),
  gates: z.array(gateOptions).describe('Commands that must pass before work is delivered.'),
  review: reviewSchema.describe(
    'Whether a person looks before work is delivered: at that of a chat that is open, always, never.',
  ),
  delivery: deliverySchema.describe('How finished work leaves the worktree.'),
  keep: z
    .strictObject({
      days: z
        .number()
        .min(1, 'at least 1')
        .describe('How long checkpoints and kept work stay; the last of a task whose work is not merged stays longer.'),
      perRun: z.int().min(1).max(500).describe('How many checkpoints one run has; the oldest go.'),
      runDays: z
        .int()
        .min(1)
        .nullable()
        .describe('How long worktree, recordings and file of a run that ended well stay, in days; null: for ever.'),
    })
    .partial(),
  deliverTo: z
    .strictObject({
      branch: branchSchema.nullable().describe('The branch that work is for; null: that of the main checkout.'),
      remote: branchSchema.describe('Name of the remote that branches are pushed to.'),
      push: z.boolean().describe('With `delivery: branch`: the branch is pushed too. Nothing is ever forced.'),
    })
    .partial(),
  deliveryTemplates: z
    .strictObject({
      commit: templateSchema.describe('Message of the commit with what the agent did not commit itself.'),
      prTitle: templateSchema.describe('Title of a pull request.'),
      prBody: templateSchema.describe('Text of a pull request.'),
    })
    .partial(),
  codeHost: z
    .strictObject({
      command: z.array(z.string()).describe('The program that makes pull requests, with its arguments; empty: none.'),
    })
    .partial(),
  limits: z
    .strictObject({
      total: z.int().positive().describe('Runs at once in the project.'),
      perAgent: z.record(nameSchema, z.int().min(0)).describe('Runs at once of one agent, by its name.'),
      allProjects: z
        .int()
        .positive()
        .nullable()
        .describe('Runs at once over all projects, for ~/.forge/config.yaml; null: no limit.'),
      startGapMs: z
        .int()
        .min(0)
        .max(60_000)
        .describe('How long after one run another begins, in ms: programs that start at once hold each other up.'),
      goOn: z
        .boolean()
        .describe('An agent whose provider took no more until some time is told to go on then, one after the other.'),
    })
    .partial(),
  runLimits: z
    .strictObject({
      minutes: z.number().positive().nullable().describe('Minutes that an agent may be at work; null: no limit.'),
      turns: z.int().positive().nullable().describe('Calls of its model; null: no limit.'),
      tokens: z.int().positive().nullable().describe('Tokens, in and out, caches included; null: no limit.'),
    })
    .partial()
    .describe('What one run may use; then it is paused. Letting it go on grants the same again.'),
  stuck: z
    .strictObject({
      steps: z
        .array(z.enum(stuckSteps))
        .max(10)
        .describe(
          'What is done, one after the other, about an agent that does the same again and again; none: nothing.',
        ),
    })
    .partial(),
  budget: z
    .strictObject({
      runUsd: usd.describe('US dollars that one run may cost; then it is paused. null: no limit.'),
      taskUsd: usd.describe('US dollars that all runs of one task may cost; null: no limit.'),
      batchUsd: usd.describe('US dollars that one batch may cost; null: no limit.'),
      dayUsd: usd.describe('US dollars that the project may cost between midnight and midnight; null: no limit.'),
      projectUsd: usd.describe('US dollars that the project may cost in all; null: no limit.'),
    })
    .partial(),
  prices: z
    .record(z.string().min(1), priceOptions)
    .describe('What models cost, by name; `*` stands for any text. They win over the prices that Forge knows.'),
  keys: z
    .strictObject({
      leader: z
        .string()
        .regex(/^(ctrl|alt)\+[a-z0-9\\\]^_@ ]$|^f([1-9]|1[0-2])$/, 'a key such as ctrl+q')
        .describe('The one key that comes back from typing into a pane.'),
      actions: z
        .record(z.string(), z.union([z.string(), z.array(z.string())], 'a key, or a list of keys'))
        .describe('By the id of an action of the dashboard its key, a list of keys, or [] for none.'),
    })
    .partial(),
  notify: z
    .strictObject({
      terminal: z
        .enum(notificationKinds)
        .describe(
          'How your terminal tells you who waits for you: auto, by what it is; a bell; a notification on the desktop by OSC 9, 777 or 99; none.',
        ),
      command: z
        .array(z.string())
        .describe(
          'A program that is run for it besides, with its arguments; {text} stands for what is told. Empty: none.',
        ),
    })
    .partial(),
  transcripts: z
    .strictObject({
      record: z.boolean().describe('Whether new sessions are recorded; without, history is the last 1,000 lines.'),
      sessionMegabytes: z.number().min(1, 'at least 1').describe('What one recording may take; the oldest part goes.'),
      totalMegabytes: z
        .number()
        .min(1, 'at least 1')
        .describe('What all recordings may take; the oldest of ended sessions go.'),
    })
    .partial(),
  ui: z
    .strictObject({
      theme: z
        .enum(['dark', 'light', 'high-contrast', 'none'])
        .nullable()
        .describe(
          "Colours of the dashboard's own parts; null: those of the terminal. What programs draw keeps its own.",
        ),
      screenReader: z
        .boolean()
        .describe(
          'The dashboard as lines of words for a screen reader, one thing at a time; also by INK_SCREEN_READER=true.',
        ),
      mouse: z
        .boolean()
        .describe("Clicks and the wheel go to the dashboard and to programs; false: they are the terminal's own."),
      localEcho: z
        .boolean()
        .describe(
          'A letter is shown when you type it, where the program has echoed those before it and shows its cursor; what it then shows wins.',
        ),
      programsCopy: z
        .boolean()
        .describe('The program that you type into may put text on your clipboard (OSC 52); nothing ever reads it.'),
    })
    .partial(),
} as const;

/** What one file may say: any part of the options, nothing else. */
export const layerSchema = z.strictObject(options).partial();
export type ConfigLayer = z.infer<typeof layerSchema>;

type Full<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };
type Group =
  | 'runLimits'
  | 'stuck'
  | 'deliverTo'
  | 'deliveryTemplates'
  | 'codeHost'
  | 'worktrees'
  | 'keep'
  | 'limits'
  | 'budget'
  | 'keys'
  | 'notify'
  | 'transcripts'
  | 'ui';

export type AgentOptions = z.infer<typeof agentOptions>;

/** The settings in force. */
export type Config = Omit<Full<ConfigLayer>, Group | 'agents'> & {
  agents: Record<string, AgentOptions>;
} & { [G in Group]: Full<NonNullable<ConfigLayer[G]>> } & {
  worktrees: { ports: { base: number; perWorktree: number } };
};

export const defaults: Config = {
  prefix: null,
  mode: 'standard',
  dataBranch: null,
  agents: {
    claude: { adapter: 'claude-code', command: [], env: {} },
    codex: { adapter: 'codex', command: [], env: {} },
  },
  workers: [
    { name: 'worker-1', agent: 'claude', mode: 'coder' },
    { name: 'worker-2', agent: 'claude', mode: 'coder' },
  ],
  // Above what servers usually take, below what systems give to outgoing connections: from 32768 on Linux.
  worktrees: { setup: [], teardown: [], copy: [], base: 'head', pool: 0, ports: { base: 21_000, perWorktree: 10 } },
  gates: [],
  review: 'open',
  delivery: 'commit',
  keep: { days: 30, perRun: 50, runDays: 30 },
  deliverTo: { branch: null, remote: 'origin', push: false },
  deliveryTemplates: { commit: '{title}', prTitle: '{title}', prBody: '{body}' },
  codeHost: { command: [] },
  limits: { total: 6, perAgent: {}, allProjects: null, startGapMs: 100, goOn: true },
  runLimits: { minutes: null, turns: null, tokens: null },
  stuck: { steps: ['nudge', 'ask'] },
  budget: { runUsd: null, taskUsd: null, batchUsd: null, dayUsd: null, projectUsd: null },
  prices: {},
  keys: { leader: 'ctrl+q', actions: {} },
  notify: { terminal: 'auto', command: [] },
  transcripts: { record: true, ...defaultTranscriptBounds },
  ui: { theme: null, mouse: true, localEcho: true, screenReader: false, programsCopy: false },
};

/** Checked, so that a file written for a later version can be used with this one; nothing reads them yet. */
const withoutEffect: readonly string[] = [];

/** Whether anything reads the setting at this dotted path in this version. */
export function hasEffect(path: string): boolean {
  return !withoutEffect.some(
    (setting) => path === setting || (/^[.[]/.test(path.slice(setting.length)) && path.startsWith(setting)),
  );
}
