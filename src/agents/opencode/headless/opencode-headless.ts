import type { AgentAdapter } from '../../../ports/agent.ts';
import { followLines } from '../../follow-file.ts';
import { headlessAdapter } from '../../headless/headless-adapter.ts';
import { installRecorder, recorderEnvironment, recordPath } from '../install-recorder.ts';
import { conversationOptions, opencode, traits } from '../opencode.ts';
import { readRecord } from '../read-record.ts';

/** Which models were used, and what sub-agents used, only its plugin tells. */
export const opencodeHeadless: AgentAdapter = headlessAdapter({
  name: 'opencode-headless',
  summary: 'The agent opencode without its interface, a start for each prompt.',
  program: traits,
  // `run --fork` works in the folder of the first session, not in its own.
  abilities: { canResume: true, canFork: false, tellsTokens: true, tellsMoney: true, tellsPrompts: true },
  conversationOptions,
  conversationOf: () => null,
  isolation: opencode.isolation,
  holdsConversation: opencode.holdsConversation!,
  environment: async (env, { recordsDirectory, session }) => {
    await installRecorder(recordsDirectory);
    return recorderEnvironment(env, recordsDirectory, session, {});
  },
  alsoFollow: ({ recordsDirectory, session, conversation }, hear) =>
    followLines(
      async () => recordPath(recordsDirectory, session),
      readRecord(conversation, (report) => {
        if (report.type === 'usage' || report.type === 'action') hear(report);
      }),
    ),
});
