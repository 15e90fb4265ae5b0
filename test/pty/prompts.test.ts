import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PromptWorld } from '../support/prompt-world.ts';
import { seededRandom } from '../support/random.ts';
import { until } from '../support/until.ts';

test('a prompt to a program that starts slowly is typed when it is ready, and answered', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s', { START_MS: 1_500 });
  const id = await world.send('s', 'hello 你好 🙂');
  expect(world.message(id)).toMatchObject({ state: 'queued', actor: 'ada', typedAt: null });
  const { typedAt, acceptedAt, answeredAt } = await world.reaches(id, 'answered');
  expect([typedAt, acceptedAt, answeredAt]).toEqual([typedAt, acceptedAt, answeredAt].toSorted());
  expect(world.taken('s').prompts).toEqual(['hello 你好 🙂']);
});

test('prompts to a program at work wait for each other and come in order, and one can be taken back', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s', { ANSWER_MS: 300 });
  const ids = await Promise.all(['one', 'two', 'never', 'three'].map((text) => world.send('s', text)));
  await world.waits(ids[1] as number, /^$|at work|answered/);
  world.unsend(ids[2] as number);
  expect(() => world.unsend(ids[2] as number)).toThrow(expect.objectContaining({ code: 'message.typed' }));
  await world.reaches(ids[3] as number, 'answered');
  expect(world.taken('s').prompts).toEqual(['one', 'two', 'three']);
  expect(world.message(ids[2] as number).state).toBe('cancelled');
});

test('nothing is typed into a dialog', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s');
  const asks = await world.send('s', 'ask me');
  await world.reaches(asks, 'accepted');
  const next = await world.send('s', 'after it\rand more');
  await world.waits(next, /waits for a person/);
  await world.host.send('s', '1');
  await world.reaches(next, 'answered');
  expect(world.taken('s')).toEqual({ prompts: ['ask me', 'after it\nand more'], dialogs: '1' });
});

test('nothing is typed behind a draft, and a draft that was taken back is none', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s');
  await world.reaches(await world.send('s', 'first'), 'answered');
  await world.host.send('s', 'half a sent');
  const next = await world.send('s', 'second');
  await world.waits(next, /begun to type/);
  await world.host.send('s', 'ence\r');
  await world.reaches(next, 'answered');
  await world.host.send('s', 'oops\x7f\x7f\x7f\x7f');
  await world.reaches(await world.send('s', 'third'), 'answered');
  expect(world.taken('s').prompts).toEqual(['first', 'half a sentence', 'second', 'third']);
});

test('a prompt of somebody else that is taken just then is no receipt of one whose Enter was lost', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s', { DROPS_ENTERS: 1 }, 'codex');
  const id = await world.send('s', 'fix the login');
  const { typedAt } = await world.reaches(id, 'typed');
  world.tells('s', { type: 'prompt', key: 'theirs', text: 'what is this?', at: (typedAt ?? 0) + 1 });
  await until('Enter to be pressed again', () => world.taken('s').prompts.length > 0);
  world.tells('s', { type: 'prompt', key: 'ours', text: 'fix the login', at: Date.now() });
  await world.reaches(id, 'answered');
  expect(world.taken('s').prompts).toEqual(['fix the login']);
});

test('a draft of which each word was deleted is none once the input is seen to be empty, and a prompt goes its way', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s', {}, 'codex');
  await until('it to rest', () => world.facts('s')?.program?.state === 'idle');
  await world.host.send('s', 'half a');
  const id = await world.send('s', 'whole');
  await world.waits(id, /text in its input/);
  await world.host.send('s', '\x17\x17');
  await world.reaches(id, 'answered');
  expect(world.facts('s')?.isDrafting).toBe(false);
  expect(world.taken('s').prompts).toEqual(['whole']);
});

test('an Enter that is lost is pressed once more', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s', { DROPS_ENTERS: 1 });
  await world.reaches(await world.send('s', 'once'), 'answered');
  expect(world.taken('s').prompts).toEqual(['once']);
});

test('a text that went away from the input before Enter is typed again', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s', { DROPS_PASTES: 1 }, 'codex');
  await world.reaches(await world.send('s', 'here to stay'), 'answered');
  expect(world.taken('s').prompts).toEqual(['here to stay']);
});

test('nothing is sent together with what somebody types behind it', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s');
  const id = await world.send('s', 'mine');
  await until('it to be typed', () => world.message(id).state === 'typing' && world.facts('s')?.marked, { everyMs: 1 });
  await world.host.send('s', ' and yours');
  await world.host.send('s', '\r');
  await world.reaches(id, 'answered');
  expect(world.taken('s').prompts.join('|')).toMatch(/^mine( and yours|\| and yours)$/);
});

test('a program that takes no Enter: the prompt fails, says where it stands, and the next one does not join it', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s', { DROPS_ENTERS: 2, SIGNALS: 'no' });
  const id = await world.send('s', 'stuck');
  const next = await world.send('s', 'not behind it');
  expect((await world.reaches(id, 'failed')).note).toMatch(/stands in the input/);
  await world.waits(next, /prompt before it still stands/);
  await world.host.send('s', '\x15');
  await world.reaches(next, 'accepted');
  expect(world.taken('s').prompts).toEqual(['not behind it']);
});

test.each([
  { says: 'of 100 KB', text: 'wide 漢字 and more '.repeat(5_000).trim() },
  { says: 'of 400 lines', text: Array.from({ length: 400 }, (_, at) => `line ${at} 表`).join('\n') },
  { says: 'with a control sequence in it', text: 'a \x1b[201~\rb', taken: 'a [201~\nb' },
  { says: 'that ends with signs', text: '/help?!' },
])('a prompt $says arrives whole', async ({ text, taken = text }) => {
  await using world = await PromptWorld.open();
  await world.chat('s');
  await world.reaches(await world.send('s', text), 'answered');
  expect(world.taken('s').prompts).toEqual([taken]);
});

test('a program that shows nothing of what is typed gets it once', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s', { ECHO: 'no' });
  await world.reaches(await world.send('s', 'secret'), 'answered');
  expect(world.taken('s').prompts).toEqual(['secret']);
});

test('a program without signals is typed to when it has come to rest', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s', { SIGNALS: 'no' });
  await world.reaches(await world.send('s', 'first\nof two lines'), 'accepted');
  await world.reaches(await world.send('s', 'second'), 'accepted');
  expect(world.taken('s').prompts).toEqual(['first\nof two lines', 'second']);
});

test('a program without pastes gets a single line, and several lines are refused with the reason', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s', { PASTES: 'no' });
  const several = await world.reaches(await world.send('s', 'one\ntwo'), 'failed');
  expect(several.note).toMatch(/takes no pastes/);
  await world.reaches(await world.send('s', 'one\tline'), 'answered');
  expect(world.taken('s').prompts).toEqual(['one line']);
});

test('a session that ends takes its queue along, with the reason', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s', { START_MS: 60_000 });
  const id = await world.send('s', 'too late');
  await world.host.kill('s', { graceMs: 0 });
  expect((await world.reaches(id, 'failed')).note).toMatch(/ended before/);
  await expect(world.send('s', 'more')).rejects.toThrow(expect.objectContaining({ code: 'session.ended' }));
});

test('an empty prompt is refused', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s');
  await expect(world.send('s', ' \r\n\x1b ')).rejects.toThrow(expect.objectContaining({ code: 'usage.invalid' }));
});

test('a supervisor that is killed at any moment: no prompt is lost, none is typed twice', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s', { ANSWER_MS: 100 });
  const random = seededRandom(7);
  const sent: string[] = [];
  for (let at = 0; at < 12; at++) {
    sent.push(`prompt number ${at}`);
    const id = await world.send('s', sent.at(-1) as string);
    for (let kills = 0; kills < 3; kills++) {
      await pause(random() * 400);
      world.restart();
    }
    await world.reaches(id, 'answered');
  }
  expect(world.taken('s').prompts).toEqual(sent);
});

test('a supervisor that is killed at each step goes on there', async () => {
  await using world = await PromptWorld.open();
  await world.chat('s');
  for (const [at, state] of (['queued', 'typing', 'typed', 'accepted'] as const).entries()) {
    const id = await world.send('s', `step ${at}`);
    await until(state, () => world.message(id).state === state || world.message(id).state === 'answered', {
      everyMs: 1,
    });
    world.restart();
    await world.reaches(id, 'answered');
  }
  expect(world.taken('s').prompts).toEqual(['step 0', 'step 1', 'step 2', 'step 3']);
});
