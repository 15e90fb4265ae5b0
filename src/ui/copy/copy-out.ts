import { asForgeError } from '../../base/errors.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';

/** Gives text to the person's clipboard. Resolves to where else it was put when it is too long for that, else to null. */
export type CopyOut = (text: string) => Promise<string | null>;

/** Copies the text and says what became of it. `what`: `12 lines`; `done`: what is said when the clipboard has it. */
export async function copyAndSay(
  model: DashboardModel,
  copyOut: CopyOut,
  { text, what, done }: { text: string; what: string; done: string },
): Promise<void> {
  try {
    const file = await copyOut(text);
    if (file === null) model.say(done, 'good');
    else model.say(`Too long for the clipboard of a terminal: the ${what} are in ${file}`);
  } catch (failure) {
    model.say(asForgeError(failure).sentence, 'bad');
  }
}
