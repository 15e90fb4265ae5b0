import { afterEach, expect, test } from 'vitest';
import { ParseShare } from '../../../src/sessions/host/parse-share.ts';

const kb = 1024;
const all = 512 * kb;

const shares: ParseShare[] = [];
afterEach(() => {
  for (const share of shares.splice(0)) share.dispose();
});

function newShare() {
  const told: string[] = [];
  const share = new ParseShare({ pause: () => told.push('pause'), resume: () => told.push('resume') });
  shares.push(share);
  return { share, told };
}

test('a program that is busy alone is read until half a megabyte waits, and again when a quarter of it is left', () => {
  const { share, told } = newShare();
  share.read(all);
  expect(told).toEqual([]);
  share.read(1);
  share.read(1);
  expect(told).toEqual(['pause']);
  share.parsed((all * 3) / 4);
  expect(told).toEqual(['pause']);
  share.parsed(2);
  expect(told).toEqual(['pause', 'resume']);
});

test('of many that are busy each is read as far as its share', () => {
  const busy = Array.from({ length: 16 }, () => newShare());
  for (const { share } of busy) share.read(kb);
  const [first] = busy;
  first.share.read(31 * kb);
  expect(first.told).toEqual([]);
  first.share.read(1);
  expect(first.told).toEqual(['pause']);
});

test('however many are busy, what one pty holds is read at once', () => {
  const busy = Array.from({ length: 500 }, () => newShare());
  for (const { share } of busy) share.read(8 * kb);
  expect(busy.flatMap(({ told }) => told)).toEqual([]);
  busy[0].share.read(1);
  expect(busy[0].told).toEqual(['pause']);
  busy[0].share.parsed(8 * kb + 1);
  expect(busy[0].told).toEqual(['pause', 'resume']);
});

test('those that have nothing left to parse, or are gone, leave their share to the others', () => {
  const [one, other, third] = [newShare(), newShare(), newShare()];
  other.share.read(kb);
  third.share.read(kb);
  other.share.parsed(kb);
  third.share.dispose();
  one.share.read(all);
  expect(one.told).toEqual([]);
});
