import type { AgentAdapter } from '../../../ports/agent.ts';
import { followLines } from '../../follow-file.ts';
import { headlessAdapter } from '../../headless/headless-adapter.ts';
import { copyId, copySession } from '../copy-session.ts';
import { installRecorder, recorderEnvironment, recordPath } from '../install-recorder.ts';
import { conversationOptions, opencode, traits } from '../opencode.ts';
import { readRecord } from '../read-record.ts';

/** Which models were used, what sub-agents used, and that it waits for its provider before it tries again, only its plugin tells. */
export const opencodeHeadless: AgentAdapter = headlessAdapter({
  name: 'opencode-headless',
  summary: 'The agent opencode without its interface, a start for each prompt.',
  program: traits,
  terminal: opencode,
  abilities: { canResume: true, canFork: true, tellsTokens: true, tellsMoney: true, tellsPrompts: true },
  conversationOptions,
  conversationOf: (request) => (request.fork === null ? null : copyId(request)),
  prepareFork: (request) => copySession(traits, request),
  environment: async (env, { recordsDirectory, session }) => {
    await installRecorder(recordsDirectory);
    return recorderEnvironment(env, recordsDirectory, session, null);
  },
  alsoFollow: ({ recordsDirectory, session, conversation }, hear) =>
    followLines(
      async () => recordPath(recordsDirectory, session),
      readRecord(conversation, (report) => {
        if (report.type === 'usage' || report.type === 'action' || report.type === 'limit') hear(report);
      }),
    ),
});
