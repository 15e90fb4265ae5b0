import { expect, test } from 'vitest';
import { stepWords } from '../../src/domain/task-step.ts';

const words = (before: Record<string, unknown> | null, after: Record<string, unknown>) =>
  stepWords({ changes: [{ task: 'fg-a3f8', title: 'Bread', before, after }] });

test.each([
  ['adding', null, { title: 'Bread', priority: 2 }],
  ['closing', { status: 'open', assignee: 'ada' }, { status: 'closed', assignee: null }],
  ['opening again', { status: 'closed' }, { status: 'open' }],
  ['priority 1 instead of 2 of', { priority: 2 }, { priority: 1 }],
  ['what it waits for of', { dependsOn: [] }, { dependsOn: ['fg-77k2'] }],
  ['changing body of', { body: '' }, { body: 'White.' }],
  ['changing priority, labels of', { priority: 2, labels: [] }, { priority: 1, labels: ['soon'] }],
])('taking back says all that it would be: %s', (deed, before, after) => {
  expect(words(before, after)).toBe(`${deed} fg-a3f8, “Bread”`);
});
