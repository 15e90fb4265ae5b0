import type { Disposable } from '../base/disposable.ts';
import type { Screen } from './screen.ts';

/** A recording, shown as it was at any of its moments. Times are seconds since it began. */
export interface PlayedRecording extends Disposable {
  readonly title: string;
  readonly seconds: number;
  /** Another object after a jump. */
  readonly screen: Screen;
  /** The screen may have changed. */
  onChange(listener: () => void): Disposable;
  /** Shows the moment, soon: a jump takes its time in slices, and the newest wish counts. Resolves when none is left. */
  show(at: number): Promise<void>;
  /** When something happens next after `at`, or last before it; null when nothing does. */
  timeAfter(at: number): number | null;
  timeBefore(at: number): number | null;
}
