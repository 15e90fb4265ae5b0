import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPlan } from '../../../src/config/plans/read-plan.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function problemOf(front: string): string {
  const file = join(temporaryFolder(), 'login.md');
  writeFileSync(file, `---\n${front}\n---\n\nIt fails.\n`);
  try {
    readPlan(file, 'login.md');
    return '';
  } catch (failure) {
    return (failure as Error).message;
  }
}

test('a field that no plan has is named with its line, and with the one that was meant', () => {
  expect(problemOf('title: A\ndepend_on: [b]')).toBe(
    'login.md:3:1: depend_on is not a field of a plan. Did you mean depends_on?',
  );
  expect(problemOf('title: A\nbudgett: 3')).toMatch(
    /^login\.md:3:1: budgett is not a field of a plan\. Known here: id, title, depends_on, agent, /,
  );
  expect(problemOf('title: A\ngates:\n  - { name: unit, rum: x }')).toMatch(/^login\.md:4:5: gates\[0\]/);
  expect(problemOf('title: A')).toBe('');
});
