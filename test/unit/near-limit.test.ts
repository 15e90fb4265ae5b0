import { expect, test } from 'vitest';
import { StreamReader } from '../../src/agents/claude-code/headless/stream-reader.ts';

function limitsAfter(status: string): unknown[] {
  const heard: { type: string }[] = [];
  const reader = new StreamReader(null, (event) => heard.push(event));
  const rate_limit_info = { status, resetsAt: 1_800_000_000, rateLimitType: 'five_hour', utilization: 0.97 };
  reader.read({ type: 'rate_limit_event', rate_limit_info });
  reader.read({ type: 'result', subtype: 'success', is_error: false, result: 'Done in 5 hours: limit of the plan.' });
  return heard.filter(({ type }) => type === 'limit');
}

test('a limit that is near is none, nor are words that speak of one: only one that refuses is', () => {
  expect(limitsAfter('allowed')).toEqual([]);
  expect(limitsAfter('allowed_warning')).toEqual([]);
  expect(limitsAfter('rejected')).toMatchObject([{ until: 1_800_000_000_000 }]);
});
