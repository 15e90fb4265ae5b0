import type { Disposable } from '../../base/disposable.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import type { AgentAbilities, AgentAdapter, FollowedSession, LaunchRequest } from '../../ports/agent.ts';
import { choosesConversation } from '../chosen-conversation.ts';
import { findAgentProgram, launchProgram, type ProgramTraits } from '../launch-program.ts';
import { formatArguments } from './headless-arguments.ts';
import { followRecord, prepareRecords, recordPath } from './record.ts';

/** How long a program may be silent at work before that is said, in ms, unless the definition has its own word. */
const silenceDefaultMs = 600_000;

/** What differs between agents without a screen. */
export interface HeadlessTraits {
  name: string;
  summary: string;
  program: ProgramTraits;
  /** The program with its screen: it is kept apart, holds conversations and is named files in the same way. */
  terminal: AgentAdapter;
  abilities: AgentAbilities;
  /** Arguments of a definition that choose a conversation themselves. */
  conversationOptions: readonly string[];
  /** The id under which the program keeps a new conversation; null: it chooses that itself. */
  conversationOf(request: LaunchRequest): string | null;
  /** What the program is told instead of the id of the conversation to begin with a copy of. */
  prepareFork?(request: LaunchRequest): Promise<string>;
  /** Settings of the start beside those of the definition. */
  environment?(env: Record<string, string>, request: LaunchRequest): Promise<Record<string, string>>;
  /** Reads records of the program itself beside those of the conversation. */
  alsoFollow?(session: FollowedSession, hear: (report: AgentReport) => void): Disposable;
}

/** An agent that is talked to by a program of Forge, which is what runs in the pane: `run-headless.ts`. */
export function headlessAdapter(traits: HeadlessTraits): AgentAdapter {
  const { name, program } = traits;
  const { isolation, holdsConversation, mentionFile } = traits.terminal;
  return {
    name,
    summary: traits.summary,
    endsByItself: false,
    abilities: traits.abilities,
    ...(isolation && { isolation }),
    ...(mentionFile && { mentionFile }),
    ...(holdsConversation && { holdsConversation }),
    interruptKeys: '\x1b',
    inputMark: /^[›…]\s*/,
    screenRules: [],
    find: (definition, environment, repository) => findAgentProgram(program, definition, environment, repository),
    launch: async (request) => {
      const { resume, fork, recordsDirectory, session, definition } = request;
      const launch = launchProgram(program, request, (own) => own);
      const isChosen = choosesConversation(launch.command.slice(1), traits.conversationOptions);
      const conversation = isChosen ? null : (resume ?? traits.conversationOf(request));
      await prepareRecords(recordsDirectory);
      const given = formatArguments({
        ...{ name, command: launch.command, conversation },
        isResumed: !isChosen && resume !== null,
        fork: isChosen || fork === null ? null : ((await traits.prepareFork?.(request)) ?? fork),
        record: recordPath(recordsDirectory, session),
        silenceMs: definition.silenceMs ?? silenceDefaultMs,
      });
      const env = (await traits.environment?.(launch.env, request)) ?? launch.env;
      return { command: [...request.forge, '__headless', ...given], env, conversation };
    },
    follow: (session, hear) => {
      const own = followRecord(recordPath(session.recordsDirectory, session.session), hear);
      const more = traits.alsoFollow?.(session, hear);
      return {
        dispose() {
          own.dispose();
          more?.dispose();
        },
      };
    },
  };
}
