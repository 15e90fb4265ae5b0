import { inputText, isInInput } from './input-screen.ts';
import { hasTakenFirst, type MessageScene, restMs, saysThatItFailed } from './message-scene.ts';

/**
 * Nothing is typed so soon after somebody's key, in ms: a program that reads Ctrl-U and a paste at once may delete both, and a key
 * may be followed by another.
 */
const keyMs = 600;
/**
 * A program without signals that draws a whole screen gets nothing typed before this age, in ms: opencode draws its input, and
 * once more without what was typed there, 5 to 9 s after its start.
 */
const startMs = 12_000;

/** Why nothing may be typed now, for a person; null: it may. A screen that nobody has looked at is no reason. */
export function whyNotNow(scene: MessageScene): string | null {
  const { status, facts, screen, isTold, isBehind, isPaused, now } = scene;
  if (isPaused) return 'its run is paused';
  if (!hasTakenFirst(scene)) return 'it has not taken its first prompt yet';
  const because = status.reason === '' ? '' : `: ${status.reason}`;
  switch (status.state) {
    case 'idle':
    case 'done':
      if (now - status.since < restMs) return 'it has just come to rest';
      break;
    case 'failed':
      if (!saysThatItFailed(scene)) return `it failed${because}`;
      if (now - status.since < restMs) return 'it has just failed';
      break;
    case 'unknown':
      if (isTold) return 'it does not say that it is ready';
      // A program that will draw a whole screen sets its modes long before, and drops what is typed until then.
      if (screen?.isPasteOn && screen.rows.every((row) => row.trim() === '')) return 'it shows nothing yet';
      if (screen?.isPasteOn && now - facts.startedAt < startMs) return 'it has just been started';
      break;
    case 'waiting':
      return `it waits for a person${because}`;
    case 'busy':
      return 'it is at work';
    case 'limited':
      return `its provider takes no more now${because}`;
    default:
      return `it is ${status.state}`;
  }
  if (isBehind && isTold) return 'the prompt before it is being answered';
  return draftReason(scene);
}

function draftReason(scene: MessageScene): string | null {
  const { facts, screen, inputMark, leftover, now } = scene;
  if (screen && leftover !== null && isInInput(leftover, screen, inputMark))
    return 'the prompt before it still stands in the input';
  if (now - (facts.lastInputAt ?? 0) < keyMs) return 'somebody has just typed there';
  if (screen && inputMark && inputText(screen, inputMark)) return 'there is text in its input already';
  return facts.isDrafting === true && !isSeenEmpty(scene) ? 'somebody has begun to type there' : null;
}

/** An input that is seen to be empty is believed more than what was typed: words can be deleted in many ways. */
export function isSeenEmpty({ screen, inputMark, inputHint }: MessageScene): boolean {
  if (screen === null || inputMark === null || inputText(screen, inputMark) !== '') return false;
  const behind = screen.behind.trim();
  return behind === '' || inputHint?.test(behind) === true;
}
