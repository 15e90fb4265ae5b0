import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function openAll(directory = temporaryFolder()) {
  const store = openStore({ directory, prefix: 'fg', clock: () => 7, jsonl: false });
  onTestFinished(() => store.dispose());
  return store;
}
const open = (directory?: string) => openAll(directory).reviews;

const onLine = { run: 'fg-a-1', path: 'a.ts', side: 'new', first: 3, last: 4, quote: 'x\ny', actor: 'ada' } as const;

test('a comment is kept with its lines, changed and taken back', () => {
  const directory = temporaryFolder();
  const reviews = open(directory);
  const comment = reviews.add({ ...onLine, text: 'Why?' });
  expect(comment).toEqual({ ...onLine, id: 1, text: 'Why?', at: 7, sentAt: null, note: '' });
  reviews.edit(1, 'Why so?');
  // Another process, or the next supervisor.
  expect(open(directory).list(['fg-a-1', 'fg-a-2'])).toEqual([{ ...comment, text: 'Why so?' }]);
  reviews.remove(1);
  expect(reviews.list(['fg-a-1'])).toEqual([]);
  // Its number is not given to another.
  expect(reviews.add({ ...onLine, text: 'Again' }).id).toBe(2);
});

test('what an agent was given stays as it was given', () => {
  const reviews = open();
  reviews.add({ ...onLine, text: 'Why?' });
  reviews.setSent([1], null);
  expect(reviews.get(1).sentAt).toBe(7);
  expect(() => reviews.edit(1, 'x')).toThrow('Comment 1 was sent to the agent already.');
  expect(() => reviews.remove(1)).toThrow('Comment 1 was sent to the agent already.');
  expect(() => reviews.get(9)).toThrow('There is no comment 9.');
});

test('what was in a prompt that did not arrive is not sent, and says why', () => {
  const { reviews, messages } = openAll();
  reviews.add({ ...onLine, text: 'Why?' });
  const [{ id } = { id: 0 }] = messages.add(['s'], 'Your work was reviewed', 'ada', 7);
  reviews.setSent([1], id);
  expect(reviews.get(1)).toMatchObject({ sentAt: 7, note: '' });
  messages.change(id, ['queued'], { state: 'failed', note: 'The program takes no pastes.' });
  expect(reviews.get(1)).toMatchObject({ sentAt: null, note: 'The program takes no pastes.' });
  expect(reviews.edit(1, 'Why so?').text).toBe('Why so?');
});
