import { z } from 'zod';
import { type AgentReport, turnStateSchema } from './agent-report.ts';
import { addToldPrompt, toldPromptSchema } from './told-prompt.ts';

/** The newest of each kind that the records of a session's agent said. Times in ms since the epoch. */
export const agentWordsSchema = z.object({
  state: z
    .object({ state: z.enum(['busy', 'waiting', 'idle', 'failed']), reason: z.string(), at: z.number() })
    .nullable(),
  limit: z.object({ until: z.number().nullable(), reason: z.string(), at: z.number() }).nullable(),
  turn: z
    .object({ is: turnStateSchema, at: z.number() })
    .nullable()
    // Missing from what an earlier version has stored.
    .default(null),
  promptAt: z.number().nullable(),
  /** The newest that it has taken. Missing from what an earlier version has stored. */
  prompts: z.array(toldPromptSchema).readonly().default([]),
  answerAt: z.number().nullable(),
});
export type AgentWords = z.infer<typeof agentWordsSchema>;

export const noWords: AgentWords = {
  state: null,
  limit: null,
  turn: null,
  promptAt: null,
  prompts: [],
  answerAt: null,
};

/** The words after one more report; the same object when it says nothing new. Reports of earlier times change nothing. */
export function hearReport(words: AgentWords, report: AgentReport): AgentWords {
  switch (report.type) {
    case 'state':
      if (words.state !== null && words.state.at > report.at) return words;
      return { ...words, state: { state: report.state, reason: report.reason, at: report.at } };
    case 'limit':
      if (words.limit !== null && words.limit.at > report.at) return words;
      return { ...words, limit: { until: report.until, reason: report.reason, at: report.at } };
    case 'turn':
      if (words.turn !== null && (words.turn.at > report.at || words.turn.is === report.is)) return words;
      return { ...words, turn: { is: report.is, at: report.at } };
    case 'prompt':
      return hearPrompt(words, report);
    case 'answer':
      return report.at > (words.answerAt ?? 0) ? { ...words, answerAt: report.at } : words;
    default:
      return words;
  }
}

function hearPrompt(words: AgentWords, report: AgentReport & { type: 'prompt' }): AgentWords {
  const prompts = addToldPrompt(words.prompts, report);
  const promptAt = Math.max(words.promptAt ?? 0, report.at);
  return prompts === words.prompts && promptAt === words.promptAt ? words : { ...words, prompts, promptAt };
}
