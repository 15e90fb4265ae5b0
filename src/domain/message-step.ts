import { inputText, isInInput } from './input-screen.ts';
import { hasTakenFirst, type MessageScene, restMs, saysThatItFailed } from './message-scene.ts';
import { isAsking } from './session.ts';
import { isToldOf } from './told-prompt.ts';
import { whyNotNow } from './why-not-now.ts';

/** How long the text may take to appear in the input, in ms. Then Enter may be pressed all the same: not all programs show it. */
const appearMs = 3_000;
/** A text that somebody deleted before Enter is typed again, so many times in all. */
const typingsMax = 3;
/** Enter is pressed once more when nothing has come of it for this long, in ms, and the text still stands there. */
const enterAgainMs = 2_000;
/** The last of its records are read so long after the end of a program, or after a supervisor began to look at it, in ms. */
const lastRecordsMs = 3_000;
/** How long a program may take to show that it has taken a prompt, in ms since the first Enter. */
const acceptMs = 10_000;
/**
 * And one whose records will tell, also while the text still stands in its input: on a busy machine it may read Enter late, or write its
 * records late, and what comes then is no receipt of the next.
 */
const recordMs = 30_000;
/** A program without signals has taken a text that left its input for this long, in ms. */
const leftMs = 300;
/** A prompt to which a program at rest shows no reaction (a command such as /clear) counts as answered after this long, in ms. */
const silentAnswerMs = 5_000;

/** What is to be done for a message now. */
export type MessageStep =
  | { do: 'wait'; note: string }
  | { do: 'type' }
  | { do: 'enter' }
  | { do: 'again' }
  | { do: 'become'; state: 'queued' | 'accepted' | 'answered' | 'failed'; note: string; at: number };

/** Decides by facts alone, so that a supervisor that is started again goes on where another one stopped. */
export function nextStep(scene: MessageScene): MessageStep {
  switch (scene.message.state) {
    case 'queued':
      return queued(scene);
    case 'typing':
      return typing(scene);
    case 'typed':
      return typed(scene);
    case 'accepted':
      return accepted(scene);
    default:
      return { do: 'wait', note: scene.message.note };
  }
}

function queued(scene: MessageScene): MessageStep {
  const { facts, message, screen, mayGoOn, now } = scene;
  if (facts.endedAt !== null) {
    if (mayGoOn) return { do: 'wait', note: 'its session has ended: it is typed when the run goes on' };
    return fail('The session ended before it could be typed.', now);
  }
  const reason = whyNotNow(scene);
  if (reason !== null) return { do: 'wait', note: reason };
  if (screen !== null && !screen.isPasteOn && message.text.trim().includes('\n')) {
    return fail('The program takes no pastes: each line would be a prompt of its own. Send them one by one.', now);
  }
  return { do: 'type' };
}

/** The text was deleted before Enter: the input is empty, and the program at rest as it was. */
function isDeleted({ facts: { program }, status, screen, inputMark, sent }: MessageScene): boolean {
  if (screen === null || inputMark === null || sent === null || sent === 'unknown') return false;
  const isAtRest = status.state === 'idle' || status.state === 'done';
  return isAtRest && program !== null && program.at < sent.at && inputText(screen, inputMark) === '';
}

function typing(scene: MessageScene): MessageStep {
  const { facts, status, screen, sent, isTold, mayGoOn, now } = scene;
  if (sent === 'unknown') return ofUnknownFate(scene, 'the supervisor was ended while it typed it');
  if (facts.endedAt !== null) {
    const told = toldAt(scene);
    if (told !== null) return accept(told);
    if (mayBeTold(scene)) return { do: 'wait', note: 'its last records are read' };
    if (mayGoOn) return { do: 'become', state: 'queued', note: 'its session has ended before Enter', at: now };
    return fail('The session ended while it was typed; Enter was not pressed.', now);
  }
  if (sent === null) {
    const step = queued(scene);
    return step.do === 'wait' ? { do: 'become', state: 'queued', note: step.note, at: now } : step;
  }
  const evidence = acceptedAt(scene, sent.at);
  if (evidence !== null) return accept(evidence);
  if (isAsking(status)) return { do: 'wait', note: 'a question came up while it was typed: answer it' };
  if (facts.isDrafting && (facts.lastInputAt ?? 0) > sent.at) return { do: 'wait', note: 'somebody types behind it' };
  if (isThere(scene)) return { do: 'enter' };
  const waitedMs = now - sent.at;
  if (waitedMs < appearMs) return { do: 'wait', note: '' };
  if (isDeleted(scene) && scene.typings < typingsMax) {
    return { do: 'become', state: 'queued', note: 'its text went away from the input', at: now };
  }
  // Whether a program has taken what it does not show, only its signals can tell; of one that echoes by itself its output.
  if (isTold || screen?.isPasteOn === false) return { do: 'enter' };
  if (waitedMs < acceptMs) return { do: 'wait', note: 'the text has not appeared in the input' };
  return fail('It was typed, and has not appeared in the input: Enter was not pressed.', now);
}

function typed(scene: MessageScene): MessageStep {
  const { facts, status, screen, sent, wasSeen, isTold, tellsPrompts, now } = scene;
  if (sent === 'unknown' || sent === null) return ofUnknownFate(scene, 'the supervisor was ended while it sent it');
  const evidence = acceptedAt(scene, sent.at);
  if (evidence !== null) return accept(evidence);
  if (facts.endedAt !== null) {
    if (sent.step !== 'text' && facts.exitCode === 0) return accept(facts.endedAt);
    return ofUnknownFate(scene, 'the session ended');
  }
  if (sent.step === 'text') return isAsking(status) ? { do: 'wait', note: '' } : { do: 'enter' };
  const waitedMs = now - sent.at;
  const stands = isThere(scene);
  const hasLeft = wasSeen && screen !== null && !stands;
  if (hasLeft && !isRecorded(scene) && waitedMs >= (isTold ? enterAgainMs : leftMs)) return accept(sent.at);
  if (!wasSeen && !isTold && (facts.lastOutputAt ?? 0) > sent.at && waitedMs >= leftMs) return accept(sent.at);
  const patienceMs = tellsPrompts && isRecorded(scene) ? recordMs : acceptMs;
  if (sent.step === 'enter') {
    if (stands && waitedMs >= enterAgainMs && !isAsking(status)) return { do: 'again' };
    if (waitedMs < patienceMs) return { do: 'wait', note: '' };
  } else if (waitedMs < patienceMs - enterAgainMs) return { do: 'wait', note: '' };
  if (stands) return fail('It stands in the input: Enter was pressed, and the program did not take it.', now);
  return fail(mayHaveBeenSent('nothing shows whether the program took it'), now);
}

/** Only its records can still tell whether the program has taken it. */
function ofUnknownFate(scene: MessageScene, why: string): MessageStep {
  const told = toldAt(scene);
  if (told !== null) return accept(told);
  return mayBeTold(scene) ? { do: 'wait', note: 'its last records are read' } : fail(mayHaveBeenSent(why), scene.now);
}

function mayBeTold({ facts, tellsPrompts, watchedSince, now }: MessageScene): boolean {
  return tellsPrompts && now - Math.max(facts.endedAt ?? 0, watchedSince) < lastRecordsMs;
}

/** When the program took it by its own records: by its words, since others are taken too, such as a person's. */
function toldAt({ message, words, now }: MessageScene): number | null {
  const typedAt = message.typedAt ?? now;
  return words?.prompts.find((prompt) => prompt.at > typedAt && isToldOf(prompt, message.text))?.at ?? null;
}

/** When the program took what was typed at `since`, by its own signals; null: they do not say that it has. */
function acceptedAt(scene: MessageScene, since: number): number | null {
  const { status, isTold, sent } = scene;
  const { program } = scene.facts;
  if (sent === null || sent === 'unknown') return null;
  const stands = isThere(scene);
  const told = toldAt(scene);
  // Whoever pressed Enter, what was typed is what it took; unless somebody has sent the same words before that.
  if (told !== null && !(stands && sent.step === 'text')) return told;
  if (stands) return null;
  // Text alone makes no program work: somebody pressed Enter behind it.
  if (sent.step === 'text') return program?.state === 'working' && program.at > since ? program.at : null;
  const first = sent.step === 'again' ? since - enterAgainMs : since;
  if (program !== null && program.at > first && ['working', 'done', 'blocked', 'error'].includes(program.state)) {
    return program.at;
  }
  // Of one that is read off its screen the echo of the text may look like work.
  const isReaction = status.state === 'busy' || isAsking(status);
  return isTold && program === null && isReaction && status.since > first ? status.since : null;
}

function isThere({ message, screen, inputMark }: MessageScene): boolean {
  return screen !== null && isInInput(message.text, screen, inputMark);
}

/**
 * Its records will have the prompt when the program has taken it: that the text has left the input is no receipt. Gemini CLI may drop
 * what it is given in the moment in which it goes on. A command of the program (`/clear`, `!ls`) is no prompt to it.
 */
function isRecorded({ message, words }: MessageScene): boolean {
  return words?.promptAt != null && !/^[/!]/.test(message.text);
}

function accepted(scene: MessageScene): MessageStep {
  const { message, facts, status, words, now } = scene;
  const since = message.acceptedAt ?? now;
  if (words?.answerAt != null && words.answerAt >= since) return answer(words.answerAt);
  if (facts.endedAt !== null) return { do: 'wait', note: 'the session has ended' };
  if (since < facts.startedAt && !hasTakenFirst(scene)) return { do: 'wait', note: 'it has not gone on yet' };
  if (status.state === 'failed' && saysThatItFailed(scene) && status.since >= since) {
    return fail(`It was taken, and failed${status.reason === '' ? '' : `: ${status.reason}`}`, now);
  }
  if (status.state === 'done' && status.since >= since) return answer(status.since);
  if (status.state === 'idle' && status.since > since && now - status.since >= restMs) return answer(status.since);
  const isAtRest = status.state === 'idle' || status.state === 'done';
  if (isAtRest && now - Math.max(since, status.since) >= silentAnswerMs) return answer(now);
  return { do: 'wait', note: isAsking(status) || status.state === 'failed' ? status.reason : '' };
}

function accept(at: number): MessageStep {
  return { do: 'become', state: 'accepted', note: '', at };
}

function answer(at: number): MessageStep {
  return { do: 'become', state: 'answered', note: '', at };
}

function fail(note: string, at: number): MessageStep {
  return { do: 'become', state: 'failed', note, at };
}

function mayHaveBeenSent(why: string): string {
  return `It may have been sent: ${why}. Look before you send it again.`;
}
