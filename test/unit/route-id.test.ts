import { expect, test } from 'vitest';
import { idIn, projectOfId } from '../../src/main/route-id.ts';

const projects = [
  { name: 'shop', path: '/shop', prefix: 'sp' },
  { name: 'park', path: '/park', prefix: 'pa' },
  { name: 'one', path: '/one', prefix: 'xx' },
  { name: 'two', path: '/two', prefix: 'xx' },
];

test.each([
  ['pa-12ab', '/shop', '/park'],
  ['pa-12ab', '/park', null],
  ['pa-12ab', null, '/park'],
  ['pa-12ab-1', '/shop', '/park'],
  ['zz-12ab', '/shop', null],
  ['xx-12ab', '/shop', null],
])('%s asked in %s is of %s', (id, here, place) => {
  expect(projectOfId(id, here, projects)).toBe(place);
});

test('ids are found in what an operation is asked about', () => {
  expect(idIn({ task: 'pa-12ab' })).toBe('pa-12ab');
  expect(idIn({ tasks: ['pa-12ab', 'sp-1'] })).toBe('pa-12ab');
  expect(idIn({ id: '12ab', title: 'pa-12ab' })).toBe(null);
  expect(idIn(null)).toBe(null);
});
