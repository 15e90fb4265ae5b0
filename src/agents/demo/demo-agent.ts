import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plainText } from '../../base/text.ts';
import { type Line, line, type Style, styledLine } from '../terminal/layout.ts';
import { applyEdit, type EditResult } from './apply-edit.ts';
import { DemoConversation } from './demo-conversation.ts';
import type { DemoInput, DemoOutput } from './demo-terminal.ts';
import { noteRecipe, type Recipe, recipeFor } from './recipes.ts';
import { runProgram } from './run-program.ts';

export interface DemoAgentOptions {
  /** Arguments after `__demo-agent`; they are the prompt when FORGE_PROMPT is not set. */
  argv: readonly string[];
  env: NodeJS.ProcessEnv;
  stdin: DemoInput;
  stdout: DemoOutput;
  cwd: string;
}

/** How long each step lasts at speed 1, in ms: lifelike, and a whole task within half a minute. */
const pace = { think: 2_000, read: 700, edit: 1_200, diffLine: 90, commit: 600 };

/**
 * Plays a coding agent: plans, edits files in `cwd` for real, asks before it runs the tests, commits, and then talks. Gives
 * the exit status when the person leaves. FORGE_DEMO_SPEED divides its pauses; 0 leaves them out.
 */
export async function runDemoAgent({ argv, env, stdin, stdout, cwd }: DemoAgentOptions): Promise<number> {
  const task = env.FORGE_TASK ?? '';
  const prompt = env.FORGE_PROMPT || argv.join(' ');
  const recipe = recipeFor(task, prompt);
  const talk = new DemoConversation(stdin, stdout, { title: recipe.title, speed: speedOf(env.FORGE_DEMO_SPEED) });
  const stage: Stage = { talk, cwd, env, task, prompt, recipe };
  try {
    introduce(stage);
    if (prompt.trim() === '') talk.rest('idle');
    else await work(stage);
    return await talk.talk();
  } catch (failure) {
    if (!talk.leaving.aborted) throw failure;
    return 0;
  } finally {
    talk.close();
  }
}

interface Stage {
  talk: DemoConversation;
  cwd: string;
  env: NodeJS.ProcessEnv;
  task: string;
  prompt: string;
  recipe: Recipe;
}

function introduce({ talk, cwd }: Stage): void {
  talk.say(
    line('demo agent', 'accent'),
    line('A scripted demonstration that comes with Forge: no model, no network.', 'dim'),
    line(plainText(cwd), 'dim'),
    line(''),
  );
}

async function work(stage: Stage): Promise<void> {
  const { talk, recipe, prompt } = stage;
  talk.quote(prompt);
  await talk.work('Reading the task', pace.think);
  await talk.stream(recipe.plan);
  await readFiles(stage);
  const files = await edit(stage);
  await check(stage);
  await commit(stage, files);
  talk.say(line(''), line('Finished. Tell me if you want something else.', 'bold'));
  talk.rest('done');
}

async function readFiles({ talk, cwd, recipe }: Stage): Promise<void> {
  const paths = new Set(recipe.edits.filter(({ at }) => at !== null).map(({ path }) => path));
  for (const path of paths) {
    await talk.work(`Reading ${path}`, pace.read);
    const text = await readFile(join(cwd, path), 'utf8').catch(() => null);
    const found = text === null ? 'is not there' : `${text.split('\n').length - 1} lines`;
    talk.say(line(''), action('Read', path, `(${found})`, 'dim'));
  }
}

/** Gives the paths that were changed. */
async function edit(stage: Stage): Promise<string[]> {
  const changed = await applyAll(stage, stage.recipe);
  if (changed.length > 0) return changed;
  stage.talk.say(line(''), line('Nothing to edit here: I will leave a note instead.', 'notice'));
  return await applyAll(stage, noteRecipe(stage.task, stage.prompt));
}

async function applyAll({ talk, cwd }: Stage, { edits }: Recipe): Promise<string[]> {
  const changed = new Set<string>();
  for (const one of edits) {
    await talk.work(`Editing ${one.path}`, pace.edit);
    const result = await applyEdit(cwd, one);
    if (result === null) continue;
    changed.add(one.path);
    await showDiff(talk, one.path, result);
  }
  return [...changed];
}

async function showDiff(talk: DemoConversation, path: string, { isNew, added, lines }: EditResult): Promise<void> {
  talk.say(line(''), action(isNew ? 'Create' : 'Update', path, `+${added}`, 'added'));
  for (const { number, sign, text } of lines) {
    const gutter = `  ${String(number).padStart(3)} `;
    const spans = [
      { text: gutter, style: 'dim' as const },
      { text: `${sign} ${text}`, style: diffStyles[sign] },
    ];
    talk.say(styledLine(spans, gutter.length + 2));
    await talk.pause(pace.diffLine);
  }
}

const diffStyles = { '+': 'added', '-': 'removed', ' ': 'plain' } as const;

function action(verb: string, path: string, detail: string, style: Style): Line {
  return styledLine([
    { text: `● ${verb} `, style: 'bold' },
    { text: path, style: 'plain' },
    { text: ` ${detail}`, style },
  ]);
}

async function check({ talk, cwd, env }: Stage): Promise<void> {
  const question = { title: 'Allow running the tests?', detail: 'node --test' };
  const isAllowed = await talk.ask(question, 'run the tests: node --test');
  talk.say(line(''), line('● Run node --test', 'bold'));
  if (!isAllowed) {
    talk.say(line('  Not allowed: going on without.', 'notice'));
    return;
  }
  talk.busy('Running the tests');
  // Set by a test runner around this program, it would make the inner one report to the outer.
  const { NODE_TEST_CONTEXT: _, ...own } = env;
  const options = { cwd, env: own, signal: talk.leaving };
  const { isOk, output } = await runProgram(process.execPath, ['--test', '--test-reporter=tap'], options);
  const count = (word: string) => new RegExp(`^# ${word} (\\d+)`, 'm').exec(output)?.[1] ?? '?';
  talk.say(
    isOk ? line(`  ✔ ${count('pass')} tests passed`, 'added') : line(`  ✘ ${count('fail')} tests failed`, 'removed'),
  );
}

/** Neither the repository's hooks nor the person's identity and signature are any business of a demonstration. */
const commitSettings = [
  'core.hooksPath=/dev/null',
  'commit.gpgSign=false',
  'user.name=Demo agent',
  'user.email=demo@localhost',
];

async function commit({ talk, cwd, env, recipe }: Stage, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  await talk.work('Committing', pace.commit);
  const options = { cwd, env, signal: talk.leaving };
  const title = plainText(recipe.title);
  const settings = commitSettings.flatMap((setting) => ['-c', setting]);
  let result = await runProgram('git', ['add', '--', ...files], options);
  if (result.isOk)
    result = await runProgram('git', [...settings, 'commit', '-q', '-m', title, '--', ...files], options);
  talk.say(line(''), line(`● Commit ${files.length === 1 ? files[0] : `${files.length} files`}`, 'bold'));
  const why = plainText(result.output.trim().split('\n')[0]);
  talk.say(result.isOk ? line(`  “${title}”`, 'dim') : line(`  Not committed: ${why}`, 'notice'));
}

/** FORGE_DEMO_SPEED as a factor from 0 up; 1 for what is no number. */
function speedOf(text: string | undefined): number {
  const speed = Number(text?.trim() || 1);
  return Number.isFinite(speed) && speed >= 0 ? speed : 1;
}
