import { expect, test } from 'vitest';
import { parseTaskQuery } from '../../src/domain/task-query.ts';

test('a query is conditions and words', () => {
  expect(parseTaskQuery('status:open -label:"a b" Priority<=1 fix "empty word" http://x.y "a:b"')).toEqual({
    conditions: [
      { key: 'status', compare: '=', value: 'open', isNot: false },
      { key: 'label', compare: '=', value: 'a b', isNot: true },
      { key: 'priority', compare: '<=', value: '1', isNot: false },
    ],
    words: 'fix "empty word" http://x.y "a:b"',
  });
  expect(parseTaskQuery('  ')).toEqual({ conditions: [], words: '' });
});

test.each([
  ['colour:red', 'colour:red asks for what a task does not have.'],
  ['constructor:x', 'constructor:x asks for what a task does not have.'],
  ['status:done', 'status:done: the value is open, closed or all.'],
  ['priority:9', 'priority:9: the value is a number from 0 to 4.'],
  ['label<3', 'label<3: the value is a label.'],
  ['label:', 'label:: the value is a label.'],
])('%s is refused with what there is', (query, message) => {
  expect(() => parseTaskQuery(query)).toThrow(message);
});
