import { join } from 'node:path';
import type { UsageEntry } from '../../src/domain/usage.ts';
import { openStore } from '../../src/store/open-store.ts';
import { until } from '../../test/support/until.ts';
import { key, type Stage } from './stage.ts';

/** The first two tasks of the demo are at work: one agent asks for permission, the other has finished. */
export async function beginDay(stage: Stage): Promise<void> {
  await stage.sees(/○ Refuse an empty name/);
  stage.press('D');
  await stage.sees(/▲ 2 need you/);
  stage.press('w', key.enter);
  await stage.sees(/TYPING/);
  stage.press('1');
  await stage.sees(/complete: look and accept/);
  stage.press(key.leader);
  await stage.sees(/q leave/);
}

interface RunRow {
  id: string;
  task: string;
  session: string;
  status: string;
}

const runsOf = (stage: Stage) => JSON.parse(stage.forge('runs', '--json')) as RunRow[];

/** Later: a task is done, the next one asks, `last` waits for a worker; there is a batch, of two prompts one was answered, money was spent. */
export async function fillDay(stage: Stage, last: string): Promise<void> {
  const complete = runsOf(stage).find(({ status }) => status === 'reviewing');
  if (!complete) throw new Error('No run is complete.');
  stage.forge('session', 'send', complete.session, 'Name the error in the README, too.');
  await stage.sees(/know my script/);
  const tasks = JSON.parse(stage.forge('task', 'list', '--json')) as { id: string; title: string }[];
  const batched = tasks.filter(({ title }) => /language|goodbye|empty|loud/.test(title)).map(({ id }) => id);
  stage.forge('batch', 'create', 'greetings', ...batched);
  stage.forge('approve', complete.id);
  const asking = runsOf(stage).find(({ status }) => status === 'working');
  if (asking) stage.forge('session', 'send', asking.session, 'Spanish, too, when you are done.');
  stage.forge('task', 'add', last, '--priority', '1');
  await stage.sees(/✓ 1 done/);
  await stage.sees(/▲ 2 need you/);
  const [ready] = JSON.parse(stage.forge('task', 'ready', '--json')) as { id: string }[];
  stage.forge('dispatch', ready.id);
  await until('the last one waits for a worker', () => runsOf(stage).some(({ status }) => status === 'queued'));
  tellCosts(stage);
}

/** What the scripted agents of the demo do not tell: tokens and money, as records of a real one have them, on some days. */
export function tellCosts(stage: Stage): void {
  const store = openStore({
    directory: join(stage.repository, '.forge'),
    prefix: 'demo',
    clock: Date.now,
    jsonl: false,
  });
  try {
    const begun = runsOf(stage).filter(({ status }) => status !== 'queued');
    for (const [place, { id }] of begun.entries())
      for (const daysAgo of place === 0 ? [0, 1, 2, 4, 5, 6] : [0]) {
        const usd = 0.42 + ((daysAgo * 7 + place * 3) % 5) * 0.31;
        const tokens = { input: 21_000, output: 8_400, cacheRead: 610_000, cacheWrite: 24_000 };
        const call: UsageEntry = { key: `${daysAgo}`, model: 'demo', tokens, usd, at: Date.now() - daysAgo * dayMs };
        store.usage.put({ run: id, agent: 'demo', conversation: id }, call);
      }
  } finally {
    store.dispose();
  }
}

const dayMs = 86_400_000;
