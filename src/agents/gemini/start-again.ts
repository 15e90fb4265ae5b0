import { literalPrompt } from '../literal-prompt.ts';
import { sessionUuid } from '../session-uuid.ts';

/**
 * Gemini CLI starts itself anew, with the same arguments, when somebody has trusted the folder, logged in or changed certain settings. It
 * then refuses the id of the conversation that it has begun under it, and ends with this status; so it does when it is to go on with
 * one in which nothing was said.
 */
const refused = 42;

/** The title counts as work until the program has one of its own: nothing is typed in between. */
const script = `
id=$1 next=$2 first=$3 again=$4
shift 4
trap : HUP INT TERM
"$@" --session-id "$id" \${first:+"$first"}
status=$?
[ $status -eq ${refused} ] || exit $status
printf '\\033]0;✦ Starting again\\007'
"$@" --resume "$id" \${again:+"$again"}
status=$?
[ $status -eq ${refused} ] || exit $status
exec "$@" --session-id "$next" \${first:+"$first"}`;

const goOn =
  'Your program was started anew. Go on where that interrupted you. If your work was complete, say so and do nothing more.';

/**
 * What begins a conversation, and goes on with it when the program has started itself anew: with the same one, or with the next where
 * nothing was said in it. `prompt`: '' for none.
 */
export function commandToBegin(command: readonly string[], conversation: string, prompt: string): string[] {
  const words = prompt === '' ? ['', ''] : [promptArgument(prompt), promptArgument(goOn)];
  return ['/bin/sh', '-c', script, 'gemini', conversation, nextConversation(conversation), ...words, ...command];
}

/** Under which id a conversation is begun when its own is refused. */
export function nextConversation(conversation: string): string {
  return sessionUuid('gemini', conversation);
}

/** In one argument: a prompt that starts with a dash would be taken for an option. */
export function promptArgument(prompt: string): string {
  return `--prompt-interactive=${literalPrompt(prompt)}`;
}
