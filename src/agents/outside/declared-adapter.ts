import { access } from 'node:fs/promises';
import type { DeclaredAdapter } from '../../domain/declared-adapter.ts';
import { ScreenPattern } from '../../domain/screen-pattern.ts';
import type { AgentAdapter, FollowedSession, LaunchRequest } from '../../ports/agent.ts';
import { choosesConversation } from '../chosen-conversation.ts';
import { agentEnvironment } from '../environment.ts';
import { findAgentProgram, launchProgram, noAbilities, type ProgramTraits } from '../launch-program.ts';
import { literalPrompt } from '../literal-prompt.ts';
import { withOwnRules } from '../own-rules.ts';
import { sessionUuid } from '../session-uuid.ts';

type Words = Record<string, string>;

/** The adapter that a YAML file declares. */
export function declaredAdapter(name: string, declared: DeclaredAdapter): AgentAdapter {
  const { summary, endsByItself, interruptKeys, inputMark, inputHint, mention, start, resume, rules } = declared;
  const traits: ProgramTraits = {
    environment: { passedOn: declared.environment.passOn, heldBack: declared.environment.holdBack },
    command: declared.program.length === 0 ? null : declared.program,
    answersVersion: declared.answersVersion,
    install: declared.install || `Install it, or give the agent a command in .forge/config.yaml.`,
  };
  const hasIds = start.some((argument) => argument.includes('{conversation}'));
  const adapter: AgentAdapter = {
    ...{ name, summary, endsByItself, interruptKeys, screenRules: [] },
    abilities: { ...noAbilities, canResume: resume !== null },
    ...(inputMark === null ? {} : { inputMark: new ScreenPattern(inputMark) }),
    ...(inputHint === null ? {} : { inputHint: new ScreenPattern(inputHint) }),
    ...(mention === null ? {} : { mentionFile: (path) => fill(mention, { path }) }),
    find: (definition, environment, repository) => findAgentProgram(traits, definition, environment, repository),
    launch: async (request) => {
      let conversation: string | null = null;
      const launch = launchProgram(traits, request, (own) => {
        const options = [...start, ...(resume ?? [])].filter((argument) => argument.startsWith('-'));
        const isChosen = hasIds && choosesConversation(own, options);
        if (hasIds && !isChosen) conversation = request.resume ?? sessionUuid(request.repository, request.session);
        const chosen = isChosen ? [] : (request.resume !== null && resume) || start;
        const asked = request.prompt === '' ? [] : declared.prompt;
        const words = wordsOf(request, conversation);
        return [...own, ...chosen, ...asked].map((argument) => fill(argument, words));
      });
      return { ...launch, conversation };
    },
    ...(resume === null ? {} : { holdsConversation: (session) => holds(declared, traits, session) }),
  };
  return withOwnRules(adapter, { name, adapter: name, command: [], env: {}, rules });
}

function wordsOf(
  { prompt, task, run, session, worktree, repository }: LaunchRequest,
  conversation: string | null,
): Words {
  const place = { task, run, session, worktree, repository };
  return { ...place, prompt: literalPrompt(prompt), ...(conversation === null ? {} : { conversation }) };
}

async function holds(declared: DeclaredAdapter, traits: ProgramTraits, session: FollowedSession): Promise<boolean> {
  const { definition, environment, worktree, repository, conversation } = session;
  if (conversation === null) return false;
  if (declared.conversationFile === null) return true;
  const { HOME: home = '' } = agentEnvironment(definition.env, environment, traits.environment);
  const path = fill(declared.conversationFile, { home, worktree, repository, conversation });
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Any other text in braces is left as it is, also when it comes with a word. */
function fill(text: string, words: Words): string {
  return text.replace(/\{(\w+)\}/g, (whole, word: string) => (Object.hasOwn(words, word) ? words[word] : whole));
}
