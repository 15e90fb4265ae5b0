import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ForgeError } from '../../src/base/errors.ts';
import { PendingAnswers } from '../../src/protocol/pending-answers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const late = new ForgeError('host.unreachable', 'It is late.');
const gone = new ForgeError('host.unreachable', 'It is gone.');

test('each question gets the answer with its number, in whatever order they come', async () => {
  const pending = new PendingAnswers();
  const sent: number[] = [];
  const answers = [1, 2, 3].map(() => pending.ask((id) => sent.push(id), 1_000, late));
  pending.resolve(sent[2] as number, 'three');
  pending.reject(sent[1] as number, gone);
  pending.resolve(sent[0] as number, 'one');
  expect(await Promise.allSettled(answers)).toMatchObject([{ value: 'one' }, { reason: gone }, { value: 'three' }]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a question that nobody answers is given up, and what comes later is dropped', async () => {
  const pending = new PendingAnswers();
  const [asked] = await Promise.allSettled([pending.ask(() => vi.advanceTimersByTime(1_000), 1_000, late)]);
  expect(asked).toMatchObject({ reason: late });
  pending.resolve(1, 'late');
});

test('a question that cannot be sent is told at once, and nothing waits for its answer', async () => {
  const tooLarge = () => {
    throw new RangeError('A frame of 20000000 bytes is too large.');
  };
  const asked = new PendingAnswers().ask(tooLarge, 1_000, late);
  await expect(asked).rejects.toMatchObject({ code: 'usage.invalid', message: expect.stringContaining('too large') });
  expect(vi.getTimerCount()).toBe(0);
});

test('when the link is gone, all that wait are told', async () => {
  const pending = new PendingAnswers();
  const answers = [1, 2].map(() => pending.ask(() => {}, 1_000, late));
  pending.rejectAll(gone);
  expect(await Promise.allSettled(answers)).toMatchObject([{ reason: gone }, { reason: gone }]);
  expect(vi.getTimerCount()).toBe(0);
});
