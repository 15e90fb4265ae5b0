import { failureWords } from '../failure-words.ts';

export interface ChatFailure {
  reason: string;
  /** Null: it is no limit. `until` in ms since the epoch. */
  limit: { until: number | null; reason: string } | null;
}

/** `[API Error: {"error":{"code":429,"message":"…","status":"RESOURCE_EXHAUSTED"}}]`, or another failure in plain words. */
export function readFailure(text: string, at: number): ChatFailure {
  const reason = failureWords(text);
  if (!/"code":\s*429|RESOURCE_EXHAUSTED|quota/i.test(text)) return { reason, limit: null };
  const seconds = /retry in (\d+(?:\.\d+)?)s|"retryDelay":\s*"(\d+(?:\.\d+)?)s"/i.exec(text);
  const until = seconds === null ? null : at + Number(seconds[1] ?? seconds[2]) * 1_000;
  return { reason, limit: { until, reason } };
}
